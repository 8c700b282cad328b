"""What workflows can do: settings of an organization, of a repository, and which one applies.

Source: GitHub's "REST API endpoints for GitHub Actions permissions".
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal

from hardenme.facts.github import endpoints
from hardenme.facts.github.organization import OWNERS_VIEW
from hardenme.facts.github.repository import ADMINISTRATION, RepositoryFact
from hardenme.facts.github.site import GitHubFact, OrganizationFact
from hardenme.model.depth import Depth
from hardenme.model.fact import Endpoint, Fact, key
from hardenme.model.permission import Requirement

EITHER = Requirement((*OWNERS_VIEW.alternatives, *ADMINISTRATION.alternatives))
ORGANIZATION = "/orgs/{org}/actions/permissions"
REPOSITORY = endpoints.ACTIONS.path
RESTRICTED = frozenset({"selected", "local_only"})
"""Words for the allowed actions, where these are not all."""


def _known(fact: Fact) -> dict[str, Any]:
    """The fields that are known."""
    names = {item.name for item in fields(fact)} - fact.unknown_fields().keys()
    return {name: getattr(fact, name) for name in names}


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedActions(GitHubFact):
    """Which actions workflows can use.

    Attributes:
        allowed: `all`, `local_only` (the owner's own), or `selected`.
        pinned: an action must be named by a commit's full hash.
    """

    allowed: Literal["all", "local_only", "selected"] = key("allowed_actions")
    pinned: bool = key("sha_pinning_required")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationActions(AllowedActions, OrganizationFact):
    """Whether and how an organization's repositories may use Actions (subject `github:org/ORG`).

    Attributes:
        enabled_repositories: `all`, `none` or `selected`.
    """

    requirement = OWNERS_VIEW
    endpoint = Endpoint(ORGANIZATION, identity="enabled_repositories")

    enabled_repositories: Literal["all", "none", "selected"] = key("enabled_repositories")

    def binds(self) -> bool:
        """Whether it is known to leave nothing that counts to the repositories."""
        known = _known(self)
        restricted = known.get("allowed") in RESTRICTED and known.get("pinned") is True
        return restricted or known.get("enabled_repositories") == "none"

    def selects(self) -> bool:
        """Whether it is known to leave its repositories no selection of their own."""
        known = _known(self)
        return known.get("allowed") in RESTRICTED or known.get("enabled_repositories") == "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryActions(AllowedActions, RepositoryFact):
    """Whether and how a repository may use Actions.

    Attributes:
        enabled: workflows run at all.
    """

    requirement = ADMINISTRATION
    endpoint = endpoints.ACTIONS
    gates = ("enabled_repositories",)
    depth = Depth.STANDARD

    enabled: bool = key("enabled")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowToken(GitHubFact):
    """The default permissions of GITHUB_TOKEN.

    Attributes:
        default: `read` or `write`.
        approves: it may open pull requests and approve them.
    """

    default: Literal["read", "write"] = key("default_workflow_permissions")
    approves: bool = key("can_approve_pull_request_reviews")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationWorkflowToken(WorkflowToken, OrganizationFact):
    """The default permissions of GITHUB_TOKEN in an organization."""

    requirement = OWNERS_VIEW
    endpoint = Endpoint(f"{ORGANIZATION}/workflow")

    def binds(self) -> bool:
        """Whether it is known to leave nothing that counts to the repositories."""
        known = _known(self)
        return known.get("default") == "read" and known.get("approves") is False


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryWorkflowToken(WorkflowToken, RepositoryFact):
    """The default permissions of GITHUB_TOKEN in a repository."""

    requirement = ADMINISTRATION
    endpoint = Endpoint(f"{REPOSITORY}/workflow")
    depth = Depth.STANDARD


@dataclass(frozen=True, slots=True, kw_only=True)
class ForkApproval(GitHubFact):
    """Whose pull requests from forks of public repositories need a maintainer's approval.

    Attributes:
        policy: `first_time_contributors_new_to_github`, `first_time_contributors` or
            `all_external_contributors`.
    """

    policy: Literal[
        "first_time_contributors_new_to_github",
        "first_time_contributors",
        "all_external_contributors",
    ] = key("approval_policy")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationForkApproval(ForkApproval, OrganizationFact):
    """Whose pull requests need approval in an organization; a repository can have its own."""

    requirement = OWNERS_VIEW
    endpoint = Endpoint(f"{ORGANIZATION}/fork-pr-contributor-approval")


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryForkApproval(ForkApproval, RepositoryFact):
    """Whose pull requests from forks need approval in a public repository."""

    requirement = ADMINISTRATION
    endpoint = Endpoint(f"{REPOSITORY}/fork-pr-contributor-approval")
    depth = Depth.DEEP


@dataclass(frozen=True, slots=True, kw_only=True)
class ForkWorkflows(GitHubFact):
    """What pull requests from forks of private repositories can do.

    Attributes:
        runs: workflows run for them.
        write_tokens: these workflows get a token that may write.
        secrets: these workflows get the secrets.
        waits: a maintainer has to approve each run.
    """

    runs: bool = key("run_workflows_from_fork_pull_requests")
    write_tokens: bool = key("send_write_tokens_to_workflows")
    secrets: bool = key("send_secrets_and_variables")
    waits: bool = key("require_approval_for_fork_pr_workflows")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationForkWorkflows(ForkWorkflows, OrganizationFact):
    """What forks' pull requests get; what an organization has off, no repository can have on."""

    requirement = OWNERS_VIEW
    endpoint = Endpoint(f"{ORGANIZATION}/fork-pr-workflows-private-repos")

    def binds(self) -> bool:
        """Whether it is known to leave nothing that counts to the repositories."""
        known = _known(self)
        return known.get("write_tokens") is False and known.get("secrets") is False


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryForkWorkflows(ForkWorkflows, RepositoryFact):
    """What pull requests from forks get in a private repository."""

    requirement = ADMINISTRATION
    endpoint = Endpoint(f"{REPOSITORY}/fork-pr-workflows-private-repos")
    depth = Depth.DEEP


@dataclass(frozen=True, slots=True)
class SettingPlace:
    """The organization or repository of a setting, and what else is known of it.

    Attributes:
        organization: the login of the organization that it is of, or that owns the repository;
            empty for a person's repository.
        idle: why the setting decides nothing here: `disabled` (Actions are off), `archived`,
            `private` or `public` (it is for the others); empty if it may decide.
    """

    organization: str = ""
    idle: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionsPolicy(AllowedActions):
    """Which actions can be used in an organization, or in a repository under its organization.

    Its subject is `github:repo/OWNER/REPO`, or the organization.

    Attributes:
        at: where it is configured.
    """

    requirement = EITHER
    source = "derived from OrganizationActions and RepositoryActions"

    at: SettingPlace = key()


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowTokenPolicy(WorkflowToken):
    """GITHUB_TOKEN's default in an organization, or in a repository under its organization.

    Its subject is `github:repo/OWNER/REPO`, or the organization.

    Attributes:
        at: where it is configured.
    """

    requirement = EITHER
    source = "derived from OrganizationWorkflowToken and RepositoryWorkflowToken"

    at: SettingPlace = key()


@dataclass(frozen=True, slots=True, kw_only=True)
class ForkApprovalPolicy(ForkApproval):
    """Whose pull requests from forks need approval: an organization's default, or a repository's.

    Its subject is `github:repo/OWNER/REPO`, or the organization.

    Attributes:
        at: where it is configured.
    """

    requirement = EITHER
    source = "derived from OrganizationForkApproval and RepositoryForkApproval"

    at: SettingPlace = key()


@dataclass(frozen=True, slots=True, kw_only=True)
class ForkWorkflowsPolicy(ForkWorkflows):
    """What pull requests from forks can do in an organization, or in a repository under it.

    Its subject is `github:repo/OWNER/REPO`, or the organization.

    Attributes:
        at: where it is configured.
    """

    requirement = EITHER
    source = "derived from OrganizationForkWorkflows and RepositoryForkWorkflows"

    at: SettingPlace = key()
