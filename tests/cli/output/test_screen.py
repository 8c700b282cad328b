"""What `check` prints where nobody asks for more."""

from __future__ import annotations

import re

import pytest

from hardenme.sandbox.http import Reply, Request
from tests.cli.conftest import Accounts

pytestmark = pytest.mark.sampled(4)

FEW = ("--select", "GHA")


def forbidden(_request: Request, _reply: Reply) -> Reply:
    return Reply(403, {"message": "Forbidden"})


@pytest.mark.sampled(3)
@pytest.mark.parametrize(("columns", "most"), [("100", 40), ("80", 60), ("40", 100)])
def test_one_screen_whatever_was_found(weak: Accounts, columns: str, most: int) -> None:
    ran = weak.screen(COLUMNS=columns, **weak.tokens)
    lines = ran.out.splitlines()
    assert len(lines) <= most
    assert sum(line.startswith("AT RISK") for line in lines) == 1
    assert ran.code == 1
    last = " ".join(lines[-3:])
    assert "Exit code 1: " in last
    assert "findings are critical or high" in last


def test_a_file_and_full_hold_everything(weak: Accounts) -> None:
    file = weak.command.folder / "report.txt"
    weak.screen(*FEW, "-o", str(file), **weak.tokens)
    full = weak.screen(*FEW, "--full", **weak.tokens)
    assert "To fix" in file.read_text()
    for text in (file.read_text(), full.out, weak.screen(*FEW, "-f", "table", **weak.tokens).out):
        assert "GHA101" in text
        assert "coverage" in text


def test_the_screen_is_written_where_it_is_named(weak: Accounts) -> None:
    file = weak.command.folder / "screen.txt"
    printed = weak.screen(*FEW, **weak.tokens).out
    weak.screen(*FEW, "-f", "screen", "-o", str(file), FORCE_COLOR="1", **weak.tokens)
    assert without_time(file.read_text()) == without_time(printed)
    weak.command("show", "-f", "screen", "-o", str(file))
    shown = weak.command("show")
    assert file.read_text() == shown.out


def without_time(text: str) -> list[str]:
    """The lines of a screen, without when it was made."""
    return [line for line in text.splitlines() if not re.search(r"\d\d:\d\d(:\d\d)?", line)]


def test_nothing_found_and_nothing_known(hardened: Accounts) -> None:
    clean = hardened.screen("--select", "GHA101,GHA105", **hardened.tokens)
    assert "CLEAN" in clean.out
    assert clean.out.splitlines()[-1] == "Exit code 0: no finding is critical or high"
    hardened.github.fault("/user/keys", edit=forbidden)
    ran = hardened.screen("--select", "GHA104", "--allow-unknown", "GHA104", **hardened.tokens)
    assert ran.code == 0
    assert "CLEAN" not in ran.out
    assert "NOT KNOWN GitHub lets this token read nothing that was asked for." in ran.out


def test_no_credential_says_so_and_how_to_sign_in_on_the_last_lines(weak: Accounts) -> None:
    ran = weak.screen()
    assert ran.code == 4
    *_, said, start = ran.out.splitlines()
    assert said == "Exit code 4: no credential was accepted"
    assert start == "START     hardenme auth login: 142 of 142 results need a token"


def test_a_target_that_is_not_there_is_one_note(weak: Accounts) -> None:
    ran = weak.screen("me", "github:nosuch", *FEW, **weak.tokens)
    (note,) = [line for line in ran.out.splitlines() if line.startswith("NOTE")]
    assert note.split(maxsplit=1)[1] == "github:nosuch: not found, or not visible to this token"


def test_a_target_that_is_not_there_is_said_first(weak: Accounts) -> None:
    ran = weak.screen("github:nosuch", *FEW, **weak.tokens)
    assert ran.code == 5
    assert ran.told[0].startswith("hardenme: github:nosuch: not found, or not visible")
    assert "CLEAN" not in ran.out


def test_colour_and_unicode_are_for_terminals_that_want_them(weak: Accounts) -> None:
    assert "\x1b" not in weak.screen(*FEW, **weak.tokens).out
    coloured = weak.screen(*FEW, FORCE_COLOR="1", **weak.tokens).out
    assert "\x1b[" in coloured
    plain = weak.screen(*FEW, FORCE_COLOR="1", NO_COLOR="1", LANG="C", **weak.tokens).out
    assert "\x1b" not in plain
