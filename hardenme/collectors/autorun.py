"""Files by which an editor or an agent runs a command as soon as it opens a folder.

Nothing of a command is kept: only where in the file one is started, by the file's own names.

Sources: https://code.claude.com/docs/en/hooks (`SessionStart`),
https://code.visualstudio.com/docs/debugtest/tasks (`runOn`), https://cursor.com/docs/agent/hooks,
https://github.com/google-gemini/gemini-cli/blob/main/docs/hooks/index.md (`SessionStart`)
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

SESSION = "SessionStart"
RUN_ON = "runOn"
AT_ONCE = frozenset({"folderOpen", "worktreeCreated"})
"""When VS Code starts a task by itself."""
ASKED_FOR = "default"
TOKEN = re.compile(
    r"""(?P<kept>"(?:[^"\\]|\\.)*+(?:"|\\?\Z))|//[^\n\r]*|/\*.*?(?:\*/|\Z)""", re.DOTALL
)
"""A string, or a comment, which may be open up to the end."""
COMMA = re.compile(r"""(?P<kept>"(?:[^"\\]|\\.)*+(?:"|\\?\Z))|,(?=\s*+[}\]])""", re.DOTALL)
"""A string, or a comma behind which nothing follows."""


class AutorunFileError(Exception):
    """A file that is not understood, with what is wrong with it."""


def session_start(data: dict[str, Any]) -> Iterator[str]:
    """The hooks with which a session starts, of Claude Code and of Gemini CLI."""
    if _hooks(data).get(SESSION):
        yield SESSION


def any_hook(data: dict[str, Any]) -> Iterator[str]:
    """The hooks of Cursor, of whichever event."""
    yield from (event for event, commands in _hooks(data).items() if commands)


def tasks(data: dict[str, Any]) -> Iterator[str]:
    """The tasks of VS Code that nobody has to start, wherever in the file they stand."""
    waiting: list[Any] = [data]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            when = part.get(RUN_ON, ASKED_FOR)
            if when in AT_ONCE:
                yield f"{RUN_ON}: {when}"
            elif when != ASKED_FOR:
                raise AutorunFileError(f"`{RUN_ON}` has a value that is not known")
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)


Reader = Callable[[dict[str, Any]], Iterator[str]]
TASKS = "tasks.json"
FILES: dict[str, Reader] = {
    ".claude/settings.json": session_start,
    ".claude/settings.local.json": session_start,
    ".cursor/hooks.json": any_hook,
    ".gemini/settings.json": session_start,
    f".vscode/{TASKS}": tasks,
}
"""By the path in a folder that is opened, what reads the file."""


def runs(text: str, read: Reader) -> tuple[str, ...]:
    """What a file starts by itself, in a few words each.

    Raises:
        NotUnderstoodError: it is not the JSON that is expected, comments and all.
    """
    try:
        plain = COMMA.sub(_kept, TOKEN.sub(_kept, text.removeprefix("\ufeff")))
        data = json.loads(plain, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise AutorunFileError("it is not JSON") from error
    if not isinstance(data, dict):
        raise AutorunFileError("it is not a JSON object")
    try:
        return tuple(dict.fromkeys(read(data)))
    except TypeError as error:
        raise AutorunFileError("a value in it is of a form that is not known") from error


def _kept(found: re.Match[str]) -> str:
    return found["kept"] or " "


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _hooks(data: dict[str, Any]) -> dict[str, Any]:
    hooks = data.get("hooks", {})
    if not isinstance(hooks, dict):
        raise AutorunFileError("its hooks are of a form that is not known")
    return hooks
