"""Self-hosted runners: an organization's, in groups, and a repository's own."""

from __future__ import annotations

from typing import Any

from hardenme.sandbox.github.calls import Answer, PermittedRequest, Route, problem
from hardenme.sandbox.github.pages import PagedAnswer
from hardenme.sandbox.github.permits import NOT_FOUND, administration, owner
from hardenme.sandbox.github.rest.shapes import minimal_repository
from hardenme.sandbox.github.state.connected import Runner, RunnerGroup


def _runner(runner: Runner) -> dict[str, Any]:
    data = {
        "id": runner.id,
        "name": runner.name,
        "os": "linux",
        "status": "online",
        "busy": False,
        "ephemeral": runner.ephemeral,
        "labels": [{"id": 1, "name": "self-hosted", "type": "read-only"}],
    }
    return data if runner.group is None else data | {"runner_group_id": runner.group}


def groups(call: PermittedRequest) -> Answer:
    """The groups, and which repositories each may serve."""
    base = f"{call.api}/orgs/{call.organization.login}/actions/runner-groups"

    def shape(group: RunnerGroup) -> dict[str, Any]:
        data = {
            "id": group.id,
            "name": group.name,
            "visibility": group.visibility,
            "default": group.default,
            "runners_url": f"{base}/{group.id}/runners",
            "inherited": group.inherited,
            "allows_public_repositories": group.allows_public_repositories,
            "restricted_to_workflows": False,
            "selected_workflows": [],
            "workflow_restrictions_read_only": False,
        }
        if group.visibility == "selected":
            data["selected_repositories_url"] = f"{base}/{group.id}/repositories"
        return data

    return PagedAnswer(call.organization.connected.runner_groups, shape, key="runner_groups")


def _group(call: PermittedRequest) -> RunnerGroup | None:
    number = call.names["runner_group_id"]
    known = call.organization.connected.runner_groups
    return next((group for group in known if str(group.id) == number), None)


def group_runners(call: PermittedRequest) -> Answer:
    """The runners of a group."""
    group = _group(call)
    if group is None:
        return problem(404, NOT_FOUND)
    found = [r for r in call.organization.connected.runners if r.group == group.id]
    return PagedAnswer(found, _runner, key="runners")


def group_repositories(call: PermittedRequest) -> Answer:
    """The repositories that a group serves, where they are selected."""
    group = _group(call)
    if group is None:
        return problem(404, NOT_FOUND)
    known = call.world.repositories_of(call.organization.login)
    found = [r for r in known if group.visibility == "selected" and r.name in group.repositories]
    return PagedAnswer(found, lambda r: minimal_repository(call, r), key="repositories")


def organization_runners(call: PermittedRequest) -> Answer:
    """All runners of the organization."""
    return PagedAnswer(call.organization.connected.runners, _runner, key="runners")


def repository_runners(call: PermittedRequest) -> Answer:
    """The repository's own runners."""
    return PagedAnswer(call.repository.runners, _runner, key="runners")


RUNNERS = owner("organization_self_hosted_runners:read")
GROUPS = "/orgs/{org}/actions/runner-groups"

ROUTES = (
    Route(GROUPS, groups, RUNNERS),
    Route(f"{GROUPS}/{{runner_group_id}}/runners", group_runners, RUNNERS),
    Route(f"{GROUPS}/{{runner_group_id}}/repositories", group_repositories, RUNNERS),
    Route("/orgs/{org}/actions/runners", organization_runners, RUNNERS),
    Route("/repos/{owner}/{repo}/actions/runners", repository_runners, administration()),
)
