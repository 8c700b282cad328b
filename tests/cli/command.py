"""Runs the console script as a user does, and looks for tokens in all that it leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tests import tiers
from tests.canaries import State, left_behind, state
from tests.canary_forms import seen
from tests.cli.ready import ready

SCRIPT = Path(sys.executable).parent / "hardenme"
LONGEST_RUN = 300.0
STANDING = """from datetime import datetime
from hardenme.ground import clock
moment = datetime.fromisoformat({!r})
clock.now = lambda: moment
from hardenme.__main__ import main
main()"""
STARTING = ("LANG", "LC_", "PYTHON", "TZ")
"""How variables begin that tell Python how to start."""


def script(now: datetime | None = None) -> tuple[str, ...]:
    """What runs the command: the console script, or what it does with a clock that stands."""
    if now is None:
        return (str(SCRIPT),)
    return (sys.executable, "-P", "-c", STANDING.format(now.isoformat()))


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run of the command came to."""

    code: int
    out: str
    err: str

    @property
    def told(self) -> list[str]:
        """The lines of standard error."""
        return self.err.splitlines()


@dataclass(slots=True)
class Command:
    """The console script with a home of its own and nothing of the tester's environment.

    Attributes:
        home: the user's home.
        folder: the working directory.
        environ: variables of every run.
        before: what files there were when the last run began.
        now: where its clock stands; None for the machine's own clock.
    """

    home: Path
    folder: Path
    environ: dict[str, str] = field(default_factory=dict)
    before: State = field(default_factory=dict)
    now: datetime | None = None

    @classmethod
    def within(cls, above: Path) -> Command:
        """One whose home and working directory are made in a folder."""
        home, folder = above / "home", above / "here"
        home.mkdir()
        folder.mkdir()
        return cls(home, folder)

    @property
    def places(self) -> tuple[Path, ...]:
        """Where a run may write: the folder of the test, which holds the home and the other."""
        above = self.home.parent
        return (above,) if self.folder.parent == above else (self.home, self.folder)

    def __call__(self, *arguments: str, text: str | bytes = "", **environ: str) -> Ran:
        """Run it to its end, and look for tokens in what it leaves.

        Where nothing is asked of how Python starts, it is run by a process that has loaded it.
        """
        data = text if isinstance(text, bytes) else text.encode()
        variables = self.variables(environ)
        if not any(name.startswith(STARTING) for name in {*environ, *self.environ}):
            code, out, err, children = ready().run(
                arguments, data, variables, self.folder, self.now
            )
            self.search({"the start of another program": children})
            return self.ended(code, out, err)
        done = subprocess.run(  # noqa: S603 (our own script)
            [*script(self.now), *arguments],
            input=data,
            capture_output=True,
            env=variables,
            cwd=self.folder,
            timeout=LONGEST_RUN,
            check=False,
        )
        return self.ended(done.returncode, done.stdout, done.stderr)

    def variables(self, more: Mapping[str, str]) -> dict[str, str]:
        """The environment of a run that begins now."""
        self.begins()
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "COLUMNS": "100",
            **self.environ,
            **more,
        }

    def begins(self) -> None:
        """A run begins: what lies here already was planted by the test."""
        self.before = state(*self.places)
        tiers.STARTED.append(tiers.COMMAND)

    def start(self, *arguments: str, **environ: str) -> subprocess.Popen[bytes]:
        """Start it and do not wait."""
        # A shell starts background jobs with Ctrl-C ignored, and children inherit that.
        previous = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            return subprocess.Popen(  # noqa: S603 (our own script)
                [*script(self.now), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=self.variables(environ),
                cwd=self.folder,
            )
        finally:
            signal.signal(signal.SIGINT, previous)

    def interrupted(
        self,
        number: signal.Signals,
        ready: Callable[[], bool],
        *arguments: str,
        **environ: str,
    ) -> Ran:
        """Start it, send a signal as soon as it is `ready`, and wait for its end."""
        process = self.start(*arguments, **environ)
        try:
            until(ready)
            process.send_signal(number)
            out, err = process.communicate(timeout=LONGEST_RUN)
        finally:
            process.kill()
            process.wait()
        return self.ended(process.returncode, out, err)

    def at_a_terminal(self, *arguments: str, **environ: str) -> Ran:
        """Run it to its end with a person's terminal on standard input and standard error."""
        ours, theirs = os.openpty()
        shown: list[bytes] = []
        # A terminal holds few bytes that nobody has read yet.
        reader = threading.Thread(target=lambda: shown.extend(screen_of(ours)))
        reader.start()
        try:
            code, out, _, children = ready().run(
                arguments,
                b"",
                self.variables({"TERM": "xterm", **environ}),
                self.folder,
                self.now,
                terminal=theirs,
            )
        finally:
            os.close(theirs)
            reader.join()
            os.close(ours)
        self.search({"the start of another program": children})
        return self.ended(code, out, b"".join(shown))

    def ended(self, code: int, out: bytes, err: bytes) -> Ran:
        """What a run came to, once it is known to hold no token and no traceback."""
        self.search({"stdout": out, "stderr": err})
        assert b"Traceback" not in err, err.decode(errors="replace")
        assert b"Traceback" not in out
        return Ran(code, out.decode(errors="replace"), err.decode(errors="replace"))

    def search(self, streams: Mapping[str, bytes]) -> None:
        """Fail where a token shows in what was printed, or in a file that the run wrote."""
        for name, text in streams.items():
            assert not (form := seen(text)), f"a canary ({form}) in {name}"
        found = list(left_behind(self.before, *self.places))
        assert found == []


def screen_of(terminal: int) -> Iterator[bytes]:
    """What a terminal shows, until nobody holds its other end."""
    while True:
        try:
            data = os.read(terminal, 65536)
        except OSError:
            return
        if not data:
            return
        yield data


def until(ready: Callable[[], bool], patience: float = 120.0) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + patience
    while not ready():
        assert time.monotonic() < end, "it never became true"
        time.sleep(0.01)
