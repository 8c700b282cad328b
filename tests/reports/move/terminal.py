"""A person at a terminal who runs the script of a move, and a clock that only waiting moves."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hardenme.reports.move.script import script

CLOCK = """\
#!/bin/sh
read -r now <"$MOVE_CLOCK"
{what}
"""
DATE = CLOCK.format(what='echo "$now"')
SLEEP = CLOCK.format(what='echo $((now + $1)) >"$MOVE_CLOCK"')
QUESTION = re.compile(rb"\[y/N\] $")
PROMPT = b"npm asks for 2FA."
"""What the script says before npm asks for a one-time password."""
AGREED = "y"
INTERRUPT = "interrupt"
"""In place of an answer: Ctrl-C."""
KILL = "kill"
"""In place of an answer: the script and all that it started are killed."""
SIGNALS = {INTERRUPT: "SIGINT", KILL: "SIGKILL"}
Answer = str | Callable[[], str]
"""What the person types, or what they do before they type it."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A run of the script.

    Attributes:
        said: all that stood on the terminal.
        prompts: how often npm asked for a one-time password.
    """

    code: int
    said: str
    prompts: int


@dataclass(slots=True)
class Terminal:
    """A folder with the script and a table, and the programs that it finds.

    Attributes:
        now: what the clock shows at first, in seconds.
        shell: what runs the script.
    """

    folder: Path
    now: int
    shell: str = "sh"
    programs: Path = field(init=False)
    clock: Path = field(init=False)

    def __post_init__(self) -> None:
        self.programs, self.clock = self.folder / "programs", self.folder / "clock"
        self.programs.mkdir()
        for name, text in (("date", DATE), ("sleep", SLEEP)):
            self.install(name, text)
        self.set_clock(self.now)
        (self.folder / "move.sh").write_text(script(), encoding="utf-8")

    def install(self, name: str, text: str) -> None:
        """Put a program where the script finds it first."""
        (self.programs / name).write_text(text)
        (self.programs / name).chmod(0o700)

    def set_clock(self, seconds: int) -> None:
        """Set the clock."""
        self.clock.write_text(f"{seconds}\n")

    def pass_hours(self, hours: int) -> None:
        """Let time pass."""
        self.set_clock(int(self.clock.read_text()) + hours * 3600)

    def table(self, *rows: str) -> None:
        """Write the table."""
        (self.folder / "move.txt").write_text("".join(f"{row}\n" for row in rows))

    @property
    def lock(self) -> Path:
        """What a run has while it is at work."""
        return self.folder / "move.lock"

    @property
    def record(self) -> list[list[str]]:
        """The events that were written down."""
        file = self.folder / "move.record"
        lines = file.read_text().splitlines() if file.exists() else []
        return [line.split("\t") for line in lines]

    def run(
        self,
        *arguments: str,
        environ: Mapping[str, str] | None = None,
        answers: Sequence[Answer] | None = None,
    ) -> Ended:
        """Run the script to its end.

        Args:
            environ: what npm needs.
            answers: what the person answers in turn; None for always yes.
        """
        ours, theirs = os.openpty()
        given = None if answers is None else list(answers)
        variables = {
            "HOME": str(self.folder),
            "TMPDIR": str(self.folder),
            "TERM": "dumb",
            **(environ or {}),
            "MOVE_CLOCK": str(self.clock),
            "PATH": f"{self.programs}:{os.environ['PATH']}",
        }
        # What runs in the background ignores Ctrl-C, and so would the script that it starts.
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        process = subprocess.Popen(  # noqa: S603 (our own script)
            [shutil.which(self.shell) or self.shell, "move.sh", *arguments],
            cwd=self.folder,
            env=variables,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        said = b""
        while part := _read(ours):
            said += part
            if QUESTION.search(said):
                next_one = AGREED if given is None else given.pop(0)
                answer = next_one if isinstance(next_one, str) else next_one()
                if answer in SIGNALS:
                    os.killpg(process.pid, signal.Signals[SIGNALS[answer]])
                else:
                    os.write(ours, f"{answer}\n".encode())
                said += b"\n"
        os.close(ours)
        code = process.wait()
        text = said.decode(errors="replace").replace("\r\n", "\n")
        return Ended(code, text, said.count(PROMPT))


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:
        # Nobody holds the other end any more.
        return b""


def row(package: str, batch: str = "1", **named: str) -> str:
    """A row of the table."""
    own = {
        "repository": "acme/lib",
        "workflow": "release.yml",
        "permission": "stage",
        "environment": "npm",
    } | named
    return " ".join((batch, package, *own.values()))
