"""Valid runner groups and what they serve; a test overrides what it is about."""

from __future__ import annotations

from typing import Any

from hardenme.facts.github.runners import (
    OpenGroup,
    ReachableRunners,
    RepositoryRunners,
    RunnerGroup,
    RunnerGroupRepositories,
    RunnerGroupRunners,
    SharedRunners,
)
from hardenme.model.subject import Subject

ORGANIZATION = Subject("github", "org", "cedar-labs")
REPOSITORY = Subject("github", "repo", "cedar-labs/cone")


def _group(number: int) -> dict[str, Any]:
    subject = Subject("github", "runner-group", f"cedar-labs/{number}")
    return {"subject": subject, "within": ORGANIZATION, "label": f"group {number}"}


def runner_group(number: int = 1, **overrides: Any) -> RunnerGroup:
    """A group of the organization that serves no public repository."""
    given = {
        "number": number,
        "name": f"group {number}",
        "visibility": "all",
        "allows_public": False,
        "inherited": False,
    }
    return RunnerGroup(**_group(number) | given | overrides)


def group_runners(number: int = 1, count: Any = 2) -> RunnerGroupRunners:
    """Two runners in a group."""
    return RunnerGroupRunners(**_group(number), count=count)


def group_repositories(*names: str, number: int = 1) -> RunnerGroupRepositories:
    """The repositories of a group."""
    return RunnerGroupRepositories(**_group(number), repositories=names)


def shared_runners(*groups: OpenGroup, **overrides: Any) -> SharedRunners:
    """No group serves a public repository, or those that are named do."""
    given: dict[str, Any] = {"subject": ORGANIZATION, "within": ORGANIZATION, "groups": groups}
    return SharedRunners(**given | overrides)


def repository_runners(count: Any = 0) -> RepositoryRunners:
    """A repository without runners of its own."""
    return RepositoryRunners(subject=REPOSITORY, within=REPOSITORY, count=count)


def reachable_runners(**overrides: Any) -> ReachableRunners:
    """A public repository that no self-hosted runner serves."""
    given = {"visibility": "public", "own": 0, "groups": ()}
    place: dict[str, Any] = {"subject": REPOSITORY, "within": ORGANIZATION}
    return ReachableRunners(**place | given | overrides)
