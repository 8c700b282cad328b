"""The rules of the default branch: rulesets, classic protection, and both together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hardenme.facts.github.repository import ADMINISTRATION, METADATA, Repository
from hardenme.facts.github.site import GitHubFact
from hardenme.model.fact import Fact, key
from hardenme.model.permission import Requirement


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchRules(GitHubFact):
    """What guards a branch; the same fields for each source of rules.

    Attributes:
        branch: the branch's name.
        rules: how many rules there are; 0 where nothing guards it.
        pull_request: changes come by pull request only.
        approvals: approving reviews that a pull request needs.
        dismisses_stale: a new push takes approvals back.
        last_push_approval: somebody other than the last pusher must approve.
        code_owner_review: an owner of the changed code must approve.
        status_checks: the checks that must be green.
        blocks_force_push: history cannot be rewritten.
        blocks_deletion: the branch cannot be deleted.
        signatures: commits must be signed.
        conversations: review threads must be resolved.
        linear_history: no merge commits.
        restricts_pushes: only named people, teams or apps can push.
    """

    branch: str = key("name")
    rules: int = key("type")
    pull_request: bool = key("type", "requiresApprovingReviews")
    approvals: int = key("requiredApprovingReviewCount")
    dismisses_stale: bool = key("dismissStaleReviewsOnPush", "dismissesStaleReviews")
    last_push_approval: bool = key("requireLastPushApproval")
    code_owner_review: bool = key("requireCodeOwnerReview", "requiresCodeOwnerReviews")
    status_checks: tuple[str, ...] = key("requiredStatusChecks", "requiredStatusCheckContexts")
    blocks_force_push: bool = key("type", "allowsForcePushes")
    blocks_deletion: bool = key("type", "allowsDeletions")
    signatures: bool = key("type", "requiresCommitSignatures")
    conversations: bool = key("requiredReviewThreadResolution", "requiresConversationResolution")
    linear_history: bool = key("type", "requiresLinearHistory")
    restricts_pushes: bool = key("type", "restrictsPushes")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveRulesets(BranchRules):
    """The active rules of all rulesets that bind the default branch, the organization's included.

    Attributes:
        bypassed_by: kinds of actors that may bypass a ruleset; unknown where GitHub leaves it out.
    """

    requirement: ClassVar[Requirement] = METADATA
    source: ClassVar[str] = "POST /graphql defaultBranchRef.rules"
    listed_by: ClassVar[type[Fact] | None] = Repository

    bypassed_by: tuple[str, ...] = key("bypassActors")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassicProtection(BranchRules):
    """The classic branch protection of the default branch.

    Attributes:
        binds_admins: administrators are bound too.
    """

    requirement: ClassVar[Requirement] = ADMINISTRATION
    source: ClassVar[str] = "GET /repos/{owner}/{repo}/branches/{branch}/protection"
    listed_by: ClassVar[type[Fact] | None] = Repository

    binds_admins: bool = key("isAdminEnforced")


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectiveBranchRules(BranchRules):
    """Derived: what guards the default branch, from rulesets and classic protection together.

    A field is known where one source that was read settles it, or where both were read.

    Attributes:
        full_name: `owner/name` of the repository.
        archived: nobody can push to it anyway.
        exists: there is a default branch at all.
        binds_admins: whoever administers the repository is bound too.
    """

    requirement: ClassVar[Requirement] = ADMINISTRATION
    source: ClassVar[str] = "derived from ActiveRulesets and ClassicProtection"
    listed_by: ClassVar[type[Fact] | None] = Repository

    full_name: str = key("nameWithOwner")
    archived: bool = key("isArchived")
    exists: bool = key("defaultBranchRef")
    binds_admins: bool = key("bypassActors", "isAdminEnforced")
