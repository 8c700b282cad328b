"""The numbers of the first page: they add up, and nothing that is not known looks passed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.large_report import large_report
from hardenme.engine.catalogue import catalogue
from hardenme.model.finding import Attested, Errored, Finding, Outcome
from hardenme.model.holders import Hold, Holder, HolderKind, Holders
from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.trend_point import TrendPoint
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Fix, Manual, NotApplicable, Passed
from hardenme.model.waiver import Waiver
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.html.element import written
from hardenme.reports.html.heat import heat, sign
from hardenme.reports.html.overview import drawings, looked_at, severities
from hardenme.reports.overview.heat_map import OTHER, TOPICS, Cell, CellState, heat_map_of, topic_of
from hardenme.reports.overview.overview import overview_of
from hardenme.reports.overview.reach import reach_of
from hardenme.reports.overview.waterfall import waterfall_of
from tests.reports import publishing_sample, sample
from tests.reports.rich_sample import rich

AT = datetime(2026, 11, 24, 16, 3, 5, tzinfo=UTC)
REPORTS: dict[str, Callable[[], Report]] = {
    "maintainer": sample.maintainer,
    "hostile": sample.hostile,
    "rich": rich,
    "packages": publishing_sample.five,
    "nothing": lambda: sample.report_of(()),
    "large": lambda: large_report(30),
}
OUTCOMES: list[Outcome] = [
    Failed("off", {"a": 1}, Fix("turn it on", "https://github.example.test/settings")),
    Unknown(Reason.NOT_PERMITTED, "a right"),
    Errored("ValueError"),
    Manual("Is it on?", "https://github.example.test/settings"),
    Attested("it is on", "hazel", AT),
    Passed("on", {"a": 1}),
    NotApplicable("there is none", {"a": 1}),
]


def of(outcome: Outcome, code: str = "GHR103", name: str = "mallow/web") -> Finding:
    place = Subject("github", "repo", name)
    return replace(sample.finding(code, place, outcome), severity=Severity.HIGH)


@pytest.mark.parametrize("name", REPORTS)
def test_every_finding_is_in_a_row_or_counted_as_beyond_them(name: str) -> None:
    report = REPORTS[name]()
    failed = sum(one.fails for one in report.findings)
    for most in (1, 3, 10):
        shown = heat_map_of(report.findings, most)
        assert shown.within + shown.beyond == failed
        in_rows = sum(cell.failed.total() for row in shown.rows for cell in row.cells.values())
        assert in_rows == shown.within
        assert sum(row.places for row in shown.rows) == sum(shown.kinds.values())
        assert len(shown.rows) <= most + 1


@pytest.mark.parametrize("name", REPORTS)
def test_the_waterfall_leads_from_all_findings_to_what_no_step_closes(name: str) -> None:
    plan = plan_of(REPORTS[name]())
    closes = sum(step.closes for step in plan.steps)
    for most in (0, 1, 6):
        shown = waterfall_of(plan, most)
        assert shown.total == plan.failed
        assert shown.closed + shown.by_others == closes
        assert len(shown.falls) + shown.others == len(plan.steps)
        assert shown.left == plan.failed - closes >= 0
        sizes = [fall.closes for fall in shown.falls]
        assert sizes == sorted(sizes, reverse=True)
        assert 0 not in sizes
        places = [fall.before for fall in shown.falls]
        assert places == [shown.total - sum(sizes[:at]) for at in range(len(sizes))]


@given(st.lists(st.sampled_from(OUTCOMES), max_size=6))
def test_only_a_cell_of_which_all_is_known_and_fine_is_ticked(outcomes: list[Outcome]) -> None:
    shown = heat_map_of([of(one) for one in outcomes])
    cell = shown.rows[0].cells["Code"] if shown.rows else Cell()
    kinds = {type(one) for one in outcomes}
    assert (cell.state is CellState.PASSED) is (
        Passed in kinds and kinds <= {Passed, NotApplicable}
    )
    assert ("\u2713" in sign(cell)) is (cell.state is CellState.PASSED)
    unknown = sum(isinstance(one, Unknown | Errored) for one in outcomes)
    assert cell.unknown == unknown
    assert ("?" in sign(cell)) is bool(unknown)
    assert (f"{unknown} unknown" in cell.told) is bool(unknown)


def test_what_is_accepted_is_not_ticked() -> None:
    finding = replace(of(OUTCOMES[0]), waiver=rich_waiver())
    (row,) = heat_map_of([finding, of(OUTCOMES[5])]).rows
    assert row.cells["Code"].state is CellState.WAIVED
    assert row.cells["Code"].told == "1 waived, 1 passed"


def rich_waiver() -> Waiver | None:
    return next(one.waiver for one in rich().findings if one.waiver is not None)


def test_the_place_with_the_worst_finding_comes_first_and_others_share_a_row() -> None:
    findings = [of(OUTCOMES[0], name=f"mallow/r{number}") for number in range(5)]
    critical = replace(findings[3], severity=Severity.CRITICAL)
    shown = heat_map_of([*findings, critical], 2)
    assert [(row.name, row.places) for row in shown.rows] == [
        ("mallow/r3", 1),
        ("mallow/r0", 1),
        ("", 3),
    ]
    text = written(heat(shown))
    assert ">3 others</span>" in text
    assert "mallow/r3, Code: 1 critical, 1 high" in text


def test_each_check_of_a_repository_or_package_has_one_topic() -> None:
    everything = Counter(code for codes in TOPICS.values() for code in codes)
    assert set(everything.values()) == {1}
    assert set(everything) <= {check.code for check in catalogue()}
    families = {"GHB", "GHR", "GHW", "NPP", "NPT", "PUB", "REL"}
    without = [
        check.code
        for check in catalogue()
        if check.family in families and topic_of(check.code) == OTHER
    ]
    assert without == []


def holder(name: str, **more: Any) -> Holder:
    place = Hold(Subject("github", "org", "acme"), "owner", ())
    base = Holder(HolderKind.PERSON, name, "github", (place,), repositories=("acme/a", "acme/b"))
    return replace(base, **more)


def test_those_who_reach_the_same_are_one_row_and_who_has_no_2fa_another() -> None:
    owners = [holder(f"owner{number:02}", two_factor="on") for number in range(14)]
    weak = [holder("thistle", two_factor="off"), holder("burdock")]
    key = replace(holder("ci"), kind=HolderKind.KEY)
    shown = reach_of(Holders([*owners, *weak, key], {}))
    assert [(row.two_factor, row.people) for row in shown.rows] == [
        ("off", 1),
        ("not shown", 1),
        ("on", 14),
    ]
    assert (shown.machines, shown.others, shown.complete) == (1, 0, True)
    few = reach_of(Holders([*owners, *weak, key], {}), 1)
    assert (len(few.rows), few.others) == (1, 15)


def test_downloads_that_are_not_known_make_a_lower_bound() -> None:
    known = holder("nettle", packages=(("a", 2_000_000),))
    partly = holder("sorrel", packages=(("a", 2_000_000), ("b", None)))
    report = replace(sample.maintainer(), holders=Holders([known, partly], {}))
    text = written(drawings(overview_of(report, plan_of(report)), lambda step: step.id))
    assert "1 \u00b7 2.0 M/wk".encode("ascii", "xmlcharrefreplace").decode() in text
    assert "2 \u00b7 \u2265 2.0 M/wk".encode("ascii", "xmlcharrefreplace").decode() in text


def text_of(report: Report) -> str:
    return written(drawings(overview_of(report, plan_of(report)), lambda step: step.id))


def test_a_trend_says_what_it_rests_on() -> None:
    report = sample.maintainer()
    assert "No earlier run is kept" in text_of(report)
    week = timedelta(days=7)
    earlier = tuple(
        TrendPoint(report.started - week * left, {Severity.HIGH: 20 + left}, left, whole=left != 2)
        for left in (3, 2, 1)
    )
    text = text_of(replace(report, trend=earlier))
    assert "23 findings, 3 unknown on 3 Nov 2026; " in text
    assert "1 run ended early and may count too few." in text
    assert ">22*</text>" in text
    assert "No earlier run" not in text


@pytest.mark.second_tier("takes long in all", one_of=5)
@pytest.mark.parametrize("name", REPORTS)
def test_each_drawing_has_a_text_and_no_unknown_is_left_out(name: str) -> None:
    report = REPORTS[name]()
    shown = overview_of(report, plan_of(report))
    bar = severities(shown)
    counts = report.counts()
    assert shown.unknown == counts["unknown"] + counts["errored"]
    assert sum(shown.severities.values()) == counts["failed"]
    assert (bar is None) is not (counts["failed"] or shown.unknown)
    if shown.unknown and bar is not None:
        assert f"{shown.unknown:,} unknown" in written(bar)
    assert looked_at(shown)
    text = text_of(report)
    assert text.count("<figure") == text.count("<figcaption>") == text.count("<h2>")


def test_with_fewer_known_than_asked_the_page_says_how_many_are_missing() -> None:
    report = sample.maintainer()
    coverage = replace(report.coverage, known=7, asked=9)
    shown = overview_of(replace(report, coverage=coverage), plan_of(report))
    assert looked_at(shown) == "Of 9 results that can be read, 7 are known and 2 are not."
