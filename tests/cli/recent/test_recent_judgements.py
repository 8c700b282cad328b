"""The table of right judgements: what an attacker may leave, and how `recent` judges it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from tests.cli.command import Command
from tests.cli.recent import judgements_lists, judgements_marks
from tests.cli.recent.judgements import (
    CHANGES,
    CONFIRM,
    COUNTED,
    GAP,
    LISTED,
    LOOK,
    TABLE,
    Judgement,
    Plant,
    nothing_else,
)
from tests.cli.recent.scene import Scene, calm

EVERY = [
    *((nothing_else, one) for one in TABLE),
    *CHANGES,
    *judgements_lists.TABLE,
    *judgements_marks.TABLE,
]


@pytest.fixture
def quiet(command: Command, present: datetime) -> Iterator[Scene]:
    with calm(command, present) as found:
        yield found


def found(told: Any, one: Judgement) -> list[Any]:
    """The changes that it is about, each with how it was judged."""
    events = [each for each in told["events"] if one.shown in each["text"]]
    undated = [
        each for each in told["undated"] if one.shown in " ".join([each["kind"], *each["names"]])
    ]
    return [*events, *(each for each in undated if each["change"])]


def judged(told: Any, one: Judgement) -> set[str]:
    grades = set()
    for each in found(told, one):
        grades.add(LOOK if each["marks"] else CONFIRM if each["confirm"] else LISTED)
    if any(one.shown in gap["source"] for gap in told["not_looked_at"]):
        grades.add(GAP)
    return grades or {COUNTED}


@pytest.mark.sampled(36)
@pytest.mark.second_tier("a run of the command each")
@pytest.mark.parametrize(("first", "one"), EVERY, ids=[str(one) for _, one in EVERY])
def test_it_is_judged_as_the_table_says(
    quiet: Scene, present: datetime, first: Plant, one: Judgement
) -> None:
    repository = quiet.planted.world.repositories[0]
    first(quiet, repository, present)
    if one.before:
        quiet.check_before(present, one.before, *one.kept)
    one.plant(quiet, repository, present)
    if one.before is not None and not one.before:
        quiet.check_before(present, one.before, *one.kept)
    told = quiet.json(*one.asked)
    assert one.grade in judged(told, one), told
    undone = [undo for each in found(told, one) if (undo := each.get("undo"))]
    if one.undo is not None:
        assert (undone == []) is (one.undo == ""), undone
        assert all(one.undo in undo for undo in undone)
