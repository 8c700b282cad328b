"""Settings of Actions, of an organization or of a repository."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(slots=True)
class ForkWorkflows:
    """What pull requests from forks of private repositories may do; the names are GitHub's."""

    run_workflows_from_fork_pull_requests: bool = False
    send_write_tokens_to_workflows: bool = False
    send_secrets_and_variables: bool = False
    require_approval_for_fork_pr_workflows: bool = False


@dataclass(slots=True)
class ActionsPolicy:
    """Actions settings of an organization or of a repository.

    Attributes:
        enabled: for an organization all, none or selected; for a repository all or none.
        github_owned_allowed: where `allowed_actions` is selected: GitHub's own may be used.
        verified_allowed: the same of those whose makers GitHub verified.
        patterns_allowed: the same of those that these patterns name.
        approval_policy: whose pull requests from forks wait for a maintainer.
        forks: the same of private repositories.
    """

    enabled: Literal["all", "none", "selected"] = "all"
    allowed_actions: Literal["all", "local_only", "selected"] = "all"
    sha_pinning_required: bool = False
    default_workflow_permissions: Literal["read", "write"] = "read"
    can_approve_pull_request_reviews: bool = False
    github_owned_allowed: bool = True
    verified_allowed: bool = False
    patterns_allowed: list[str] = field(default_factory=list)
    approval_policy: Literal[
        "first_time_contributors_new_to_github",
        "first_time_contributors",
        "all_external_contributors",
    ] = "first_time_contributors"
    forks: ForkWorkflows = field(default_factory=ForkWorkflows)
