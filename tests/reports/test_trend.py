from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from hardenme.model.finding import Finding
from hardenme.model.last_known import LastKnown
from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.model.unknown import Reason
from hardenme.reports.style import Style
from hardenme.reports.trend import course_of, render
from hardenme.reports.trend.table import sparkline
from tests.cli.timed_runs import HIGH, MEDIUM, passed, unknown
from tests.printed import printed
from tests.reports.sample import CANARY, HOSTILE, deploy_key
from tests.store.stored import FIRST, WEEK, report

CI = deploy_key(1, "web", "ci")
COLORLESS = Style(80)


def shown(*weeks: Iterable[Finding] | Report, style: Style = COLORLESS) -> str:
    return render(course_of(_reports(weeks)), "table", style)


def told(*weeks: Iterable[Finding] | Report) -> dict[str, object]:
    return printed("trend", render(course_of(_reports(weeks)), "json", COLORLESS))


def _reports(weeks: Iterable[Iterable[Finding] | Report]) -> Iterable[Report]:
    for number, one in enumerate(weeks):
        yield one if isinstance(one, Report) else report(number, *one)


def test_counts_by_severity_stand_in_a_row_of_bars() -> None:
    text = shown([MEDIUM], [MEDIUM, HIGH], [MEDIUM, HIGH, CI], [MEDIUM, passed(HIGH), CI])
    rows = {line.split()[0]: line.split() for line in text.splitlines() if line.startswith("  ")}
    assert text.startswith("github:acme: 4 reports, 2026-01-05 to 2026-01-26\n")
    assert rows["medium"][1:4] == ["████", "1", "1"]
    assert rows["high"] == ["high", "▁▅█▅", "0", "1", "7", "d", "14", "d", "(1", "fixed)"]
    assert "Open for the longest time: GHA103 (medium)" in text
    assert "since the first report, 21 d+." in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 80


def test_the_time_to_fix_is_from_the_first_report_with_it_to_the_first_without() -> None:
    document = told([], [HIGH], [HIGH], [passed(HIGH)], [HIGH], [passed(HIGH)])
    severities = document["severities"]
    assert isinstance(severities, dict)
    assert severities[str(HIGH.severity)] == {
        "fixed": 2,
        "mean_seconds_to_fix": round((1.5 * WEEK).total_seconds()),
        "oldest": None,
    }
    assert document["mean_seconds_to_fix"] == round((1.5 * WEEK).total_seconds())


def test_what_is_unknown_stays_open() -> None:
    found = course_of(_reports([[HIGH], [unknown(HIGH)], [unknown(HIGH)], [HIGH]]))
    assert found.oldest[HIGH.severity].since == FIRST
    assert found.mean() is None
    assert [point.unknown for point in found.points] == [0, 1, 1, 0]


def test_what_was_not_looked_at_stays_open_and_what_is_gone_is_not_fixed() -> None:
    halted = report(1, halted=Reason.RATE_LIMITED)
    carrying = report(1, carried=LastKnown((HIGH,)))
    unselected = report(1, checks={})
    for between in (halted, carrying, unselected):
        found = course_of([report(0, HIGH), between, report(2, HIGH)])
        assert found.oldest[HIGH.severity].since == FIRST
    found = course_of([report(0, HIGH), report(1), report(2, HIGH)])
    assert found.oldest[HIGH.severity].since == FIRST + 2 * WEEK
    assert found.mean() is None


def test_a_clock_that_was_set_back_gives_no_time_below_none() -> None:
    found = course_of([report(5, HIGH), report(1, passed(HIGH))])
    assert found.mean() == timedelta()


def test_nothing_is_an_answer_too() -> None:
    assert shown() == "There is no stored report.\n"
    assert "Nothing is open." in shown([passed(HIGH)])


def test_no_name_steers_a_terminal_and_no_secret_shows() -> None:
    for name in HOSTILE:
        hostile = deploy_key(1, "web", name)
        for text in (shown([hostile]), render(course_of([report(0, hostile)]), "json", COLORLESS)):
            assert CANARY not in text
            assert all(char.isprintable() or char == "\n" for char in text)


def test_a_terminal_that_shows_ascii_alone_gets_that() -> None:
    style = Style(40, ascii_only=True)
    assert shown([HIGH], [MEDIUM], style=style).isascii()


@given(st.lists(st.integers(0, 10**9), max_size=70))
def test_a_bar_is_the_lowest_for_none_alone(counts: list[int]) -> None:
    bars = sparkline(counts)
    assert len(bars) == len(counts)
    if any(counts):
        assert [bar == "▁" for bar in bars] == [count == 0 for count in counts]
        assert bars[counts.index(max(counts))] == "█"


def test_the_worst_stands_first() -> None:
    document = told([HIGH])
    severities = document["severities"]
    assert isinstance(severities, dict)
    assert list(severities) == [str(one) for one in reversed(Severity)]


def test_what_is_out_of_sight_is_counted_as_it_was_last_seen() -> None:
    blind = replace(report(1, unknown(HIGH)), carried=LastKnown((HIGH,)))
    reports = told([HIGH], blind)["reports"]
    assert isinstance(reports, list)
    assert [one["failed"][str(HIGH.severity)] for one in reports] == [1, 1]
