"""What guards an environment, through the whole run: rules that are there in name only fail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.sandbox.github.server import GitHubServer
from hardenme.sandbox.github.state.rules import BranchProtection
from hardenme.sandbox.github.world import Environment, Repository
from hardenme.sandbox.http import Fault
from tests.engine.repository_stage import judged, one_repository
from tests.hostile.publishing import PACKAGE, TARGET, publisher
from tests.mutations import absent, replaced
from tests.running import NOW, Stage


@pytest.fixture(scope="module")
def place() -> Iterator[tuple[Stage, Repository]]:
    with one_repository() as found:
        yield found


def guarded(**changes: Any) -> Environment:
    """An environment with all of its rules, which bind administrators too."""
    sound: dict[str, Any] = {
        "reviewers": ["hazel"],
        "prevent_self_review": True,
        "branch_policy": "custom",
        "policies": [("tag", "v*")],
        "admins_bypass": False,
    }
    return Environment(7101, "release", NOW, NOW, **sound | changes)


def results(
    place: tuple[Stage, Repository], code: str, profile: str = "team", **changes: Any
) -> tuple[str, Severity, str]:
    running, repository = place
    repository.protection[:] = changes.pop("protection", [])
    repository.environments[:] = [guarded(**changes)]
    (finding,) = judged(running, code, profile)
    outcome = finding.outcome
    told = outcome.needed if isinstance(outcome, Unknown) else str(outcome)
    return finding.result, finding.severity, told


OPEN, CLOSED = BranchProtection("*"), BranchProtection("*", push_users=[], block_creations=True)
PUSHES = BranchProtection("*", push_users=[])
"""Only named people push to such a branch, and everyone creates one."""
CASES: list[tuple[dict[str, Any], str]] = [
    ({}, "passed"),
    ({"policies": [("tag", "v*"), ("branch", "main")]}, "passed"),
    ({"policies": [("tag", "[a-z]*")]}, "failed"),
    ({"policies": [("branch", "*")]}, "failed"),
    ({"policies": [("branch", "**")]}, "failed"),
    ({"policies": [("tag", "?*")]}, "failed"),
    ({"policies": [("branch", "[a-m]*"), ("branch", "[n-z]*")]}, "failed"),
    ({"policies": [("branch", "[a-m]*"), ("tag", "v*")]}, "failed"),
    ({"policies": [("branch", "[!m]*")]}, "unknown"),
    ({"branch_policy": "protected", "protection": [BranchProtection("main")]}, "passed"),
    ({"branch_policy": "protected", "protection": [BranchProtection("main"), OPEN]}, "failed"),
    ({"branch_policy": "protected", "protection": [CLOSED]}, "passed"),
    ({"branch_policy": "protected", "protection": [BranchProtection("[a-z]*")]}, "failed"),
    (
        {"branch_policy": "protected", "protection": [PUSHES]},
        "failed",
    ),
    ({"branch_policy": "protected"}, "failed"),
    ({"reviewers": []}, "failed"),
]


@pytest.mark.parametrize(("changes", "result"), CASES)
def test_what_a_selection_is_worth(
    place: tuple[Stage, Repository], changes: dict[str, Any], result: str
) -> None:
    found = results(place, "GHR118", **changes)
    assert found[0] == result, found[2]
    assert found[1] is Severity.HIGH


def test_the_ban_on_self_review_alone(place: tuple[Stage, Repository]) -> None:
    result, severity, told = results(place, "GHR118", prevent_self_review=False)
    assert (result, severity) == ("failed", Severity.MEDIUM)
    assert "people can approve their own deployments" in told
    assert results(place, "GHR118", "solo", prevent_self_review=False)[0] == "passed"
    both = results(place, "GHR118", prevent_self_review=False, policies=[("tag", "*")])
    assert both[:2] == ("failed", Severity.HIGH)
    alone = results(place, "GHR118", "solo", prevent_self_review=False, policies=[("tag", "*")])
    assert alone[:2] == ("failed", Severity.HIGH)


def test_administrators(place: tuple[Stage, Repository]) -> None:
    assert results(place, "GHR128")[:2] == ("passed", Severity.HIGH)
    assert results(place, "GHR128", admins_bypass=True)[:2] == ("failed", Severity.HIGH)
    named = results(place, "GHR118", admins_bypass=True)
    assert named[0] == "passed"
    assert "can_admins_bypass" in named[2]


def test_a_server_that_does_not_show_what_administrators_can_do(
    place: tuple[Stage, Repository],
) -> None:
    result, _severity, told = results(place, "GHR128", admins_bypass=None)
    assert result == "unknown"
    assert 'is "Allow administrators to bypass configured protection rules" unticked?' in told
    assert "hardenme attest GHR128 github:environment/hazel/catkin/release" in told


@pytest.mark.parametrize(
    ("edit", "result"),
    [
        (replaced("reviewer", None), "failed"),
        (absent("reviewer"), "unknown"),
        (replaced("reviewers", [{"type": "App", "reviewer": {"id": 7}}]), "failed"),
        (replaced("reviewers", []), "failed"),
        (absent("reviewers"), "unknown"),
    ],
)
def test_a_reviewer_who_is_nobody(place: tuple[Stage, Repository], edit: Any, result: str) -> None:
    running, repository = place
    repository.environments[:] = [guarded()]
    running.github.faults[:] = [Fault(".*/environments", edit=edit)]
    try:
        (finding,) = judged(running, "GHR118")
    finally:
        running.github.faults.clear()
    assert finding.result == result


@pytest.mark.parametrize("edit", [absent("pattern"), absent("branchProtectionRules")])
def test_rules_that_are_not_shown_are_not_taken_for_narrow(
    place: tuple[Stage, Repository], edit: Any
) -> None:
    running, repository = place
    repository.environments[:] = [guarded(branch_policy="protected")]
    repository.protection[:] = [BranchProtection("main")]
    running.github.faults[:] = [Fault("/graphql", edit=edit)]
    try:
        (finding,) = judged(running, "GHR118")
    finally:
        running.github.faults.clear()
    assert finding.result == "unknown"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"admins_bypass": True}, "administrators can bypass the rules of release"),
        ({"policies": [("tag", "[a-z]*")]}, "tags of nearly every name may deploy to release"),
    ],
)
def test_who_can_publish_is_told_what_leads_past_the_environment(
    changes: dict[str, Any], said: str
) -> None:
    with publisher() as running:
        assert isinstance(running.github, GitHubServer)
        for repository in running.github.world.repositories:
            repository.environments[:] = [guarded(**changes)]
        report = running.audit(TARGET, select_=("PUB101",))
    assert report.publishing is not None
    (told,) = (one for one in report.publishing.packages if one.package == PACKAGE)
    assert said in str(told)
