"""Many questions in one sitting: what is asked of several packages is asked once."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.cli.attest.sitting import BACK, NO, QUIT, SKIP, YES, heard
from hardenme.cli.terminal.picking import ALL
from hardenme.engine.catalogue import find
from hardenme.model.finding import Finding
from hardenme.model.report import Identity
from hardenme.model.subject import Subject
from hardenme.model.verdict import Manual
from hardenme.reports import pieces
from hardenme.store.runs import Runs
from tests.cli.attest.desk import Desk, desk, listed
from tests.reports.sample import report_of

__all__ = ["desk"]

NPM = "https://npm.example.test"
GITHUB = "https://api.github.example.test"
REPOSITORIES = ("web", "api", "docs", "seed", "thorn")
PRACTICES = ("ATT101", "ATT102", "ATT103", "ATT104", "ATT105", "ATT106", "ATT107", "ATT109")


def question(code: str, subject: Subject, text: str) -> Finding:
    check = find(code)
    page = f"{NPM}/package/{subject.name}/access"
    outcome = Manual(text, page)
    return Finding(code, check.slug, check.title, subject, subject, "", outcome, check.severity)


def kept(desk: Desk, packages: int, part: str = "@acme/part") -> int:
    """A run that asks one question of many packages, and some others; how many it asks."""
    names = [f"{part}-{number:02}" for number in range(1, packages + 1)]
    found = [
        question("NPP106", Subject("npm", "package", name), f"Does {name} disallow tokens?")
        for name in names
    ]
    found += [
        question("GHR104", Subject("github", "repo", f"acme/{name}"), "Are malware alerts on?")
        for name in REPOSITORIES
    ]
    who = Subject("practice", "user", "hazel")
    found += [question(code, who, f"Do you do {code}?") for code in PRACTICES]
    identities = tuple(
        Identity(provider, host, "hazel", "classic", "env")
        for provider, host in (("npm", NPM), ("github", GITHUB))
    )
    whole = replace(report_of(found), identities=identities)
    Runs(desk.folder).keep(whole, pieces(whole, "json"))
    return len(found)


def walk(desk: Desk, typed: str) -> int:
    return desk("attest", typed=typed, tokens=False)


def test_many_questions_take_a_screen_for_each_that_differs(desk: Desk) -> None:
    number = kept(desk, 29)
    assert number == 42
    assert walk(desk, "yes all\n" * 12) == 0
    screens = len(re.findall(r" · \d+ of \d+$", desk.err, re.MULTILINE))
    assert screens <= 12
    rows = listed(desk)
    assert len(rows) == number
    assert {row["answer"] for row in rows} == {"yes"}
    assert walk(desk, "") == 0
    assert "left no question open" in desk.err


def test_each_package_of_a_list_has_its_page(desk: Desk) -> None:
    kept(desk, 29)
    walk(desk, "skip\n" * 12)
    lines = desk.err
    for number in (1, 14, 29):
        name = f"@acme/part-{number:02}"
        assert re.search(rf"^ +{number}  {name}  {NPM}/package/{name}/access$", lines, re.MULTILINE)


def test_some_of_a_list_are_answered_and_the_rest_is_said(desk: Desk) -> None:
    kept(desk, 6)
    before = "skip\n" * list_position(desk)
    assert walk(desk, f"{before}yes 1-3,5\nno 4\nskip\nquit\n") == 0
    assert "Left: 6 @acme/part-06" in desk.err
    said = {row["subject"]: row["answer"] for row in listed(desk)}
    assert said == {
        f"npm:package/@acme/part-{number:02}": "no" if number == 4 else "yes"
        for number in range(1, 6)
    }


def test_back_puts_the_question_before_again_and_replaces_its_answer(desk: Desk) -> None:
    kept(desk, 3)
    assert walk(desk, "yes all\nback\nno all\nquit\n") == 0
    places = re.findall(r" · (\d+) of \d+$", desk.err, re.MULTILINE)
    assert places == ["1", "2", "1", "2"]
    assert "on record: yes" in desk.err
    assert {row["answer"] for row in listed(desk)} == {"no"}


def test_what_is_asked_fits_the_terminal(desk: Desk) -> None:
    kept(desk, 3)
    subject = "npm:package/@acme/part-01"
    file = desk.home / "hardenme-answers.json"
    answers = [
        {"code": "NPP106", "subject": one, "answer": "yes"} for one in (subject, f"{subject[:-1]}2")
    ]
    file.write_text(json.dumps({"version": 1, "answers": answers}))
    assert desk("attest", "--answers", str(file), typed="quit\n", tokens=False) == 5
    lines = desk.err.splitlines()
    assert "confirm what you noted" in desk.err
    assert [
        line for line in lines if len(line) > 80 and "http" not in line and line[0] == " "
    ] == []


def list_position(desk: Desk) -> int:
    """How many screens come before the one of several packages."""
    walk(desk, "skip\n" * 12)
    heads = re.findall(r"^(.+) · \d+ of \d+$", desk.err, re.MULTILINE)
    return next(at for at, head in enumerate(heads) if "packages" in head)


@pytest.mark.parametrize(
    ("typed", "most", "meant"),
    [
        ("y", 1, (YES, {1})),
        ("NO", 1, (NO, {1})),
        ("yes all", 3, (YES, {1, 2, 3})),
        ("no 1-2, 5", 6, (NO, {1, 2, 5})),
        ("skip", 4, (SKIP, {1, 2, 3, 4})),
        ("skip 2", 4, (SKIP, {2})),
        ("b", 4, (BACK, {1, 2, 3, 4})),
        ("quit", 1, (QUIT, {1})),
    ],
)
def test_what_is_typed_means(typed: str, most: int, meant: tuple[str, set[int]]) -> None:
    assert heard(typed, most) == (meant[0], frozenset(meant[1]))


@pytest.mark.parametrize("typed", ["yes", "y", "no", "yes 0", "yes 4", "yes 2-1", "no 1-", "no -"])
def test_of_several_it_is_said_for_which(typed: str) -> None:
    assert isinstance(heard(typed, 3), str)


@given(st.text(max_size=30), st.integers(1, 50))
def test_nothing_typed_answers_for_a_subject_that_is_not_there(typed: str, most: int) -> None:
    found = heard(typed, most)
    if isinstance(found, tuple):
        word, numbers = found
        assert numbers <= set(range(1, most + 1))
        assert word in {YES, NO, SKIP, BACK, QUIT}
        assert most == 1 or word not in {YES, NO} or ALL in typed or re.search(r"\d", typed)


@pytest.mark.parametrize(("packages", "again"), [(12, 1), (13, 2)])
def test_a_long_list_is_followed_by_its_question(desk: Desk, packages: int, again: int) -> None:
    kept(desk, packages)
    walk(desk, "skip\n" * 12)
    screen = desk.err.partition("NPP106 ")[2].partition("yes all")[0]
    assert screen.count("Does @acme/part-01 disallow tokens?") == again
    if again > 1:
        assert screen.splitlines()[-2].strip() == "Does @acme/part-01 disallow tokens?"


@pytest.mark.parametrize(("part", "once"), [("@acme/part", False), (f"@acme/{'p' * 40}", True)])
def test_pages_that_differ_by_the_name_come_once_if_they_do_not_fit(
    desk: Desk, part: str, *, once: bool
) -> None:
    kept(desk, 3, part)
    walk(desk, "skip\n" * 12)
    screen = desk.err.partition("NPP106 ")[2].partition("yes all")[0]
    assert (f"Page of each: {NPM}/package/NAME/access" in screen) is once
    for number in (1, 2, 3):
        assert f"{number}  {part}-0{number}" in screen
        assert (f"{NPM}/package/{part}-0{number}/access" in screen) is not once
