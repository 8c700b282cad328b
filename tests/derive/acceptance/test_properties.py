"""What holds of every attempt, whatever was read of it."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardenme.derive.acceptance.attempt import Attempt
from hardenme.derive.acceptance.table import ROWS, judged
from hardenme.model.acceptance import AcceptanceState, ReleaseWay
from hardenme.model.fact import Every, Fact
from hardenme.model.known import field
from hardenme.model.unknown import Unknown
from tests.derive.acceptance.test_rows import CAUSES, QUESTIONS
from tests.factories.acceptance import (
    access,
    attempt,
    command,
    hand_attempt,
    job,
    monorepo,
    token_attempt,
)
from tests.factories.given import MISSING, REFUSED

FIXED = {"package", "way", "now", "secret"}
PARTS = [item.name for item in fields(Attempt) if item.name not in FIXED]
CHANGES = [
    *({**cause.before, **cause.change} for cause in CAUSES),
    *(change for _, _, change in QUESTIONS),
]


def seen(made: Attempt) -> ReleaseWay:
    return judged(made, key="key", name="name")


def unread(made: Attempt, part: str) -> Attempt:
    """The attempt with a part that was not read; of a list what is known stays."""
    value = made.part(part)
    lost: Any = Every(value.facts, REFUSED) if isinstance(value, Every) else REFUSED
    return made.having(**{part: lost})


def fields_of(made: Attempt) -> list[tuple[str, str]]:
    """Each field of each fact of an attempt."""
    found = []
    for part in PARTS:
        value = made.part(part)
        for fact in value.facts if isinstance(value, Every) else (value,):
            if isinstance(fact, Fact):
                own = {"subject", "within", "label", "web", "registry"}
                found += [(part, item.name) for item in fields(fact) if item.name not in own]
    return found


def without(made: Attempt, part: str, name: str) -> Attempt:
    """The attempt with one field of a part that the answer did not hold."""
    value = made.part(part)

    def lost(fact: Any) -> Any:
        given = {item.name: field(fact, item.name) for item in fields(fact)}
        return type(fact)(**{**given, name: MISSING})

    changed = (
        Every(tuple(map(lost, value.facts)), value.missing)
        if isinstance(value, Every)
        else lost(value)
    )
    return made.having(**{part: changed})


def combined(chosen: list[int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for place in chosen:
        found |= CHANGES[place]
    return found


ANY_CHANGES = st.lists(st.integers(0, len(CHANGES) - 1), max_size=4).map(combined)
ANSWERS = (access(), access(disallows_tokens=True), REFUSED)
"""What a person said of whether a package disallows tokens, or no answer."""


def of_monorepo(**parts: Any) -> Attempt:
    """An attempt to release a package of a monorepo, with changesets."""
    run = command(client="changesets", text="npx changeset publish")
    return attempt(**{**monorepo(), "command": run, "job": job(commands=(run,)), **parts})


BASES = st.sampled_from([attempt, token_attempt, hand_attempt, of_monorepo])


@pytest.mark.second_tier("takes over half a second")
@settings(max_examples=150)
@given(BASES, ANY_CHANGES, st.lists(st.sampled_from(PARTS), min_size=1, max_size=3))
def test_what_is_not_read_never_makes_a_way_accepted(
    base: Any, changes: dict[str, Any], parts: list[str]
) -> None:
    made = base(**changes)
    before = seen(made)
    for part in parts:
        made = unread(made, part)
    after = seen(made)
    assert before.accepted or not after.accepted, (parts, before)


@pytest.mark.second_tier("takes long")
@settings(max_examples=150)
@given(BASES, ANY_CHANGES, st.data())
def test_no_missing_field_makes_a_way_accepted(
    base: Any, changes: dict[str, Any], data: st.DataObject
) -> None:
    made = base(**changes)
    before = seen(made)
    part, name = data.draw(st.sampled_from(fields_of(made)))
    after = seen(without(made, part, name))
    assert before.accepted or not after.accepted, (part, name, before)


@pytest.mark.parametrize("base", [attempt, token_attempt, hand_attempt, of_monorepo])
def test_an_attempt_of_which_nothing_is_known_is_not_accepted(base: Any) -> None:
    made = base()
    for part in PARTS:
        made = made.having(**{part: Every((), REFUSED) if _lists(made, part) else REFUSED})
    assert seen(made).verdict is AcceptanceState.UNKNOWN


def _lists(made: Attempt, part: str) -> bool:
    return isinstance(made.part(part), Every)


@settings(max_examples=60)
@given(st.sampled_from([attempt, hand_attempt]), ANY_CHANGES)
def test_an_answer_about_tokens_decides_no_way_without_one(
    base: Any, changes: dict[str, Any]
) -> None:
    said = [base(**changes | {"access": one}) for one in ANSWERS]
    assert len({seen(made) for made in said}) == 1


@settings(max_examples=60)
@given(ANY_CHANGES)
def test_a_way_by_token_is_accepted_only_with_an_answer_about_tokens(
    changes: dict[str, Any],
) -> None:
    for said in ANSWERS:
        made = token_attempt(**changes | {"access": said})
        takes = not isinstance(said, Unknown) and not said.disallows_tokens
        assert takes or not seen(made).accepted or made.command.stages


@settings(max_examples=60)
@given(BASES, ANY_CHANGES)
def test_every_row_answers_and_answers_the_same_twice(base: Any, changes: dict[str, Any]) -> None:
    made = base(**changes)
    for row in ROWS:
        assert row.said(made) == row.said(made)
    assert not any(isinstance(one.needed, Unknown) for one in seen(made).unread)
