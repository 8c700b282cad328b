"""The table of incidents says no more than what is played again, or was published."""

from __future__ import annotations

import pytest

from docs.making.incidents import Incident, incidents
from hardenme.engine.catalogue import catalogue
from hardenme.model.verdict import Failed
from tests.attended import AtHand
from tests.running import PATIENT, stage
from tests.test_incident_replays import SIGNS
from tests.workflows.test_incidents import SHAPES
from tests.worlds.incidents import INCIDENTS

REPLAYED = [item for item in incidents() if item.replayed]
CACHES = "GHW205"
"""Of which the shape of the workflow that was taken over says nothing: it is the release's."""


def test_every_incident_is_told_whole() -> None:
    codes = {check.code for check in catalogue()}
    for item in incidents():
        assert item.source.startswith("https://")
        assert item.before, "a page tells what could have been done"
        assert codes.issuperset((*item.before, *item.during))
        assert list(item.before) == sorted(item.before)


def test_what_is_played_again_is_in_the_table() -> None:
    assert {item.replayed for item in REPLAYED} == set(INCIDENTS)
    assert {item.replayed: set(item.during) for item in REPLAYED} == SIGNS
    for item in incidents():
        assert bool(item.during) == bool(item.replayed), "nobody saw its releases"


@pytest.mark.parametrize("item", REPLAYED, ids=lambda item: item.replayed)
def test_the_checks_fail_a_minute_before(item: Incident) -> None:
    incident = INCIDENTS[item.replayed]
    now = incident.calm_at
    of_tokens = tuple(code for code in item.before if code.startswith("NPT"))
    of_package = tuple(code for code in item.before if code.startswith(("NPP", "PUB")))
    worlds = (incident.github(now), incident.npm(now))
    with stage(*worlds, incident.github_token, incident.session) as at:
        at.person = AtHand()
        package = f"npm:{incident.packages[0]}"
        reports = [at.audit(package, select_=of_package, bounds=PATIENT)]
        if of_tokens:
            reports.append(at.audit("me", select_=of_tokens, bounds=PATIENT))
    failed = {
        finding.code
        for report in reports
        for finding in report.findings
        if isinstance(finding.outcome, Failed)
    }
    assert failed == {*of_tokens, *of_package}


@pytest.mark.parametrize(
    "item", [item for item in incidents() if item.shape], ids=lambda item: item.name
)
def test_the_workflow_that_was_taken_over_fails(item: Incident) -> None:
    told = {code for code in item.before if code.startswith("GHW")} - {CACHES}
    assert told <= SHAPES[item.shape].fails.keys()
