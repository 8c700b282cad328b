"""Targets that there are not, or that the token does not see."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from hardenme.engine.target import FORMS
from tests.cli.command import Command
from tests.cli.conftest import Accounts
from tests.worlds.github import HARDENED_CLASSIC

pytestmark = pytest.mark.sampled(5)

SAID = "not found, or not visible to this token"
NOWHERE = ["github:nosuch", "github:hazel/nosuch", "npm:nosuchpkg", "npm:@hazel-grove/nosuch"]


def first(name: str) -> str:
    return f"hardenme: {name}: {SAID}. Check the name, then `hardenme auth status`."


def loaded(text: str) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(text)
    return report


@pytest.mark.sampled(3)
@pytest.mark.parametrize("target", [*NOWHERE, "npm:@nosuch"])
def test_a_target_that_is_not_there_is_said_first_and_alone(
    hardened: Accounts, target: str
) -> None:
    ran = hardened.check(target)
    assert ran.code == 5
    assert ran.told == [first(target)]
    head = ran.out[: ran.out.index("──")] if "──" in ran.out else ran.out
    assert f"\n{target}: {SAID}\n" in head
    assert "No check failed" not in ran.out
    machine = hardened.check(target, "-f", "json")
    assert (machine.code, machine.told) == (5, [first(target)])
    assert loaded(machine.out)["warnings"][0] == f"{target}: {SAID}"


def test_of_an_owner_that_is_not_there_nothing_more_is_asked(hardened: Accounts) -> None:
    hardened.check("github:nosuch")
    assert [request.path for request in hardened.github.requests] == ["/user", "/users/nosuch"]
    found = loaded(hardened.check("github:nosuch", "-f", "json").out)
    assert found["findings"] == []


@pytest.mark.sampled(2)
@pytest.mark.parametrize("target", NOWHERE)
def test_among_others_it_is_said_first_and_counts(hardened: Accounts, target: str) -> None:
    well = ("me", "--select", "GHA104,GHR101,NPP109", "--allow-unknown", "NOT_VISIBLE")
    assert hardened.check(*well).code == 0
    ran = hardened.check(target, *well, "-f", "json")
    assert (ran.code, ran.told) == (3, [first(target)])
    report = loaded(ran.out)
    assert report["warnings"][0] == f"{target}: {SAID}"
    assert "passed" in {item["outcome"] for item in report["findings"]}
    table = hardened.check(target, *well)
    assert table.out.index(SAID) < table.out.index("NOT KNOWN")


def test_a_finding_counts_before_it(weak: Accounts) -> None:
    ran = weak.check("me", "npm:nosuchpkg", "--select", "GHA101,NPP109")
    assert ran.code == 1
    assert ran.told == [first("npm:nosuchpkg")]


def test_several_are_each_said(hardened: Accounts) -> None:
    ran = hardened.check(*NOWHERE)
    assert ran.code == 5
    assert ran.told == [first(name) for name in NOWHERE]


def test_what_is_there_and_refused_is_not_called_absent(hardened: Accounts) -> None:
    ran = hardened.bare("npm:@hazel-grove")
    assert SAID not in ran.err + ran.out
    assert ran.code != 5
    without = hardened.bare("github:nosuch")
    assert SAID not in without.err
    assert without.code == 4
    hardened.github.fault("/users/willow-works", hang_up=True)
    asked = hardened.check("github:willow-works", "--select", "GHO101")
    assert SAID not in asked.err
    assert asked.code == 3


def test_the_facts_of_such_a_run_say_it_again(hardened: Accounts) -> None:
    file = str(hardened.command.folder / "facts.jsonl")
    names = ("github:nosuch", "npm:nosuchpkg")
    assert hardened.check(*names, "--save-facts", file).code == 5
    again = hardened.command("check", "--from-facts", file)
    assert again.code == 5
    assert again.told == [first(name) for name in names]


def test_shared_reports_do_not_name_it(hardened: Accounts) -> None:
    ran = hardened.check("npm:nosuchpkg", "--redact")
    assert SAID in ran.out
    assert "nosuchpkg" not in ran.out


def test_a_report_for_a_timer_is_no_baseline_without_a_target(hardened: Accounts) -> None:
    hardened.github_token = HARDENED_CLASSIC
    for _ in range(2):
        ran = hardened.report("github:nosuch")
        assert ran.code == 5
        assert ran.told[0] == first("github:nosuch")
        assert "nothing was stored" in ran.out


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("axios", "did you mean npm:axios? A GitHub account or organization is github:axios"),
        ("react.js", "did you mean npm:react.js?"),
        ("Axios", "did you mean github:Axios?"),
        ("@acme", "did you mean npm:@acme?"),
        ("@acme/web", "did you mean npm:@acme/web?"),
        ("acme/web", "did you mean github:acme/web?"),
        ("https://github.com/acme/web.git", "did you mean github:acme/web?"),
        ("github.com/acme", "did you mean github:acme?"),
        ("pypi:web", f"a target is one of: {FORMS}"),
        ("github:a/b/c", f"a target is one of: {FORMS}"),
        ("..", f"a target is one of: {FORMS}"),
    ],
)
def test_a_word_that_names_no_target(hardened: Accounts, word: str, said: str) -> None:
    ran = hardened.check("me", word)
    assert (ran.code, ran.out) == (2, "")
    assert ran.told == [f"hardenme: unknown target {word!r}; {said}"]
    assert hardened.asked == 0, "nobody is asked what a word may mean"


def test_without_a_token_none_is_spoken_of(hardened: Accounts) -> None:
    ran = hardened.bare("npm:nosuchpkg")
    assert ran.code == 5
    private = "npm:nosuchpkg: not found, or private: no token was given that could see it"
    said = f"hardenme: {private}. Check the name, then `hardenme auth login npm`."
    assert said in ran.told
    assert f"\n{private}\n" in ran.out
    assert "this token" not in ran.err + ran.out
    assert "a token that" not in ran.err + ran.out
    assert "the right name, or an npm token if it is private" in ran.out
    assert "Check the name, or sign in with `hardenme auth login npm`." in " ".join(ran.out.split())
    # On the screen the verdict says it, and no note says it again.
    screen = hardened.screen("npm:nosuchpkg").out
    assert screen.count(private) == 1
    stored = hardened.bare("npm:nosuchpkg", "-f", "json", "-o", "of.json")
    assert stored.code == 5
    assert f"\n{private}\n" in hardened.command("show", "of.json", "--full").out


@pytest.mark.parametrize(
    "words",
    [
        ("show", "npm:nosuchpkg"),
        ("show", "--unknown"),
        ("show", "-f", "json"),
        ("show", "-f", "csv"),
        ("show", "-f", "sarif"),
        ("show", "-f", "junit"),
        ("show", "-f", "html"),
        ("people", "--full"),
        ("runbook",),
    ],
    ids=" ".join,
)
def test_nor_is_one_by_what_shows_the_run(hardened: Accounts, words: tuple[str, ...]) -> None:
    hardened.bare("npm:nosuchpkg")
    ran = hardened.command(*words)
    said = " ".join((ran.out + ran.err).split())
    # A row of CSV says what was seen alone.
    assert "if it is private" in said or "csv" in words
    assert "to this token" not in said
    assert "a token that can see it" not in said
    assert "a token that sees it: " not in said


def test_a_rehearsal_of_what_is_not_there_says_so_once(hardened: Accounts) -> None:
    ran = hardened.command("rehearse", "npm:nosuchpkg", *hardened.urls, **hardened.tokens)
    assert ran.code == 5
    assert ran.told.count(first("npm:nosuchpkg")) == 1


def test_where_most_waits_for_a_token_signing_in_comes_first(hardened: Accounts) -> None:
    ran = hardened.command("check", "--no-cache", *hardened.urls)
    assert ran.code in {1, 3}
    waiting = sum(int(number) for number in re.findall(r"(\d+)  need an? \w+ token\n", ran.out))
    start = ran.out.splitlines()[-1]
    assert re.fullmatch(
        rf"START +hardenme auth login: {waiting} of \d+ results need a token", start
    )
    token = {name: value for name, value in hardened.tokens.items() if "GITHUB" in name}
    signed_in = hardened.command("check", "--no-cache", *hardened.urls, **token)
    assert "auth login" not in signed_in.out.splitlines()[-1], "the most was looked at"
    one = hardened.command("check", "--no-cache", "--select", "NP,LOC1", *hardened.urls, **token)
    assert "START     hardenme auth login npm: " in one.out


def test_a_target_is_not_a_step(command: Command) -> None:
    ran = command("fix", "npm:nosuchpkg")
    assert ran.code == 2
    said = "fix takes a step or a report. What the last run found of this"
    assert ran.told == [f"hardenme: {said}: `hardenme show npm:nosuchpkg`."]
