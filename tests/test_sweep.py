"""The sweep of an organization finds everything that is wrong with it, and says nothing else.

The organization has known weaknesses, each in one place, and repositories that are sound. Whatever
the depth, a weakness is found, or the report says nothing of it; it is never taken for a strength.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest

from hardenme.model.depth import Depth
from hardenme.model.finding import Finding
from hardenme.model.report import Report
from hardenme.sandbox.npm import scenarios as npm
from tests.running import NOW, PATIENT, stage
from tests.worlds.scaled_organization import (
    LOGIN,
    Seeded,
    Sweep,
    scaled_organization,
)
from tests.worlds.weak_settings import ORGANIZATION
from tests.worlds.weaknesses import REPOSITORY

pytestmark = [
    pytest.mark.second_tier("whole runs of large organizations"),
    pytest.mark.sampled(4, among="sweeps"),
]

WEAK_OF_TEN = 4
REPOSITORIES = len(REPOSITORY) * 10 // WEAK_OF_TEN + 10
"""So many that each weakness occurs."""
DEEPER = {
    Depth.FAST: {"GHO122", "GHR125"},
    Depth.STANDARD: {"GHO122", "GHR125"},
    Depth.DEEP: set[str](),
}
"""What is unknown in a run of that depth, because the evidence comes with a deeper one."""
RUNS = [(Depth.FAST, True), (Depth.FAST, False), (Depth.STANDARD, False), (Depth.DEEP, True)]


def names(finding: Finding) -> Iterator[str]:
    """What a finding is about: an owner, a repository, or a person of an organization."""
    for subject in (finding.subject, finding.within):
        yield from (subject.name, subject.name.rpartition("/")[2])


def swept(depth: Depth, *, strict: bool) -> tuple[Sweep, Report]:
    sweep = scaled_organization(NOW, repositories=REPOSITORIES, members=20, strict=strict)
    with stage(sweep.world, npm.hardened_maintainer(NOW), sweep.token) as running:
        report = running.audit(f"github:{LOGIN}", depth=depth, bounds=PATIENT)
        assert running.github.crashes == []
    return sweep, report


def outcomes(report: Report) -> dict[Seeded, set[str]]:
    """What the report says, by code and by what it is about."""
    found: dict[Seeded, set[str]] = defaultdict(set)
    for finding in report.findings:
        for name in names(finding):
            found[Seeded(finding.code, name)].add(finding.result)
    return found


def held_against(sweep: Sweep, report: Report, depth: Depth) -> None:
    told = outcomes(report)
    asked = [seed for seed in sweep.seeded if seed in told]
    open_ = {seed for seed in asked if "failed" not in told[seed]}
    assert {seed.code for seed in open_} <= DEEPER[depth], sorted(open_, key=str)
    assert all("passed" not in told[seed] and "unknown" in told[seed] for seed in open_)
    sound = set(sweep.sound)
    alarms = [
        (item.code, str(item.subject), item.result)
        for item in report.findings
        if item.result in {"failed", "errored"} and sound.intersection(names(item))
    ]
    assert alarms == []
    assert not [item for item in report.findings if item.result == "errored"]
    assert report.partial == ""


@pytest.mark.parametrize(("depth", "strict"), RUNS, ids=str)
def test_every_weakness_is_found_and_nothing_else(depth: Depth, strict: bool) -> None:  # noqa: FBT001 (a parameter of the test)
    sweep, report = swept(depth, strict=strict)
    held_against(sweep, report, depth)
    # What branches demand of writers shows with who may bypass it, which a fast run does not ask.
    assert len(report.findings) > REPOSITORIES * (25 if depth is Depth.FAST else 30)


def test_a_deep_run_looks_for_every_weakness() -> None:
    sweep, report = swept(Depth.DEEP, strict=False)
    held_against(sweep, report, Depth.DEEP)
    told = outcomes(report)
    assert [seed for seed in sweep.seeded if "failed" not in told[seed]] == []
    possible = {item.code for item in REPOSITORY} | {item.code for item in ORGANIZATION}
    assert {seed.code for seed in sweep.seeded} >= possible
