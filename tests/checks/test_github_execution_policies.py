from __future__ import annotations

from typing import Any

import pytest

from hardenme.facts.github.actions import OrganizationActions
from hardenme.facts.github.execution_policies import ExecutionPolicies
from hardenme.facts.github.organization import OrganizationProfile
from hardenme.model.subject import Subject
from hardenme.model.unknown import NotKnownError, Reason, Unknown
from hardenme.model.verdict import Failed, Manual, NotApplicable, Passed
from hardenme_checks.github.execution_policies import (
    no_policy_allows_pull_request_target,
    workflow_execution_protected,
)
from tests.factories.given import MISSING, REFUSED

HERE, OTHER = (Subject("github", "org", name) for name in ("cedar-labs", "acorn-labs"))
PROFILE = OrganizationProfile(subject=HERE, within=HERE, verified=True)
UNASKED: Any = Unknown(Reason.NOT_ASKED, "a classic token")
PAGE = "https://github.com/organizations/cedar-labs/settings/actions"


def policies(**change: Any) -> ExecutionPolicies:
    given: dict[str, Any] = {"actors": "all", "events": "all", "letting_in": ()}
    return ExecutionPolicies(**{"subject": HERE, "within": HERE, **given, **change})


def actions(enabled: Any = "all", subject: Subject = HERE) -> OrganizationActions:
    return OrganizationActions(
        subject=subject, within=subject, allowed="all", pinned=False, enabled_repositories=enabled
    )


@pytest.mark.parametrize(
    ("actors", "events", "result"),
    [
        ("all", "all", Passed),
        ("all", "part", Manual),
        ("part", "part", Manual),
        ("none", "all", Failed),
        ("part", "none", Failed),
        ("none", "none", Failed),
    ],
)
def test_who_may_start_workflows(actors: str, events: str, result: type) -> None:
    found = policies(actors=actors, events=events)
    verdict = workflow_execution_protected(PROFILE, found, REFUSED)
    assert isinstance(verdict, result)
    if isinstance(verdict, Failed):
        assert verdict.fix.page == PAGE
        assert ("actors" in verdict.message) is (actors == "none")
        assert ("events" in verdict.message) is (events == "none")


def test_who_may_start_workflows_where_it_is_not_read() -> None:
    for on in (actions(), REFUSED, actions(MISSING), actions("none", OTHER)):
        verdict = workflow_execution_protected(PROFILE, UNASKED, on)
        assert isinstance(verdict, Manual)
        assert verdict.page == PAGE
        assert workflow_execution_protected(PROFILE, REFUSED, on) is REFUSED
    off = workflow_execution_protected(PROFILE, REFUSED, actions("none"))
    assert isinstance(off, NotApplicable)
    for field in ("actors", "events"):
        with pytest.raises(NotKnownError):
            workflow_execution_protected(PROFILE, policies(**{field: MISSING}), REFUSED)


def test_what_lets_pull_request_target_in() -> None:
    assert isinstance(no_policy_allows_pull_request_target(policies()), Passed)
    verdict = no_policy_allows_pull_request_target(policies(letting_in=("labels",)))
    assert isinstance(verdict, Failed)
    assert verdict.seen == {"allowing_pull_request_target": ["labels"]}
    assert verdict.fix.page == PAGE
    with pytest.raises(NotKnownError):
        no_policy_allows_pull_request_target(policies(letting_in=MISSING))
