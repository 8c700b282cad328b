from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest

from hardenme.model.report import Report
from hardenme.reports.sarif import SarifLimits, files
from hardenme.reports.sarif.limits import GITHUB, Scale
from hardenme.reports.style import Style
from tests.reports.machine_sample import everything
from tests.reports.sample import large, report_of
from tests.reports.test_report_sarif import VALIDATOR

Document = dict[str, Any]


def written(report: Report, limits: SarifLimits) -> list[Document]:
    found = ["".join(file) for file in files(report, Style(), limits)]
    return [json.loads(text) for text in found]


def runs(documents: list[Document]) -> Iterator[Document]:
    for document in documents:
        yield from document["runs"]


def prints(documents: list[Document]) -> list[str]:
    return [
        one["partialFingerprints"]["hardenme/v1"]
        for run in runs(documents)
        for one in run["results"]
    ]


HELD_BACK = 70_000
"""Bytes that zlib holds back at most before it gives any (measured)."""
REPORT = large(12)
"""84 results: seven of each repository."""


@pytest.mark.second_tier("takes long in all", one_of=4)
@pytest.mark.parametrize(
    "limits", [SarifLimits(10, 3), SarifLimits(1, 1), SarifLimits(84, 1), SarifLimits(7, 20)]
)
def test_nothing_is_dropped_or_written_twice_where_limits_are_reached(limits: SarifLimits) -> None:
    documents = written(REPORT, limits)
    whole = prints(written(REPORT, GITHUB))
    assert len(whole) == len(set(whole)) == 84
    assert prints(documents) == whole
    needed = -(-84 // limits.results)
    assert len(list(runs(documents))) == needed
    assert len(documents) == -(-needed // limits.runs)
    for document in documents:
        assert [error.message for error in VALIDATOR.iter_errors(document)] == []
        assert 0 < len(document["runs"]) <= limits.runs
        assert all(0 < len(run["results"]) <= limits.results for run in document["runs"])


def test_every_run_has_a_category_of_its_own_and_the_last_one_tells_of_all() -> None:
    found = list(runs(written(REPORT, SarifLimits(40, 2))))
    assert [run["automationDetails"]["id"] for run in found] == [
        *("hardenme/", "hardenme/2/", "hardenme/3/")
    ]
    assert [run["properties"]["results"] for run in found] == [40, 40, 4]
    assert ["counts" in run["properties"] for run in found] == [False, False, True]
    assert found[-1]["properties"]["counts"] == REPORT.counts()
    notices = [run["invocations"][0]["toolExecutionNotifications"] for run in found]
    assert [bool(told) for told in notices] == [False, False, True]


@pytest.mark.second_tier("takes over half a second")
def test_a_file_is_closed_before_it_weighs_more_than_is_taken() -> None:
    report, room = large(150), 20_000
    found = ["".join(file) for file in files(report, Style(), SarifLimits(weight=room))]
    assert len(found) > 1
    assert prints([json.loads(text) for text in found]) == prints(written(report, GITHUB))
    for text in found:
        # What the compression holds back comes on top: GITHUB leaves room for it.
        assert len(gzip.compress(text.encode())) < room + HELD_BACK


def test_the_scale_does_not_weigh_less_than_a_better_compression() -> None:
    text = "".join(next(files(REPORT, Style())))
    scale = Scale()
    for line in text.splitlines(keepends=True):
        scale.put(line)
    # It lags behind by what it holds back.
    assert scale.weight + HELD_BACK > len(gzip.compress(text.encode()))
    assert GITHUB.weight + HELD_BACK + len(gzip.compress(text.encode())) < 10_000_000


def test_a_report_without_results_is_one_file_with_one_run() -> None:
    (document,) = written(report_of([]), SarifLimits(1, 1))
    (run,) = document["runs"]
    assert run["results"] == []
    assert run["properties"]["results"] == 0


def test_a_limit_that_is_met_exactly_makes_no_empty_run() -> None:
    documents = written(everything(), SarifLimits(1, 5))
    assert all(run["results"] for run in runs(documents))
    assert documents[-1]["runs"][-1]["properties"]["counts"]
