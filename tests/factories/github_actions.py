"""Valid settings of Actions, with everything closed; a test overrides what it is about."""

from __future__ import annotations

from typing import Any, TypeVar

from hardenme.facts.github.actions import (
    ActionsPolicy,
    ForkApprovalPolicy,
    ForkWorkflowsPolicy,
    OrganizationActions,
    OrganizationForkApproval,
    OrganizationForkWorkflows,
    OrganizationWorkflowToken,
    RepositoryActions,
    RepositoryForkApproval,
    RepositoryForkWorkflows,
    RepositoryWorkflowToken,
    SettingPlace,
    WorkflowTokenPolicy,
)
from hardenme.facts.github.selected_actions import (
    OrganizationSelectedActions,
    RepositorySelectedActions,
    SelectedActionsPolicy,
    UsedActions,
)
from hardenme.facts.github.site import GitHubFact
from hardenme.model.subject import Subject

F = TypeVar("F", bound=GitHubFact)
ORGANIZATION = Subject("github", "org", "cedar-labs")
REPOSITORY = Subject("github", "repo", "cedar-labs/cone")
ACTIONS: dict[str, Any] = {"allowed": "selected", "pinned": True}
SELECTION: dict[str, Any] = {
    "github_owned": True,
    "verified": False,
    "patterns": ("cedar-labs/*", "alder/press@*"),
}
TOKEN: dict[str, Any] = {"default": "read", "approves": False}
APPROVAL: dict[str, Any] = {"policy": "all_external_contributors"}
FORKS: dict[str, Any] = {"runs": False, "write_tokens": False, "secrets": False, "waits": True}
CLOSED: dict[type[GitHubFact], dict[str, Any]] = {
    OrganizationActions: ACTIONS | {"enabled_repositories": "all"},
    RepositoryActions: ACTIONS | {"enabled": True},
    ActionsPolicy: ACTIONS,
    OrganizationSelectedActions: SELECTION,
    RepositorySelectedActions: SELECTION,
    SelectedActionsPolicy: SELECTION,
    UsedActions: {"patterns": ("alder/press@*",)},
    OrganizationWorkflowToken: TOKEN,
    RepositoryWorkflowToken: TOKEN,
    WorkflowTokenPolicy: TOKEN,
    OrganizationForkApproval: APPROVAL,
    RepositoryForkApproval: APPROVAL,
    ForkApprovalPolicy: APPROVAL,
    OrganizationForkWorkflows: FORKS,
    RepositoryForkWorkflows: FORKS,
    ForkWorkflowsPolicy: FORKS,
}
PLACE = SettingPlace("cedar-labs")
"""Of cedar-labs; what else is set there is not known."""


def setting(kind: type[F], **overrides: Any) -> F:
    """A setting of that kind, of cedar-labs or of one of its repositories."""
    subject = ORGANIZATION if kind.__name__.startswith("Organization") else REPOSITORY
    given: dict[str, Any] = {"subject": subject, "within": subject, "label": subject.name}
    at: dict[str, Any] = {"at": PLACE} if "at" in kind.__dataclass_fields__ else {}
    return kind(**given | at | CLOSED[kind] | overrides)
