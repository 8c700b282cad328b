"""What changed since the run before: `check`, `show`, `fix --again` and `diff` agree."""

from __future__ import annotations

import re

from hardenme.model.text import disguised
from tests.cli.conftest import Accounts

CODES = ("--select", "GHA103,GHA104,GHA105,GHA110")
SINCE = re.compile(r"^SINCE +(?:\d\d \w+, )?\d\d:\d\d +(.*)", re.MULTILINE)


def since(text: str) -> str:
    """What the screen says of it, on however many lines; empty for nothing."""
    found = SINCE.search(text)
    rest = text[found.start() :].split("\n\n", maxsplit=1)[0] if found else ""
    return " ".join(rest.split())


def test_each_place_says_the_same_of_what_changed_since_the_run_before(weak: Accounts) -> None:
    first = weak.screen(*CODES, **weak.tokens)
    assert not since(first.out), "there is nothing to compare with"
    unchanged = weak.screen(*CODES, **weak.tokens)
    assert "0 fixed, 0 new, 0 worse" in since(unchanged.out)
    number = re.findall(r"^ *(\d+)  [a-z2-7]{6} Replace or delete", unchanged.out, re.MULTILINE)[0]
    (login,) = [one for one in weak.github.world.users if one.login == "mallow"]
    # What may be someone else's is a step of its own.
    login.ssh_keys[:] = [one for one in login.ssh_keys if disguised(one.title)]
    assert "is closed" in weak.command("fix", number, "--again", **weak.tokens).out
    shown = since(weak.command("show").out)
    again = since(weak.screen(*CODES, **weak.tokens).out)
    fixed = re.search(r"(\d+) fixed, 0 new, 0 worse", again)
    assert fixed is not None
    assert int(fixed[1]) > 0
    assert fixed[0] in shown, "the run that a step was read again of says what the next one does"
    assert "fixed: " in again
    compared = weak.command("diff", "last", "-f", "line")
    assert compared.code == 0
    counted = sum(map(int, re.findall(r"(\d+) (?:fixed|gone)", compared.out)))
    assert counted == int(fixed[1])
    assert "Earlier: run 2. " in compared.err
    assert "Later: run 4. " in compared.err
    by_number = weak.command("diff", "1", "-f", "line")
    assert "Earlier: run 1. " in by_number.err
    assert by_number.out == compared.out
    itself = weak.command("diff", "4")
    assert (itself.code, itself.out) == (2, "")
    assert "Both are run 4. Name an earlier run" in itself.err
    missing = weak.command("diff", "9")
    assert missing.code == 2
    assert "no run 9 is kept; these are kept: 4 (" in missing.err


def test_a_run_without_an_earlier_one_of_its_targets_says_nothing(weak: Accounts) -> None:
    weak.screen("--select", "GHA103", **weak.tokens)
    other = weak.command("diff", "last")
    assert other.code == 2
    assert "No earlier run of the same targets" in other.err


def test_a_run_that_could_not_sign_in_is_compared_by_no_number(weak: Accounts) -> None:
    weak.screen(*CODES, **weak.tokens)
    refused = {name: f"{token[:-1]}X" for name, token in weak.tokens.items()}
    assert weak.screen(*CODES, **refused).code == 4
    for words in (("diff", "2"), ("incident", "open", "night", "--from", "2")):
        done = weak.command(*words)
        assert (done.code, done.out) == (2, ""), words
        assert "run 2 could not sign in: " in done.err
        assert "refused the token (401)" in done.err


def test_what_a_weaker_token_did_not_show_is_first_looked_at_and_not_new(weak: Accounts) -> None:
    (token,) = [one for one in weak.github.world.tokens if one.value in weak.tokens.values()]
    scopes, token.scopes = token.scopes, frozenset()
    # It still shows itself: a run that saw nothing at all is not compared.
    codes = "--select", f"{CODES[1]},GHT102"
    less = weak.screen(*codes, **weak.tokens)
    assert "NOT KNOWN" in less.out
    token.scopes = scopes
    said = since(weak.screen(*codes, **weak.tokens).out)
    assert "0 fixed, 0 new, 0 worse" in said
    assert re.search(r"[1-9]\d* first looked at", said), said
