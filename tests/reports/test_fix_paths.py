"""A step counts the publish paths that it closes, and which of them are not known to be open."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from hardenme.model.publishing import State
from hardenme.model.report import Report
from hardenme.reports.fixplan.words import closing
from hardenme.reports.publishing import named_path
from tests.reports import publishing_sample
from tests.reports.planned import plan

COUNT = re.compile(r"(\d+) publish paths?(?: \((\d+) of them unknown\))?")


@pytest.fixture(scope="module")
def five() -> Report:
    """Five packages, of which half of the open paths are not known to be open."""
    report = publishing_sample.five()
    assert report.publishing is not None
    packages = tuple(
        replace(
            one,
            paths=tuple(
                replace(path, state=State.UNKNOWN, needed="a token that sees it")
                if number % 2 and path.state is State.OPEN
                else path
                for number, path in enumerate(one.paths)
            ),
        )
        for one in report.publishing.packages
    )
    return replace(report, publishing=replace(report.publishing, packages=packages))


def test_the_unknown_paths_of_a_step_are_those_of_the_packages(five: Report) -> None:
    assert five.publishing is not None
    states = {
        named_path(path, one.package): path.state
        for one in five.publishing.packages
        for path in one.paths
    }
    assert {State.OPEN, State.UNKNOWN} <= {*states.values()}
    steps = [one for one in plan(five).steps if one.paths]
    assert any(one.unsure for one in steps)
    for step in steps:
        unknown = [path for path in step.paths if states[path] is State.UNKNOWN]
        assert step.unsure == {*unknown}
        match = COUNT.search(closing(step))
        assert match is not None
        assert int(match[1]) == len(step.paths)
        assert int(match[2] or 0) == len(unknown)
