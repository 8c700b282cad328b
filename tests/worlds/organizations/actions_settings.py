"""What workflows may do in the two organizations, and in repositories that go their own way."""

from __future__ import annotations

from datetime import datetime, timedelta

from hardenme.sandbox.github.world import ActionsPolicy, ExecutionPolicy, ForkWorkflows, World
from tests.worlds.organizations.base import STRICT, WEAK


def weaken(world: World, now: datetime) -> None:
    """Everything is open above, so that each repository decides for itself."""
    made = now - timedelta(days=50)
    for organization in world.organizations:
        organization.policies.execution.append(
            ExecutionPolicy(9451, "Old workflows", made, events=["pull_request_target", "push"])
        )
        organization.actions = ActionsPolicy(
            default_workflow_permissions="write",
            can_approve_pull_request_reviews=True,
            approval_policy="first_time_contributors_new_to_github",
            forks=ForkWorkflows(True, True, True, False),  # noqa: FBT003 (all four switches)
        )
    for repository in world.repositories_of(WEAK):
        if repository.name != "graft":
            repository.actions = ActionsPolicy(
                default_workflow_permissions="write",
                can_approve_pull_request_reviews=True,
                forks=ForkWorkflows(True, True, True, False),  # noqa: FBT003 (as above)
            )
        else:
            repository.actions = ActionsPolicy(enabled="none")


def harden(world: World, now: datetime) -> None:
    """The organization decides for all; for outside contributors each repository has to."""
    made = now - timedelta(days=50)
    for organization in world.organizations:
        organization.policies.execution.append(
            ExecutionPolicy(
                9452,
                "Who and what starts workflows",
                made,
                actors=[{"id": 5, "type": "RepositoryRole"}],
                events=["push", "pull_request", "release"],
            )
        )
        organization.actions = ActionsPolicy(
            allowed_actions="selected",
            sha_pinning_required=True,
            approval_policy="all_external_contributors",
        )
    for repository in world.repositories_of(STRICT):
        repository.actions.approval_policy = "all_external_contributors"
