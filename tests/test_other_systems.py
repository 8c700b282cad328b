"""The command on a Python that lacks what Windows' Python lacks.

This is Linux with names taken away, not Windows: files are still opened and named as here. What the
types say of all three systems, mypy sees in `.ci/run`; `tests/collectors/local` plays workstations
with Windows and macOS.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hardenme.sandbox.github.server import github_sandbox
from tests.worlds import github as scenarios

PROGRAM = """
import os, signal, sys, asyncio, ctypes, getpass, shutil, subprocess, tempfile, webbrowser
import keyring.backends, platformdirs, requests, truststore, typer
here, sys.platform = sys.platform, "win32"
import hardenme.ground.flock
sys.platform = here
for name in {lacking!r}:
    delattr(os, name)
for name in ("fcntl", "grp", "pwd", "termios", "tty") if {lacking!r} else ():
    sys.modules[name] = None
for name in ("SIGALRM", "SIGHUP", "SIGPIPE", "SIGQUIT") if {lacking!r} else ():
    delattr(signal, name)
from hardenme.__main__ import main
main()
"""
LACKING = (
    *("fchmod", "fchown", "fork", "forkpty", "getegid", "geteuid", "getgid", "getpgid"),
    *("getuid", "killpg", "listxattr", "getxattr", "openpty", "setsid", "sysconf", "uname"),
    *("O_CLOEXEC", "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK", "chown", "lchown"),
)
"""Of `os`, what Windows does not have. Source: the documentation of that module, "Availability"."""

FAULT = re.compile("Traceback|by a fault of hardenme")


def ran(
    home: Path, *arguments: str, lacking: tuple[str, ...] = LACKING, **variables: str
) -> subprocess.CompletedProcess[str]:
    program = PROGRAM.format(lacking=lacking)
    home.mkdir(exist_ok=True)
    environ = {"HOME": str(home), "PATH": os.defpath, "LANG": "C.UTF-8", **variables}
    return subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-P", "-c", program, *arguments],
        capture_output=True,
        text=True,
        env=environ,
        cwd=home,
        check=False,
    )


@pytest.mark.parametrize(
    "line",
    [
        "doctor --offline",
        "config --show-origin",
        "waive add GHA103 github:ssh-key/501 --reason safe --by hazel",
        "check local --select LOC106,LOC109,LOC110 -f csv",
        "list",
        "demo --hardened",
    ],
)
def test_the_command_answers_the_same_without_what_windows_lacks(tmp_path: Path, line: str) -> None:
    done = [
        ran(tmp_path / str(len(names)), *line.split(), lacking=names) for names in (LACKING, ())
    ]
    assert not FAULT.search(done[0].stderr)
    assert done[0].returncode == done[1].returncode != 2
    without, here = ([x for x in one.stdout.splitlines() if "UTC" not in x] for one in done)
    assert without[:3] == here[:3]


def test_files_are_kept_and_read_again(tmp_path: Path) -> None:
    home = tmp_path / "home"
    world = scenarios.hardened_maintainer(datetime.now(UTC))
    with github_sandbox(world) as server:
        done = ran(
            home,
            *("check", "--no-local", "--select", "GHA1", "--github-url", server.url, "-f", "json"),
            HARDENME_GITHUB_TOKEN=scenarios.HARDENED_TOKEN,
        )
    assert not FAULT.search(done.stderr)
    again = ran(home, "show", "-f", "json")
    assert json.loads(again.stdout)["findings"] == json.loads(done.stdout)["findings"]
