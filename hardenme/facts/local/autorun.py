"""Files on this machine by which an editor or an agent runs something by itself."""

from __future__ import annotations

from dataclasses import dataclass

from hardenme.facts.local.machine import LocalFact
from hardenme.model.fact import key


@dataclass(frozen=True, slots=True, kw_only=True)
class AutorunFile(LocalFact):
    """Settings of an editor or an agent (subject `local:autorun/PATH`).

    Attributes:
        runs: what starts by itself when a folder is opened, by the file's own names; never the
            command itself.
    """

    source = "FILE .claude/settings.json, .vscode/tasks.json and the like"
    noun = "settings of an editor"

    runs: tuple[str, ...] = key("hooks", "runOn")
