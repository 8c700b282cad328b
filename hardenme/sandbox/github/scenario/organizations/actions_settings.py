"""What workflows may do in the two organizations, and in repositories that go their own way."""

from __future__ import annotations

from datetime import datetime

from hardenme.sandbox.github.scenario.organizations.base import STRICT, WEAK
from hardenme.sandbox.github.world import ActionsPolicy, ForkWorkflows, World


def weaken(world: World, now: datetime) -> None:
    """Everything is open above, so that each repository decides for itself."""
    del now  # settings have no age
    for organization in world.organizations:
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
    del now  # as above
    for organization in world.organizations:
        organization.actions = ActionsPolicy(
            allowed_actions="selected",
            sha_pinning_required=True,
            approval_policy="all_external_contributors",
        )
    for repository in world.repositories_of(STRICT):
        repository.actions.approval_policy = "all_external_contributors"
