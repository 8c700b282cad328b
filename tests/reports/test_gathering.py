"""What is gathered of a group does not depend on the order in which its findings come."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import pytest

from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.verdict import Failed, Fix
from hardenme.reports.checklist import Cause, ChecklistItem, FailedSubject
from hardenme.reports.gathering import KEPT, Blocked, Gathering
from tests.reports.sample import WEB, finding

ORDERS = list(permutations((Severity.LOW, Severity.CRITICAL, Severity.MEDIUM)))


def case(name: str, message: str = "it is off", **fix: str) -> FailedSubject:
    how = Fix("Enable it.", **{"page": f"{WEB}/{name}", **fix})
    of = finding("GHR103", Subject("github", "repo", name), Failed(message, {"on": False}, how))
    return FailedSubject(name, message, how, (name,), of)


def gathered(*cases: FailedSubject) -> ChecklistItem:
    made = Gathering("GHR103", "slug", "Title")
    for one in cases:
        made.add(one, Severity.LOW)
    return made.item("")


def group(*severities: Severity, first: bool = False) -> Gathering:
    made = Gathering("GHR103", "slug", "Title")
    for number, severity in enumerate(severities):
        made.add(case(f"acme/r{number}"), severity, first=first)
    return made


def cause(*severities: Severity) -> Cause:
    made = Blocked("NOT_PERMITTED", "a right", "Add it.")
    for number, severity in enumerate(severities):
        made.add("GHR103", f"r{number}", severity, ())
    return made.cause()


@pytest.mark.parametrize(
    "worst",
    [
        lambda order: group(*order).item("").severity,
        lambda order: group(*order, first=True).item("").severity,
        lambda order: cause(*order).worst,
    ],
    ids=["group", "group from the end", "cause"],
)
@pytest.mark.parametrize("order", ORDERS)
def test_a_group_is_as_severe_as_its_worst_case(
    worst: Callable[[tuple[Severity, ...]], Severity], order: tuple[Severity, ...]
) -> None:
    assert worst(order) is Severity.CRITICAL


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_texts_are_the_same_only_where_all_have_the_same(order: tuple[int, ...]) -> None:
    several = [
        case("acme/a", "off for acme/a", needs="admin"),
        case("acme/b", "off for acme/b", needs="owner"),
        case("acme/c", "off for acme/c", needs="admin"),
    ]
    item = gathered(*(several[number] for number in order))
    assert "step" in item.same
    assert not {"message", "needs"} & item.same
    assert {"message", "step"} <= item.like
    assert "needs" not in item.like


@pytest.mark.parametrize("extra", [-1, 0, 1, 30])
def test_all_are_counted_and_the_first_are_kept(extra: int) -> None:
    cases = [case(f"acme/r{n}", command="" if n % 3 else "gh x") for n in range(KEPT + extra)]
    item = gathered(*cases)
    assert item.count == len(cases)
    assert item.commanded == len(range(0, len(cases), 3))
    assert item.cases == tuple(cases[:KEPT])


@pytest.mark.parametrize(
    ("seen", "shown"),
    [
        ([("403",)], "403"),
        ([("403",), ("403",)], "403"),
        ([("403",), ("404",)], ""),
        ([("404",), ("403",), ("403",)], ""),
        ([(), ("403",)], "403"),
        ([("403", "404")], ""),
        ([()], ""),
    ],
)
def test_what_was_seen_is_shown_where_it_was_the_same(
    seen: list[tuple[str, ...]], shown: str
) -> None:
    made = Blocked("NOT_PERMITTED", "a right", "Add it.")
    for number, texts in enumerate(seen):
        made.add(f"GHR10{number}", "acme/r", Severity.LOW, texts)
    found = made.cause()
    assert found.seen == shown
    assert found.count == len(found.codes) == len(seen)
    assert found.names == ("acme/r",)
