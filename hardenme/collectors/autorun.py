"""Files by which an editor or an agent runs a command as soon as it opens a folder.

Nothing of a command is kept: only where in the file one is started, by the file's own names.

Source: https://code.visualstudio.com/docs/debugtest/tasks (`runOn`)
"""

from __future__ import annotations

import json
import re
from typing import Any

from hardenme.collectors.agent_settings import (
    CLAUDE,
    CURSOR_HOOKS,
    GEMINI,
    MCP,
    AutorunFileError,
    Found,
    Reader,
    Unlisted,
    by,
)
from hardenme.model.text import visible

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
LONGEST = 160
"""Characters of names that are kept."""


def tasks(data: dict[str, Any]) -> Found:
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


TASKS = "tasks.json"
FILES: dict[str, Reader] = {
    ".claude/settings.json": by(CLAUDE),
    ".claude/settings.local.json": by(CLAUDE),
    ".cursor/hooks.json": by(CURSOR_HOOKS),
    ".cursor/mcp.json": by(MCP),
    ".gemini/settings.json": by(GEMINI),
    ".vscode/mcp.json": by(MCP),
    f".vscode/{TASKS}": tasks,
}
"""By the path in a folder that is opened, what reads the file."""


def runs(text: str, read: Reader) -> tuple[str, ...]:
    """What a file starts by itself or permits unasked, in a few words each.

    Raises:
        AutorunFileError: it is not the JSON that is expected, comments and all, or has settings
            that are neither known to be harmless nor the opposite.
    """
    try:
        plain = COMMA.sub(_kept, TOKEN.sub(_kept, text.removeprefix("\ufeff")))
        data = json.loads(plain, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise AutorunFileError("it is not JSON") from error
    if not isinstance(data, dict):
        raise AutorunFileError("it is not a JSON object")
    try:
        found = dict.fromkeys(read(data))
    except (TypeError, RecursionError) as error:
        raise AutorunFileError("a value in it is of a form that is not known") from error
    known = tuple(one for one in found if isinstance(one, str))
    if not known and found:
        names = ", ".join(one.name for one in found if isinstance(one, Unlisted))
        raise AutorunFileError(f"it has settings that are not known: {visible(names)[:LONGEST]}")
    return tuple(visible(one)[:LONGEST] for one in known)


def _kept(found: re.Match[str]) -> str:
    return found["kept"] or " "


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found
