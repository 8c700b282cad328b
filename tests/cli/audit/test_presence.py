"""A person at the terminal gives npm's second factor; without a terminal nobody is asked."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest

from hardenme.cli.audit.presence import AtTheTerminal, at_the_terminal
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.page import PageForPerson
from hardenme.ground.errors import UsageError
from tests.cli.conftest import Accounts

if sys.platform == "win32":
    pytest.skip("needs a pseudo-terminal", allow_module_level=True)

PACKAGE = "npm:@hazel-grove/lantern"
PAGE = "https://www.npmjs.com/auth/cli/00000000-0000-0000-0000-000000000000"


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def keyboard() -> Iterator[tuple[Any, int]]:
    """What a person types, and where it is read."""
    ours, theirs = os.openpty()
    with os.fdopen(theirs) as stdin:
        yield stdin, ours
    os.close(ours)


def person(stdin: Any, **environ: str) -> tuple[AtTheTerminal, Terminal, list[str]]:
    err, opened = Terminal(), list[str]()
    console = Console(StringIO(), err, environ)
    return AtTheTerminal(console, PageForPerson(console, stdin, opened.append)), err, opened


def test_the_page_is_shown_and_opened_when_enter_is_pressed(keyboard: tuple[Any, int]) -> None:
    stdin, keys = keyboard
    somebody, err, opened = person(stdin, DISPLAY=":0")
    somebody.asked(PAGE, 42)
    said = " ".join(err.getvalue().split())
    assert PAGE in said
    assert "of 42 packages" in said
    assert "press Enter" in said
    somebody.idle()
    assert opened == []
    os.write(keys, b"\n")
    for _ in range(100):
        somebody.idle()
    assert opened == [PAGE]
    somebody.proven()
    os.write(keys, b"\n")
    somebody.idle()
    assert opened == [PAGE], "nothing is waited for any more"
    somebody.told(17, 42)
    assert err.getvalue().endswith("trusted publishers: 17 of 42 packages read")
    somebody.told(42, 42)
    assert err.getvalue().endswith("\r\x1b[2K")


def test_the_end_of_the_input_is_not_enter(keyboard: tuple[Any, int]) -> None:
    stdin, keys = keyboard
    somebody, _, opened = person(stdin, DISPLAY=":0")
    somebody.asked(PAGE, 1)
    os.write(keys, b"\x04")
    for _ in range(3):
        somebody.idle()
    assert opened == []


@pytest.mark.skipif(sys.platform == "darwin", reason="a browser is there")
def test_without_a_desktop_no_browser_is_offered(keyboard: tuple[Any, int]) -> None:
    stdin, keys = keyboard
    somebody, err, opened = person(stdin)
    somebody.asked(PAGE, 1)
    os.write(keys, b"\n")
    somebody.idle()
    assert opened == []
    assert "press Enter" not in err.getvalue()


def test_a_stream_that_cannot_be_waited_for_is_left_alone() -> None:
    somebody, _, opened = person(StringIO("\n"), DISPLAY=":0")
    somebody.asked(PAGE, 1)
    somebody.idle()
    assert opened == []


def test_who_can_be_asked(keyboard: tuple[Any, int]) -> None:
    stdin, _ = keyboard
    here, dumb = (
        Console(StringIO(), Terminal(), {}),
        Console(StringIO(), Terminal(), {"TERM": "dumb"}),
    )
    assert at_the_terminal(here, stdin, "")
    for console, stream, stdin_for in (
        (here, None, ""),
        (here, StringIO(), ""),
        (here, stdin, "npm"),
        (dumb, stdin, ""),
        (Console(StringIO(), StringIO(), {}), stdin, ""),
    ):
        with pytest.raises(UsageError, match="needs a terminal"):
            at_the_terminal(console, stream, stdin_for)


def test_without_a_terminal_it_says_why_and_asks_nothing(hardened: Accounts) -> None:
    ran = hardened.check(PACKAGE, "--interactive")
    assert ran.code == 2
    assert "needs a terminal" in ran.err
    assert hardened.asked == 0


def test_what_one_run_was_shown_serves_the_next(hardened: Accounts) -> None:
    arguments = (PACKAGE, "--select", "NPP102", "--format", "json", "--output", "given.json")
    ran = hardened.command.at_a_terminal(
        "check", "--no-local", *hardened.urls, *arguments, "--interactive", **hardened.tokens
    )
    assert ran.code == 0, ran.err
    assert f"{hardened.npm.url}/auth/cli/" in ran.err
    asked = [r for r in hardened.npm.requests if r.path.endswith("/trust")]
    (password,) = {r.headers["npm-otp"] for r in asked if "npm-otp" in r.headers}
    assert password not in ran.err
    assert password.encode() not in b"".join(
        path.read_bytes() for path in hardened.command.home.rglob("*") if path.is_file()
    )
    hardened.npm.requests.clear()
    ran = hardened.check(*arguments)
    assert ran.code == 0
    (finding,) = json.loads((hardened.command.folder / "given.json").read_text())["findings"]
    assert finding["outcome"] == "passed"
    assert not [r for r in hardened.npm.requests if r.path.endswith("/trust")]
