"""Whom a result is about is one rule: each table and part of a person has the same ones."""

from __future__ import annotations

import pytest

from hardenme.engine.report_filter import each_member, of_member
from hardenme.model.person import person_of
from hardenme.reports.counted_by import PERSON, rows
from tests.plans.audited import WORLDS, audited

pytestmark = [pytest.mark.second_tier("an audit of a whole world each"), pytest.mark.sampled(12)]


@pytest.mark.parametrize("name", WORLDS)
def test_a_person_has_the_results_that_are_counted(name: str) -> None:
    report = audited(name)
    counted = {row.name: row.counts for row in rows(report, PERSON) if row.name}
    assert counted
    for person, counts in counted.items():
        (row,) = rows(of_member(report, person), PERSON)
        assert row.name.lower() == person.lower()
        assert row.counts == counts


@pytest.mark.parametrize("name", WORLDS)
def test_a_file_to_hand_on_holds_nothing_of_an_account_itself(name: str) -> None:
    report = audited(name)
    parts = dict(each_member(report, ()))
    about = {person_of(one.subject).lower() for one in report.findings} - {""}
    assert {one.lower() for one in parts} == about
    for person, part in parts.items():
        own = of_member(report, person).findings
        assert tuple(part.findings) == tuple(one for one in own if person_of(one.subject))
