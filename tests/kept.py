"""That a run says the same after it was stored and read again, as a report and as a journal."""

from __future__ import annotations

from hardenme.codec.findings import FindingLines, read_places, write_places
from hardenme.model.finding import question_in
from hardenme.model.report import Report
from hardenme.reports import render
from hardenme.reports.reading import read


def demand_the_same(report: Report) -> None:
    """Store a report in both forms, read it again, and compare every outcome."""
    text = render(report, "json")
    again = read(text)
    assert render(again, "json") == text
    for before, after in zip(report.findings, again.findings, strict=True):
        assert type(after.outcome) is type(before.outcome)
        assert (after.code, after.result) == (before.code, before.result)
        assert question_in(after.outcome) == question_in(before.outcome)
    lines = FindingLines()
    assert lines.read(lines.write(report.findings)) == tuple(report.findings)
    assert read_places(write_places(report.inventory)) == tuple(report.inventory)
