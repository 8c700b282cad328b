"""A change that gets its date in a later cycle is shown once; no other change is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from hardenme.derive.recent.unseen import Measure
from hardenme.drift.names import Renames
from hardenme.drift.watch.ages import Ages
from hardenme.drift.watch.alerts import Alerts, each_once
from hardenme.model.depth import Depth
from hardenme.model.recent import Event, Undated
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.watch import WatchMemory

START = datetime(2026, 11, 24, 12, tzinfo=UTC)
SEEN = START + timedelta(minutes=20)
PLACE = Subject("github", "repo", "acorn-labs/ladle")
ONE, OTHER = (Subject("github", "environment", f"{PLACE.name}/{name}") for name in ("a", "b"))
CHANGED = Undated(
    "environment",
    PLACE,
    ("a: reviewers",),
    Severity.HIGH,
    "changed",
    confirm=("who?",),
    subject=ONE,
)
DATED = Event(START + timedelta(minutes=16), "environment", PLACE, ONE, "changed", appeared=False)


def shown_after(change: Undated, event: Event) -> bool:
    """Whether an event is shown in the cycle after one that has shown a change."""
    memory = WatchMemory(START, START, cycles=1)
    ages = Ages.of((), Renames((), ()), SEEN)
    ages.take((), (), SEEN, Measure(Depth.STANDARD))
    first = Alerts(memory, ages, SEEN, (), ())
    alerts, notes = first.sorted_out((), (change,))
    assert (*alerts, *notes) == (change,)
    told = first.kept(START - timedelta(days=1), ())
    later = SEEN + timedelta(minutes=5)
    second = Alerts(replace(memory, told=told, cycles=2), ages, later, (), ())
    alerts, notes = second.sorted_out((event,), ())
    return (*alerts, *notes) == (event,)


def test_a_date_that_comes_later_is_no_second_change() -> None:
    assert not shown_after(CHANGED, DATED)
    assert not shown_after(CHANGED, replace(DATED, confirm=("who?",)))


@pytest.mark.parametrize(
    "event",
    [
        replace(DATED, subject=OTHER),
        replace(DATED, kind="secret"),
        replace(DATED, place=Subject("github", "repo", "acorn-labs/sieve")),
        replace(DATED, at=SEEN + timedelta(seconds=1)),
        replace(DATED, appeared=True),
        replace(DATED, marks=("it looks like an attack",)),
    ],
    ids=["another thing", "another kind", "another place", "later", "appeared", "marked"],
)
def test_every_other_change_is_shown(event: Event) -> None:
    assert shown_after(CHANGED, event)


def test_what_a_person_has_to_confirm_is_not_hidden_by_a_note() -> None:
    assert shown_after(replace(CHANGED, confirm=()), replace(DATED, confirm=("who?",)))


def test_a_change_of_several_things_hides_none() -> None:
    assert shown_after(replace(CHANGED, subject=None), DATED)


REASONS = ((), ("a",), ("b",), ("a", "b"))


def test_of_a_change_with_its_time_and_without_no_reason_is_lost() -> None:
    """What is shown twice gives a reason each time that the other does not."""
    for one, other, third, fourth in product(REASONS, repeat=4):
        event = replace(DATED, marks=one, confirm=other)
        change = replace(CHANGED, marks=third, confirm=fourth)
        shown = list(each_once([event], [change]))
        name = "marks" if event.marks or change.marks else "confirm"
        given = [{*getattr(kept, name)} for kept in shown]
        assert set().union(*given) == {*getattr(event, name), *getattr(change, name)}
        assert len(given) == 1 or not (given[0] <= given[1] or given[1] <= given[0])


def test_another_thing_is_shown_too() -> None:
    for other in (OTHER, None):
        assert len(list(each_once([DATED], [replace(CHANGED, subject=other)]))) == 2
    assert len(list(each_once([replace(DATED, appeared=True)], [CHANGED]))) == 2
