"""The rows of a move: what is known stands in them, and what is not is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from hardenme.model.inventory import InventoryItem, Place, State
from hardenme.model.publishing import ClosingStep, PackagePaths, Publishing
from hardenme.model.report import Report
from hardenme.model.subject import Subject
from hardenme.model.verdict import Fix
from hardenme.reports.move.batches import batches
from hardenme.reports.move.rows import ASKED, Goal, MoveRow, PublisherClaims, new_row, rows_of
from hardenme.reports.move.table import MoveTable
from tests.moment import NOW
from tests.reports.sample import maintainer

NAME = "@acme/lib"
HOME = Subject("github", "repo", "acme/lib")
NOTHING = PublisherClaims()


def item(kind: str, label: str, **state: State) -> InventoryItem:
    return InventoryItem(kind, Subject("npm", "item", label), label, label, state)


def claims(repository: str, environment: str | None = None, file: str = "ci.yml") -> InventoryItem:
    return item(
        "trusted publisher",
        repository,
        provider="github",
        repository=repository,
        workflow=file,
        environment=environment,
    )


def report(
    *items: InventoryItem,
    step: str = "",
    there: Mapping[str, str] | None = None,
    name: str = NAME,
) -> Report:
    """A report that saw a package, a step for it, and what its repository has."""
    subject = Subject("npm", "package", name)
    seen = tuple(item(kind, label) for label, kind in (there or {}).items())
    steps = (ClosingStep(step, Fix("Set it up", command="npm whoami"), ()),)
    paths = PackagePaths(name, None, (), steps if step else ())
    return replace(
        maintainer(),
        started=NOW,
        publishing=Publishing((paths,)),
        inventory=(Place(subject, {}, items), Place(HOME, {}, seen)),
    )


def row(found: Report, given: PublisherClaims = NOTHING, goal: Goal = Goal.STAGED) -> MoveRow:
    packages = {place.subject for place in found.inventory if place.subject.provider == "npm"}
    (only,) = rows_of(found, packages, goal, given).rows
    return only


def named(found: MoveRow) -> tuple[str, str, str]:
    return found.repository, found.workflow, found.environment


OWN = item("published package", NAME, repository="acme/lib")
STEP = f"trust/{NAME}/acme/lib/release.yml/npm"


def test_nothing_known_is_asked_for() -> None:
    assert named(row(report())) == (ASKED, ASKED, ASKED)
    assert not row(report()).complete


def test_a_publisher_says_all_of_it() -> None:
    found = row(report(OWN, claims("acme/lib", "npm")))
    assert named(found) == ("acme/lib", "ci.yml", "npm")
    assert found.complete


@pytest.mark.parametrize(
    ("there", "known"),
    [
        ({"release.yml": "workflow", "npm": "environment"}, ("release.yml", "npm")),
        ({"release.yml": "workflow"}, ("release.yml", ASKED)),
        ({"npm": "environment"}, (ASKED, "npm")),
        ({}, (ASKED, ASKED)),
    ],
)
def test_a_step_counts_for_what_the_repository_has(
    there: dict[str, str], known: tuple[str, str]
) -> None:
    assert named(row(report(OWN, step=STEP, there=there)))[1:] == known


def test_two_repositories_are_asked_about() -> None:
    found = row(report(OWN, claims("acme/old")))
    assert named(found) == (ASKED, ASKED, ASKED)
    assert found.named == ("acme/old (a trusted publisher)", "acme/lib (package.json)")


def test_two_publishers_of_one_repository_leave_the_workflow_open() -> None:
    found = row(report(OWN, claims("acme/lib", file="a.yml"), claims("acme/lib", file="b.yml")))
    assert named(found) == ("acme/lib", ASKED, ASKED)
    assert found.named == ()


def test_what_the_user_names_counts() -> None:
    given = PublisherClaims("acme/new", "publish.yaml", "-")
    found = row(report(OWN, claims("acme/old")), given)
    assert named(found) == ("acme/new", "publish.yaml", "-")
    assert found.named == ()
    assert named(new_row("@acme/new", Goal.STAGED, given)) == named(found)


@pytest.mark.parametrize("name", ["acme", "a/b/c", "-x/y", "acme/$(x)", "acme/a b", "../x"])
def test_what_is_no_name_of_a_repository_is_not_taken(name: str) -> None:
    assert row(report(item("published package", NAME, repository=name))).repository == ASKED


def test_the_goal_is_the_permission() -> None:
    assert row(report()).permission == "stage"
    assert row(report(), goal=Goal.TRUSTED).permission == "publish"


def test_a_name_that_npm_does_not_take_is_left_out() -> None:
    found, packages = report(name=".hidden"), {Subject("npm", "package", ".hidden")}
    made = rows_of(found, packages, Goal.STAGED, NOTHING)
    assert (made.rows, made.refused) == ((), (".hidden",))


def rows(number: int, repository: str, days: int | None = 1) -> list[MoveRow]:
    released = None if days is None else NOW - timedelta(days=days)
    return [
        MoveRow(f"{repository}-{index}", repository, "r.yml", "stage", "npm", released=released)
        for index in range(number)
    ]


def test_a_batch_is_one_repository_and_one_window() -> None:
    made = list(batches([*rows(90, "a/big"), *rows(2, "a/small")], NOW))
    assert [sum(batch == one for batch, _ in made) for one in ("1", "2", "3")] == [80, 10, 2]
    assert {row.repository for batch, row in made if batch == "3"} == {"a/small"}


@pytest.mark.parametrize("days", [None, 91, 4000])
def test_what_is_seldom_released_is_for_later(days: int | None) -> None:
    assert {batch for batch, _ in batches(rows(2, "a/b", days), NOW)} == {"later"}


def test_the_table_asks_and_says_who_names_what() -> None:
    found = report(OWN, claims("acme/old"))
    packages = {place.subject for place in found.inventory}
    made = rows_of(found, packages, Goal.STAGED, NOTHING)
    text = MoveTable(made, Goal.STAGED, NOW, "move.sh").text()
    assert "later   @acme/lib  ?           ?         stage       ?\n" in text
    assert "# @acme/lib names acme/old (a trusted publisher) and acme/lib (package.json)" in text
    assert text.isascii()
    assert all(line.startswith(("#", "later ")) for line in text.splitlines())
