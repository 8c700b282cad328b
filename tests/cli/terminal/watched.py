"""Runs the console script under an audit hook: which files it opens, what it starts and imports.

That nothing comes of a file shows only what was tried; that it was never opened shows the rest.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from tests.cli.command import Command, Ran

HOOK = """
import json, os, sys
_log = os.open({log!r}, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
_STARTS = ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "os.fork",
           "os.forkpty", "os.startfile", "pty.spawn")

def _text(value):
    return os.fsdecode(value) if isinstance(value, (str, bytes, os.PathLike)) else str(value)

def _watch(event, values):
    if event == "open":
        what = _text(values[0])
    elif event in _STARTS:
        what = _text(values[0]) if values else ""
    elif event == "import":
        what = values[0]
    elif event == "socket.connect":
        what = str(values[1])
    else:
        return
    os.write(_log, (json.dumps([event, what]) + "\\n").encode())

sys.addaudithook(_watch)
"""


@dataclass(frozen=True, slots=True)
class Watched:
    """What a run came to, and what it did.

    Attributes:
        ran: the run.
        events: every event of the hook, with what it was about.
        folder: the working directory.
    """

    ran: Ran
    events: tuple[tuple[str, str], ...]
    folder: Path

    def opened(self) -> set[Path]:
        """The files that it opened, as absolute paths."""
        return {self.folder / what for event, what in self.events if event == "open"}

    def started(self) -> list[str]:
        """The programs that it started."""
        quiet = {"open", "import", "socket.connect"}
        return [what for event, what in self.events if event not in quiet]

    def imported(self) -> set[str]:
        """The modules that it looked for."""
        return {what for event, what in self.events if event == "import"}


def watched(command: Command, place: Path, *arguments: str, **environ: str) -> Watched:
    """Run the console script to its end, and watch it; the hook lies in `place`."""
    log = place / "events.jsonl"
    log.unlink(missing_ok=True)
    (place / "sitecustomize.py").write_text(HOOK.format(log=str(log)))
    ran = command(*arguments, **{"PYTHONPATH": str(place), **environ})
    events = [json.loads(line) for line in log.read_text().splitlines()]
    assert any(event == "import" for event, _ in events), "the hook saw nothing"
    return Watched(ran, tuple((event, what) for event, what in events), command.folder)


def planted_program(path: Path, marker: Path) -> Path:
    """A program that leaves a marker where somebody runs it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n: > {marker}\n")
    path.chmod(0o755)
    assert os.access(path, os.X_OK)
    return path
