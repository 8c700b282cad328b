"""What a person at a terminal sees."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from tests.cli.command import Command, screen_of
from tests.cli.conftest import Accounts
from tests.cli.ready import ready
from tests.posix import IS_POSIX

if sys.platform == "win32" or not IS_POSIX:
    pytest.skip("needs a pseudo-terminal", allow_module_level=True)

import fcntl
import struct
import termios

pytestmark = pytest.mark.sampled(2)

CLEAR = "\r\x1b[2K"


def shown(command: Command, columns: int, *arguments: str, **environ: str) -> str:
    """What stands on a terminal of so many columns, line feeds alone at the ends of lines."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    variables = command.variables({"TERM": "xterm-256color", **environ})
    del variables["COLUMNS"]
    seen: list[bytes] = []
    # A terminal holds few bytes that nobody has read yet.
    reader = threading.Thread(target=lambda: seen.extend(screen_of(ours)))
    reader.start()
    try:
        ready().run(arguments, b"", variables, command.folder, terminal=theirs, shows=(1, 2))
    finally:
        os.close(theirs)
        reader.join()
        os.close(ours)
    data = b"".join(seen)
    command.search({"terminal": data})
    return data.decode().replace("\r\n", "\n")


@pytest.mark.parametrize("columns", [40, 80])
def test_lists_and_talk_fit_the_terminal(command: Command, columns: int) -> None:
    listed = shown(command, columns, "list", "GHA1", TERM="xterm-256color")
    heads = [line for line in listed.splitlines() if line.startswith("GHA")]
    assert heads
    assert all(len(line) <= columns for line in listed.splitlines() if line.startswith("  "))
    arguments = ("check", "--no-local", "--select", "GHA101", "--quiet")
    told = shown(command, columns, *arguments, NO_COLOR="1")
    talk = told[: told.index("0 failed")].splitlines()
    assert len(talk) > 1
    assert all(len(line) <= columns for line in talk)
    assert all(line.startswith("  ") for line in talk[1:])


def test_progress_is_shown_and_taken_away(weak: Accounts) -> None:
    weak.github.latency = 0.03
    arguments = ("check", "--no-local", "--no-cache", "--full", *weak.urls)
    text = shown(weak.command, 80, *arguments, **weak.tokens)
    before, _, after = text.rpartition(CLEAR)
    assert " read \u00b7 " in before
    assert CLEAR not in after
    assert "failed" in after.splitlines()[-1]
    for line in before.split(CLEAR):
        assert len(line) < 80
    arguments += ("--select", "GHA,GHT")
    assert CLEAR in shown(weak.command, 80, *arguments, **weak.tokens)
    assert CLEAR not in shown(weak.command, 80, *arguments, "--quiet", **weak.tokens)
    assert CLEAR not in shown(weak.command, 80, *arguments, **weak.tokens, TERM="dumb")


def test_colour_is_for_terminals_that_want_it(weak: Accounts) -> None:
    arguments = ("check", "--no-local", *weak.urls, "--select", "GHA101")
    assert "\x1b[" in shown(weak.command, 80, *arguments, "-q", **weak.tokens)
    for plain in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        assert "\x1b[" not in shown(weak.command, 80, *arguments, "-q", **weak.tokens, **plain)
