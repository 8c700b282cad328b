"""Files that make an editor or an agent run a command as soon as it opens a folder.

Nothing of a command is kept: only where in the file one is started, by the file's own names.

Source: https://code.visualstudio.com/docs/debugtest/tasks (`runOn`)
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from typing import Any

from hardenme.collectors.agent_settings import (
    CLAUDE,
    CURSOR_HOOKS,
    GEMINI,
    MCP,
    Found,
    Reader,
    Unlisted,
    by,
)
from hardenme.collectors.editor_settings import CODEX, DEV_CONTAINER, envrc, startup, vscode
from hardenme.ground.errors import ContentError
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
    """The tasks of VS Code that no one has to start, wherever in the file they are."""
    waiting: list[Any] = [data]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            when = part.get(RUN_ON, ASKED_FOR)
            if when in AT_ONCE:
                yield f"{RUN_ON}: {when}"
            elif when != ASKED_FOR:
                raise ContentError(f"`{RUN_ON}` has a value that is not known")
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)


TASKS = "tasks.json"
TextReader = Callable[[str], Found]


def of_json(read: Reader) -> TextReader:
    """What reads a file of JSON, with comments and commas at ends of lists."""
    return lambda text: read(_object(text))


def of_toml(read: Reader) -> TextReader:
    """What reads a file of TOML."""

    def reads(text: str) -> Found:
        try:
            data = tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            raise ContentError("it is not TOML") from error
        return read(data)

    return reads


FILES: dict[str, TextReader] = {
    ".claude/settings.json": of_json(by(CLAUDE)),
    ".claude/settings.local.json": of_json(by(CLAUDE)),
    ".codex/config.toml": of_toml(by(CODEX)),
    ".cursor/hooks.json": of_json(by(CURSOR_HOOKS)),
    ".cursor/mcp.json": of_json(by(MCP)),
    ".devcontainer.json": of_json(by(DEV_CONTAINER)),
    ".devcontainer/devcontainer.json": of_json(by(DEV_CONTAINER)),
    ".envrc": envrc,
    ".gemini/settings.json": of_json(by(GEMINI)),
    ".idea/startup.xml": startup,
    ".mcp.json": of_json(by(MCP)),
    ".vscode/mcp.json": of_json(by(MCP)),
    ".vscode/settings.json": of_json(vscode),
    f".vscode/{TASKS}": of_json(tasks),
}
"""By the path in a folder that is opened, what reads the file."""


def workspace(data: dict[str, Any]) -> Found:
    """A workspace file of VS Code: settings and tasks like those of a folder."""
    for name, value in data.items():
        if name == "settings" and isinstance(value, dict):
            yield from vscode(value)
        elif name == "tasks" and isinstance(value, dict):
            yield from tasks(value)
        elif name not in STARTED_BY_HAND:
            yield Unlisted(name)


STARTED_BY_HAND = frozenset({"extensions", "folders", "launch"})
"""Parts of a workspace file that name folders and proposals, or wait until someone starts them."""
WORKSPACE = ".code-workspace"
CONTAINERS = ".devcontainer"
CONTAINER = "devcontainer.json"


def reader_of(path: str) -> TextReader | None:
    """What reads a file by its path in a folder that is opened; None if nothing starts by it."""
    parts = path.split("/")
    if path in FILES:
        return FILES[path]
    if len(parts) == 1 and path.endswith(WORKSPACE):
        return of_json(workspace)
    if len(parts) == 3 and (parts[0], parts[2]) == (CONTAINERS, CONTAINER):  # noqa: PLR2004 (one folder below)
        return of_json(by(DEV_CONTAINER))
    return None


def runs(text: str, read: TextReader) -> tuple[str, ...]:
    """What a file starts by itself or permits unasked, in a few words each.

    Raises:
        ContentError: it is not of the form that is expected, or has settings that are neither
            known to be harmless nor the opposite.
    """
    try:
        found = dict.fromkeys(read(text))
    except (TypeError, RecursionError) as error:
        raise ContentError("a value in it is of a form that is not known") from error
    known = tuple(one for one in found if isinstance(one, str))
    if not known and found:
        names = ", ".join(one.name for one in found if isinstance(one, Unlisted))
        raise ContentError(f"it has settings that are not known: {visible(names)[:LONGEST]}")
    return tuple(visible(one)[:LONGEST] for one in known)


def _object(text: str) -> dict[str, Any]:
    try:
        plain = COMMA.sub(_kept, TOKEN.sub(_kept, text.removeprefix("\ufeff")))
        data = json.loads(plain, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise ContentError("it is not JSON") from error
    if not isinstance(data, dict):
        raise ContentError("it is not a JSON object")
    return data


def _kept(found: re.Match[str]) -> str:
    return found["kept"] or " "


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is there twice")
    return found
