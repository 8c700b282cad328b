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

ROOT = Path(__file__).parent.parent
pytestmark = [pytest.mark.second_tier("starts Python as on other systems"), pytest.mark.sampled(6)]
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
for line in sys.argv[1:]:
    sys.argv = ["hardenme", *line.split()]
    try:
        main()
    except SystemExit as end:
        print(f"\\n{{end.code or 0}}{end}", end="", flush=True)
"""
END = "=== the end of a command"
LACKING = (
    *("fchmod", "fchown", "fork", "forkpty", "getegid", "geteuid", "getgid", "getpgid"),
    *("getuid", "killpg", "listxattr", "getxattr", "openpty", "setsid", "sysconf", "uname"),
    *("O_CLOEXEC", "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK", "chown", "lchown"),
)
"""Of `os`, what Windows does not have. Source: the documentation of that module, "Availability"."""

FAULT = re.compile("Traceback|by a fault of hardenme")


def ran(
    home: Path, *lines: str, lacking: tuple[str, ...] = LACKING, **variables: str
) -> list[tuple[int, str]]:
    """The code and the standard output of each line, run one after the other by one process."""
    home.mkdir(exist_ok=True)
    environ = {"HOME": str(home), "PATH": os.defpath, "LANG": "C.UTF-8", **variables}
    done = subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-P", "-c", PROGRAM.format(lacking=lacking, end=END), *lines],
        capture_output=True,
        text=True,
        env=environ,
        cwd=home,
        check=False,
    )
    assert not FAULT.search(done.stderr), done.stderr
    *answers, rest = done.stdout.split(END)
    assert (len(answers), rest) == (len(lines), ""), done.stderr
    told = (answer.rpartition("\n") for answer in answers)
    return [(int(code), text) for text, _, code in told]


def test_the_command_answers_the_same_without_what_windows_lacks(tmp_path: Path) -> None:
    lines = (
        "doctor --offline",
        "config --show-origin",
        "waive add GHA103 github:ssh-key/501 --reason safe --by hazel",
        "check local --select LOC106,LOC109,LOC110 -f csv",
        "list",
        "demo --hardened",
    )
    without, here = (
        ran(tmp_path / str(len(names)), *lines, lacking=names) for names in (LACKING, ())
    )
    for line, (code, text), (same, known) in zip(lines, without, here, strict=True):
        assert code == same != 2, line
        shown = [
            [row for row in out.splitlines() if row and "UTC" not in row] for out in (text, known)
        ]
        assert shown[0], line
        assert shown[0][:3] == shown[1][:3], line


def test_files_are_kept_and_read_again(tmp_path: Path) -> None:
    world = scenarios.hardened_maintainer(datetime.now(UTC))
    with github_sandbox(world) as server:
        (_, first), (_, again) = ran(
            tmp_path / "home",
            f"check --no-local --select GHA1 --github-url {server.url} -f json",
            "show -f json",
            HARDENME_GITHUB_TOKEN=scenarios.HARDENED_TOKEN,
        )
    assert json.loads(again)["findings"] == json.loads(first)["findings"]


def test_every_test_is_collected_without_what_windows_lacks() -> None:
    done = subprocess.run(
        [sys.executable, "-P", "tests/collected.py"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    wrong = re.findall(r"^(?:E  |ERROR ).*$", done.stdout, re.MULTILINE)
    assert (done.returncode, wrong) == (0, []), done.stderr
    for name in ("test_files.py", "test_broken_files.py"):
        assert f"tests/collectors/local/{name}: " in done.stdout


@pytest.mark.parametrize("name", ["fcntl", "resource", "termios"])
def test_a_test_that_needs_another_system_at_import_is_found(tmp_path: Path, name: str) -> None:
    (tmp_path / "test_it.py").write_text(f"import {name}\ndef test_it(): pass\n")
    done = subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-P", "tests/collected.py", str(tmp_path / "test_it.py")],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode != 0
    assert f"import of {name} halted" in done.stdout


def test_line_endings_are_the_same_on_every_system() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--eol", "-z"],  # noqa: S607
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    ).stdout.split("\0")[:-1]
    ends = {line.partition("\t")[2]: line.split()[:3] for line in listed}
    assert ends["tests/test_other_systems.py"] == ["i/lf", "w/lf", "attr/text=auto"]
    assert {name for name, (_, _, set_) in ends.items() if set_ == "attr/"} == set()
    assert {name for name, (kept, *_) in ends.items() if kept in {"i/crlf", "i/mixed"}} == set()
