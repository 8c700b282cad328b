"""Collects every test on a Python without what Windows' Python lacks, and runs none.

    .venv/bin/python -P tests/collected.py

This is Linux with names taken away. What runs at import, in the tests and in what they import, must
do without them; what a test does may need them, if it is skipped where they are not there.
"""

# ruff: noqa: E402, F401 (everything of this system is loaded before its names go)

from __future__ import annotations

import asyncio
import ctypes
import getpass
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import webbrowser

import keyring.backends
import platformdirs
import pytest
import requests
import truststore
import typer

HERE, sys.platform = sys.platform, "win32"
import hardenme.ground.flock

sys.platform = HERE
OS = (
    *("chown", "fchmod", "fchown", "fork", "forkpty", "getegid", "geteuid", "getgid"),
    *("getgrouplist", "getgroups", "getloadavg", "getpgid", "getresuid", "getuid", "getxattr"),
    *("killpg", "lchown", "listxattr", "mkfifo", "mknod", "openpty", "pipe2", "posix_spawn"),
    *("register_at_fork", "sched_getaffinity", "setgid", "setgroups", "setsid", "setuid"),
    *("statvfs", "sysconf", "ttyname", "uname", "wait4", "waitid"),
    *("O_CLOEXEC", "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK", "WNOHANG"),
)
MODULES = ("fcntl", "grp", "pty", "pwd", "resource", "syslog", "termios", "tty")
SIGNAL = (
    *("SIGALRM", "SIGCHLD", "SIGCONT", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGSTOP"),
    *("SIGTSTP", "SIGUSR1", "SIGUSR2", "alarm", "pthread_kill", "pthread_sigmask", "setitimer"),
)
"""Source: Python's documentation of each module, "Availability"."""


def main() -> int:
    """Take the names away and collect; the exit code is pytest's."""
    for module, names in ((os, OS), (signal, SIGNAL)):
        for name in names:
            # macOS has not all of them.
            vars(module).pop(name, None)
    sys.modules.update(dict.fromkeys(MODULES))  # type: ignore[arg-type]
    options = ("--collect-only", "--continue-on-collection-errors", "-qq", "-n0")
    plugins = ("-p", "no:cacheprovider", "-p", "no:syrupy")
    ignored = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
    return int(pytest.main([*options, *plugins, *ignored, *sys.argv[1:]]))


if __name__ == "__main__":
    sys.exit(main())
