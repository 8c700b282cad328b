"""The rules of the default branch: rulesets, classic protection, and both together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import quote

from hardenme.facts.github.repository import (
    ADMINISTRATION,
    METADATA,
    Repository,
)
from hardenme.facts.github.ruleset import RulesetPassing, RulesetSeen
from hardenme.facts.github.site import GitHubFact
from hardenme.model.depth import Depth
from hardenme.model.fact import NULLABLE, RAW, Fact, key
from hardenme.model.permission import Requirement, any_of, classic, fine_grained, role

WRITES_RULES = any_of(
    {classic("repo"), role("repository admin")},
    {fine_grained("administration:write"), role("repository admin")},
    {fine_grained("organization_administration:write"), role("organization owner")},
)
"""Who may change a ruleset of a repository, or one of an organization.

Source: GitHub's description of rulesets (`bypass_actors`), and its list of permissions of
fine-grained tokens.
"""


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
        ruleset_ids: GitHub's numbers of the rulesets that the rules come from.
        shared_ids: those of them that are known to come from above the repository, so that they
            are the same in many.
        told: what else is shown of them.
    """

    requirement: ClassVar[Requirement] = METADATA
    source: ClassVar[str] = "POST /graphql defaultBranchRef.rules"
    noun: ClassVar[str] = "default branch"
    listed_by: ClassVar[type[Fact] | None] = Repository

    ruleset_ids: tuple[int, ...] = key("databaseId")
    shared_ids: tuple[int, ...] = field(default=(), metadata={RAW: (), NULLABLE: False})
    told: tuple[RulesetSeen, ...] = field(default=(), metadata={RAW: (), NULLABLE: False})


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesetBypass(GitHubFact):
    """Whether administrators may bypass the rulesets of the default branch.

    Attributes:
        rulesets: how many rulesets there are.
        admins_bypass: an administrator of the repository, or an owner of the organization, may
            bypass one of them.
        passing: who may bypass each of those that were shown.
    """

    requirement: ClassVar[Requirement] = METADATA
    guarded_keys: ClassVar[Mapping[str, Requirement]] = {"bypass_actors": WRITES_RULES}
    source: ClassVar[str] = "GET /repos/{owner}/{repo}/rulesets/{ruleset_id}"
    depth: ClassVar[Depth] = Depth.STANDARD
    listed_by: ClassVar[type[Fact] | None] = Repository

    rulesets: int = key()
    admins_bypass: bool = key("bypass_actors", "current_user_can_bypass")
    passing: tuple[RulesetPassing, ...] = field(default=(), metadata={RAW: (), NULLABLE: False})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassicProtection(BranchRules):
    """The classic branch protection of the default branch.

    Attributes:
        binds_admins: administrators are bound too.
        offered: false where GitHub says that the owner's plan has no protection for this
            repository ("Upgrade to GitHub Pro or make this repository public"); `rules` is 0 then.
    """

    requirement: ClassVar[Requirement] = ADMINISTRATION
    source: ClassVar[str] = "GET /repos/{owner}/{repo}/branches/{branch}/protection"
    noun: ClassVar[str] = "default branch"
    listed_by: ClassVar[type[Fact] | None] = Repository

    binds_admins: bool = key("isAdminEnforced")
    offered: bool = field(default=True, metadata={RAW: ("message",), NULLABLE: False})


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectiveBranchRules(BranchRules):
    """What guards the default branch: rulesets and classic protection together.

    GitHub layers all sources and the strictest rule counts. So a guard is known to stand as soon
    as one source that was read sets it; that it does not stand is known where both were read.

    `rules`, `approvals` and `status_checks` are known where both sources are; what one source
    alone proves stands in the `least_` fields.

    Attributes:
        full_name: `owner/name` of the repository.
        archived: nobody can push to it anyway.
        exists: there is a default branch at all; false in an empty repository.
        protected: at least one rule guards it.
        guarded_by: the sources that are known to guard it: `rulesets` and `classic protection`.
        least_approvals: approving reviews needed by the sources that were read; a lower bound.
        least_checks: how many status checks these need; a lower bound.
        binds_admins: whoever administers the repository is bound too.
        exempted_by: the sources that are known to let administrators past their rules.
        offered: false where the owner's plan has no branch protection for this repository.
        in_organization: an organization owns the repository, so that it can set rules for all.
    """

    requirement: ClassVar[Requirement] = ADMINISTRATION
    source: ClassVar[str] = "derived from ActiveRulesets, RulesetBypass and ClassicProtection"
    listed_by: ClassVar[type[Fact] | None] = Repository

    full_name: str = key("nameWithOwner")
    archived: bool = key("isArchived")
    exists: bool = key("defaultBranchRef", "isEmpty")
    protected: bool = key("type", "branchProtectionRule")
    guarded_by: tuple[str, ...] = key("type", "branchProtectionRule")
    least_approvals: int = key("requiredApprovingReviewCount")
    least_checks: int = key("requiredStatusChecks", "requiredStatusCheckContexts")
    binds_admins: bool = key("bypass_actors", "current_user_can_bypass", "isAdminEnforced")
    exempted_by: tuple[str, ...] = key("bypass_actors", "isAdminEnforced")
    offered: bool = key("message")
    in_organization: bool = key("isInOrganization")

    @property
    def protection_address(self) -> str:
        """Where the API has the branch's classic protection, as `gh api` takes it."""
        branch = quote(self.branch, safe="", errors="surrogatepass")
        return f"repos/{self.full_name}/branches/{branch}/protection"

    def approves(self, number: int) -> bool:
        """Whether a change needs at least this many approving reviews.

        Raises:
            NotKnownError: what was read proves fewer, and the rest was not read.
        """
        return self.least_approvals >= number or self.approvals >= number

    def requires_checks(self) -> bool:
        """Whether a change needs at least one green status check.

        Raises:
            NotKnownError: what was read proves none, and the rest was not read.
        """
        return bool(self.least_checks or self.status_checks)
