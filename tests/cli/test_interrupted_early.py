"""Ctrl-C at any moment while the program loads: it ends, and prints no traceback."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.posix import ON_POSIX

pytestmark = [ON_POSIX, pytest.mark.second_tier("interrupts processes")]
PROGRAM = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
class Interrupt:
    number = 0
    def find_spec(self, name, path=None, target=None):
        self.number += 1
        if self.number == {at}:
            os.kill(os.getpid(), signal.SIGINT)
from hardenme.__main__ import main
sys.meta_path.insert(0, Interrupt())
sys.argv = ["hardenme", "list"]
main()
"""
STARTED = """
import sys
before = set(sys.modules)
import hardenme.__main__
print(*sorted(set(sys.modules) - before - set(sys.builtin_module_names)))
"""
STEPS = (1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144)
"""At which import the interrupt comes. `list` needs more than the last of them."""


def test_nothing_is_read_before_an_interrupt_is_looked_after() -> None:
    done = subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-I", "-c", STARTED], capture_output=True, text=True, check=True
    )
    own = {"__future__", "hardenme", "hardenme.__main__"}
    assert set(done.stdout.split()) == own, "before that, Ctrl-C prints a traceback"


@pytest.mark.parametrize("at", STEPS)
def test_an_interrupt_while_it_loads_prints_no_traceback(tmp_path: Path, at: int) -> None:
    done = subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-P", "-c", PROGRAM.format(at=at)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert done.returncode in {-signal.SIGINT, 130}
    assert done.stdout == ""


def test_an_interrupt_that_is_ignored_stays_ignored(tmp_path: Path) -> None:
    program = PROGRAM.replace("signal.default_int_handler", "signal.SIG_IGN").format(at=2)
    done = subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-P", "-c", program],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "GHA101" in done.stdout
