"""What Python prints by itself goes the way of all other output: redacted, in a line."""

from __future__ import annotations

import subprocess
import sys

from tests.cli.command import Command

PROGRAM = """
import logging, sys, threading, warnings
from hardenme.cli.terminal.guards import guard, quiet_libraries
from hardenme.model.secret import Secret
value = "CANARY-of-no-known-format"
Secret(value)
guard()
quiet_libraries()
warnings.simplefilter("always")
warnings.warn(f"old {value}\\nin lines")
logging.getLogger("a.library").error("no %s", value)
logging.getLogger("a.library").error("%d", value)
logging.warning("by the root %s", value)
logging.getLogger("a.library").error("again %s", value)
def fails():
    raise ValueError(value) from KeyError(value)
thread = threading.Thread(target=fails, name=value)
thread.start()
thread.join()
class Thing:
    def __del__(self):
        raise RuntimeError(value)
Thing()
sys.stderr.flush()
raise LookupError(value)
"""


def test_nothing_is_printed_past_the_console(command: Command) -> None:
    done = subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        env=command.variables({}),
        cwd=command.folder,
        check=False,
    )
    told = done.stderr.splitlines()
    assert done.returncode == 1
    assert done.stdout == ""
    assert told[0] == "hardenme: UserWarning: old [redacted]\\nin lines"
    faults = [line.split(": ")[2].partition(";")[0] for line in told[1:]]
    assert faults == ["ValueError", "RuntimeError", "LookupError"]
    # The crash files lie in the home, and are searched too.
    command.search({"stdout": done.stdout.encode(), "stderr": done.stderr.encode()})
    assert list(command.home.rglob("crash-*.txt"))


def test_the_script_sets_them_up(command: Command) -> None:
    program = (
        "import sys, warnings, threading, resource\n"
        "from hardenme.__main__ import main\n"
        "sys.argv = ['hardenme', 'list']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "hooks = (warnings.showwarning, sys.excepthook, sys.unraisablehook, threading.excepthook)\n"
        "assert {hook.__module__ for hook in hooks} == {'hardenme.cli.terminal.guards'}, hooks\n"
        "assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)\n"
    )
    done = subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env=command.variables({}),
        cwd=command.folder,
        check=False,
    )
    assert done.returncode == 0, done.stderr
