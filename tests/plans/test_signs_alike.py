"""What looks like an attack is counted alike by each screen, or each says what else it counts."""

from __future__ import annotations

import re

import pytest

from hardenme.derive.recent import USUAL_WINDOW, RecentQuery, marked_in, recent
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.fixplan.step_kind import When
from hardenme.reports.signs import signs_beyond, signs_of
from tests.plans.audited import WORLDS, audited

pytestmark = pytest.mark.second_tier("an audit of a whole world each")
NUMBER = re.compile(r"\b\d[\d,]*(?= (?:versions?|packages?|dist-tags?|repositor)\b)")


def number_of(text: str) -> int:
    """How many things a sentence counts."""
    return sum(int(found.replace(",", "")) for found in NUMBER.findall(text))


@pytest.mark.sampled(12)
@pytest.mark.parametrize("name", WORLDS)
def test_recent_marks_each_sign_of_the_first_screen_or_counts_it(name: str) -> None:
    report = audited(name)
    until = report.observed or report.started
    asked = RecentQuery(until, USUAL_WINDOW, findings=report.findings)
    found = recent(report.inventory, asked)
    assert marked_in(report.inventory, asked) == len(found.marked)
    steps = [step for step in plan_of(report).steps if step.section is When.LOOK]
    signs = {one.subject for step in steps for action in step.actions for one in action.closes}
    dated = {one.subject for one in found.events}
    marked = {one.subject for one in found.events if one.marks}
    assert signs & dated <= marked
    (told, _), *_ = signs_of(report) or [("", "")]
    beyond = signs_beyond(report, marked)
    assert number_of(told) == number_of(beyond) + len(signs & marked)
    assert bool(steps) is bool(number_of(told))
