"""Stored lines that were broken are refused, or say no more than they said."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardenme.codec.facts import FactForm
from hardenme.codec.findings import FindingLines, read_places, write_places
from hardenme.ground.errors import ContentError
from hardenme.model.fact import Fact, fact_name
from hardenme.model.finding import Finding
from hardenme.model.inventory import Place
from hardenme.model.known import field
from hardenme.model.unknown import Reason, Unknown
from hardenme.store.recording import kinds
from tests import any_facts
from tests.codec.outcomes import PLACES, UNKNOWNS, findings

LINES = FindingLines()
BROKEN: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 1.5, 10**400, "", "x", "yes", "2026-01-01", "\ud800"),
    *([], [[]], [["x", "y"]], {}, {"unknown": None}, {"unknown": ["NO_SUCH", "", "", [], None]}),
    {"unknown": ["STALE", "", "", [], None], "more": 1},
)
"""Values that a hand, a disk or another version may have put in the place of a field."""


@st.composite
def spoiled(draw: st.DrawFn, text: str) -> str:
    """A line with one character in the place of another, or without its end, or a part of it."""
    at = draw(st.integers(0, len(text) - 1))
    to = draw(st.integers(at, len(text)))
    return text[:at] + draw(st.sampled_from(["", "0", '"', "]", ",", "x", "\\"])) + text[to:]


@given(data=st.data(), found=st.lists(findings(UNKNOWNS), min_size=1, max_size=3))
def test_a_broken_record_makes_no_verdict_of_an_unknown(
    data: st.DataObject, found: list[Finding]
) -> None:
    text = data.draw(spoiled(LINES.write(found)))
    try:
        again = LINES.read(text)
    except ContentError:
        return
    assert all(isinstance(one.outcome, Unknown) for one in again)


@given(data=st.data(), found=st.lists(findings(), min_size=1, max_size=3))
def test_a_record_that_is_cut_anywhere_is_refused(
    data: st.DataObject, found: list[Finding]
) -> None:
    text = LINES.write(found)
    assert LINES.read(text) == tuple(found)
    with pytest.raises(ContentError):
        LINES.read(text[: data.draw(st.integers(0, len(text) - 1))])


@given(data=st.data(), places=st.lists(PLACES, min_size=1, max_size=2))
def test_no_list_becomes_whole_by_being_broken(data: st.DataObject, places: list[Place]) -> None:
    text = data.draw(spoiled(write_places(places)))
    try:
        again = read_places(text)
    except ContentError:
        return
    assert whole_lists(again) <= whole_lists(places)


def whole_lists(places: Iterable[Place]) -> int:
    """How many of their lists are whole."""
    return sum(why is None for place in places for why in place.lists.values())


@pytest.mark.sampled(10)
@pytest.mark.parametrize("kind", kinds().values(), ids=fact_name)
@given(data=st.data())
@settings(derandomize=True, max_examples=8, database=None, suppress_health_check=list(HealthCheck))
def test_a_broken_field_of_a_fact_is_unknown_or_what_stands_there(
    kind: type[Fact], data: st.DataObject
) -> None:
    fact = data.draw(any_facts.fact(kind, any_facts.HOSTILE))
    if not isinstance(fact, Fact):
        return
    form = FactForm("0.0.9")
    raw: dict[str, Any] = json.loads(json.dumps(form.write(fact)))
    name = data.draw(st.sampled_from([item.name for item in fields(kind)]))
    if data.draw(st.booleans()):
        raw[name] = data.draw(st.sampled_from(BROKEN))
    else:
        del raw[name]
    try:
        again = form.read(kind, raw)
    except ContentError:
        assert name in {"subject", "within", "label"}
        return
    value = field(again, name)
    if name not in raw:
        assert isinstance(value, Unknown)
        assert value.reason is Reason.NOT_ASKED
    elif not (isinstance(value, Unknown) and value.reason is Reason.MALFORMED):
        assert form.write(again)[name] == raw[name]
