"""The rules of the default branch: rulesets, classic protection, and both together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import quote

from hardenme.facts.github.repository import (
    ADMINISTRATION,
    METADATA,
    RepositoryFact,
)
from hardenme.facts.github.ruleset import BYPASS, Guards, RulesetDetail, RulesetRules
from hardenme.facts.github.site import GitHubFact
from hardenme.model.depth import Depth
from hardenme.model.fact import Endpoint, key
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
class BranchRules(GitHubFact, Guards):
    """The rules of a branch, with the branch's name.

    Attributes:
        branch: the branch's name.
    """

    branch: str = key("name")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveRulesets(RepositoryFact):
    """The active rulesets that bind the default branch, the organization's included.

    Attributes:
        branch: the branch's name.
        rulesets: each of them, with its rules for this branch.
    """

    requirement = METADATA
    source = "POST /graphql defaultBranchRef.rules"
    noun = "default branch"

    gates = ("defaultBranchRef/rules/nodes", "rules/totalCount")

    branch: str = key("name")
    rulesets: tuple[RulesetRules, ...] = key(
        "defaultBranchRef/rules/nodes/parameters/requiredStatusChecks/context",
        "nodes/repositoryRuleset",
        "type",
        "databaseId",
        "dismissStaleReviewsOnPush",
        "requireCodeOwnerReview",
        "requireLastPushApproval",
        "requiredApprovingReviewCount",
        "requiredReviewThreadResolution",
        "requiredStatusChecks",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesetBypass(RepositoryFact):
    """What only the single rulesets of the default branch show.

    Attributes:
        details: one of each ruleset; what was not shown of it is unknown.
    """

    requirement = METADATA
    guarded_keys: ClassVar[Mapping[str, Requirement]] = {BYPASS: WRITES_RULES}
    endpoint = Endpoint("/repos/{owner}/{repo}/rulesets/{ruleset_id}")
    depth = Depth.STANDARD

    details: tuple[RulesetDetail, ...] = key(
        BYPASS, "current_user_can_bypass", "rules", "required_reviewers"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassicProtection(BranchRules, RepositoryFact):
    """The classic branch protection of the default branch.

    Attributes:
        binds_admins: administrators are bound too.
        pull_request_bypass: someone can push without the pull request that it requires.
        force_push_bypass: someone can force push although it blocks that. REST does not show it.
        offered: false if the owner's plan has no protection for this repository ("Upgrade to GitHub
            Pro or make this repository public"). `rules` is 0 then.
    """

    requirement = ADMINISTRATION
    endpoint = Endpoint("/repos/{owner}/{repo}/branches/{branch}/protection")
    noun = "default branch"

    gates = (
        *("viewerCanAdminister", "defaultBranchRef/branchProtectionRule", "requiresStatusChecks"),
    )

    binds_admins: bool = key("isAdminEnforced")
    pull_request_bypass: bool = key("bypassPullRequestAllowances/totalCount")
    force_push_bypass: bool = key("bypassForcePushAllowances/totalCount")
    offered: bool = key("message", "repository/visibility")


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultBranch(RepositoryFact):
    """The default branch, and whether any rule protects it.

    Attributes:
        branch: its name.
        full_name: `owner/name` of the repository.
        archived: no one can push to it anyway.
        exists: there is a default branch at all; false in an empty repository.
        protected: at least one rule guards it.
        rules: how many rules do; known where all sources are.
        guarded_by: the sources that are known to guard it: `rulesets` and `classic protection`.
        offered: false where the owner's plan has no branch protection for this repository.
        in_organization: an organization owns the repository, so that it can set rules for all.
    """

    requirement = ADMINISTRATION
    source = "derived from ActiveRulesets and ClassicProtection"

    branch: str = key("name")
    full_name: str = key("nameWithOwner")
    archived: bool = key("isArchived")
    exists: bool = key("defaultBranchRef", "isEmpty")
    protected: bool = key("type", "branchProtectionRule")
    rules: int = key("type", "branchProtectionRule")
    guarded_by: tuple[str, ...] = key("type", "branchProtectionRule")
    offered: bool = key("message")
    in_organization: bool = key("isInOrganization")


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectiveBranchRules(DefaultBranch, Guards):
    """The rules of the default branch: rulesets and classic protection together.

    GitHub layers all sources, and the strictest rule counts. So a guard is known to apply as soon
    as one source that was read sets it and does not let every writer bypass it. That it does not
    apply is known only when all were read. `rules`, `protected` and `guarded_by` count every rule,
    no matter whom it applies to.

    `rules`, `approvals` and `status_checks` are known where all sources are. The `least_` fields
    hold what one source alone proves.

    Attributes:
        least_approvals: approving reviews needed by the sources that were read; a lower bound.
        least_checks: how many status checks these need; a lower bound.
        team_review: a ruleset asks a team to approve each change in `.github`.
        binds_everybody: no one can bypass the rules, admins included.
        exempted_by: what is known to let someone past: `rulesets`, `classic protection` where it
            does not bind administrators, and `allowed actors` where it names who is let past.
        writers_bypass: a ruleset is known to let every writer or maintainer past its rules.
    """

    source = "derived from ActiveRulesets, RulesetBypass and ClassicProtection"

    least_approvals: int = key("requiredApprovingReviewCount", BYPASS)
    least_checks: int = key("requiredStatusChecks", "requiredStatusCheckContexts", BYPASS)
    team_review: bool = key("required_reviewers", BYPASS)
    binds_everybody: bool = key(
        BYPASS,
        "current_user_can_bypass",
        "isAdminEnforced",
        "bypassPullRequestAllowances",
        "bypassForcePushAllowances",
    )
    exempted_by: tuple[str, ...] = key(BYPASS, "isAdminEnforced")
    writers_bypass: bool = key(BYPASS)

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
