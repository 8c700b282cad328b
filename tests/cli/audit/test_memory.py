"""No core dump holds a token, whatever the limits were when the process began."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import SCRIPT, Command, until
from tests.cli.conftest import Accounts

PROGRAM = """
import ctypes, os, resource, subprocess, sys
from pathlib import Path
from hardenme.credentials.chain import TokenChain
prctl = ctypes.CDLL(None).prctl
GET, SET = 3, 4
resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2)
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
    prctl(SET, 1, 0, 0, 0)
assert prctl(GET, 0, 0, 0, 0) == 1
assert os.stat("/proc/self/environ").st_uid == os.getuid()
TokenChain({}, None)
assert prctl(GET, 0, 0, 0, 0) == 0
assert os.stat("/proc/self/environ").st_uid == os.stat("/proc/self/mem").st_uid == 0
assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
limit = subprocess.run(["/bin/sh", "-c", "ulimit -c; ulimit -Hc"], capture_output=True).stdout
assert limit.split() == [b"0", b"0"], limit
"""

RAISING = ("/bin/sh", "-c", 'ulimit -c unlimited 2>/dev/null; exec "$0" "$@"')

linux = pytest.mark.skipif(sys.platform != "linux", reason="prctl and /proc are Linux's")


@linux
def test_with_a_chain_the_memory_is_closed_to_others(command: Command) -> None:
    done = subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        env=command.variables({}),
        cwd="/",
        check=False,
    )
    assert done.returncode == 0, done.stderr


@linux
def test_a_run_that_is_aborted_leaves_no_core(weak: Accounts, tmp_path: Path) -> None:
    weak.github.fault(".*", stall=30.0)
    where = tmp_path / "cores"
    where.mkdir()
    process = subprocess.Popen(  # noqa: S603 (a shell that raises the limit, and our own script)
        [*RAISING, SCRIPT, "check", "--no-local", *weak.urls],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=weak.command.variables(weak.tokens),
        cwd=where,
    )
    try:
        until(lambda: bool(weak.github.requests))
        limits = Path(f"/proc/{process.pid}/limits").read_text()
        (line,) = [line for line in limits.splitlines() if line.startswith("Max core file size")]
        assert line.split()[4:6] == ["0", "0"]
    finally:
        process.send_signal(signal.SIGABRT)
    _, status = os.waitpid(process.pid, 0)
    process.returncode = -signal.SIGABRT
    assert os.WIFSIGNALED(status)
    assert not os.WCOREDUMP(status)
    assert list(where.iterdir()) == []


def test_where_there_are_no_such_limits_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    from hardenme.credentials import memory  # noqa: PLC0415 (its cache is emptied)

    monkeypatch.setitem(sys.modules, "resource", None)
    monkeypatch.setattr(sys, "platform", "win32")
    memory.close_to_others.cache_clear()
    memory.close_to_others()
