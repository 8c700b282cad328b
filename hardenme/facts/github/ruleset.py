"""The rules of a ruleset or of classic protection, and who can bypass them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hardenme.model.fact import given, graphql, key
from hardenme.model.known import Known
from hardenme.model.values import text

BYPASS = "bypass_actors"
"""The key that shows who may bypass a ruleset: a rule that every writer may bypass is none."""
SHOWN_BYPASS = "bypassActors"
REVIEWERS = tuple(
    f"rules/parameters/required_reviewers/{name}"
    for name in ("minimum_approvals", "file_patterns", "reviewer/type")
)
ENFORCEMENTS = {"ACTIVE": "active", "DISABLED": "disabled", "EVALUATE": "evaluate"}
MODES = {"ALWAYS": "always", "PULL_REQUEST": "pull_request", "EXEMPT": "exempt"}
"""GraphQL's words, with those of REST."""
ABOVE = frozenset({"Organization", "Enterprise"})
"""What a ruleset comes from that is not the repository's own."""
"""The same in GraphQL."""
REF_KEYS = (
    "enforcement",
    "include",
    "exclude",
    "type",
    SHOWN_BYPASS,
    "bypassMode",
    "repositoryRoleDatabaseId",
    "nodes/databaseId",
    "conditions/refName",
    *("rules/nodes", "rules/totalCount"),
    *("bypassActors/nodes", "bypassActors/totalCount"),
    *("source/__typename", "repository/viewerCanAdminister"),
)
"""What GraphQL shows a ruleset with its patterns by."""


@dataclass(frozen=True, kw_only=True)
class Guards:
    """The rules of a branch; the same fields for each source of rules.

    Attributes:
        rules: how many rules there are; 0 if nothing guards it.
        pull_request: changes come by pull request only.
        approvals: approving reviews that a pull request needs.
        dismisses_stale: a new push takes approvals back.
        last_push_approval: someone other than the last pusher must approve.
        code_owner_review: an owner of the changed code must approve.
        status_checks: the checks that must be green.
        blocks_force_push: history cannot be rewritten.
        blocks_deletion: the branch cannot be deleted.
        signatures: commits must be signed.
        conversations: review threads must be resolved.
        linear_history: no merge commits.
        restricts_pushes: only named people, teams or apps can push.
    """

    # Without slots of its own it can be combined with another base that has some.
    __slots__ = ()

    rules: int = key("type")
    pull_request: bool = key("type", "requiresApprovingReviews", BYPASS)
    # What a bypass list takes from it shows in `least_approvals`, which is read with it.
    approvals: int = key("requiredApprovingReviewCount")
    dismisses_stale: bool = key("dismissStaleReviewsOnPush", "dismissesStaleReviews", BYPASS)
    last_push_approval: bool = key("requireLastPushApproval", BYPASS)
    code_owner_review: bool = key("requireCodeOwnerReview", "requiresCodeOwnerReviews", BYPASS)
    status_checks: tuple[str, ...] = key(
        "requiredStatusChecks", "requiredStatusCheckContexts", BYPASS
    )
    blocks_force_push: bool = key("type", "allowsForcePushes", BYPASS)
    blocks_deletion: bool = key("type", "allowsDeletions", BYPASS)
    signatures: bool = key("type", "requiresCommitSignatures", BYPASS)
    conversations: bool = key(
        "requiredReviewThreadResolution", "requiresConversationResolution", BYPASS
    )
    linear_history: bool = key("type", "requiresLinearHistory", BYPASS)
    restricts_pushes: bool = key("type", "restrictsPushes", BYPASS)


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesetSeen(Known):
    """A ruleset, as the lists of a repository show it. Each field can be unknown by itself.

    Attributes:
        number: GitHub's number of it.
        name: what it is called.
        above: it is the organization's or its enterprise's, and the same for many repositories.
        created_at: when it was made.
        updated_at: when it was last changed.
    """

    number: int = key("databaseId")
    name: str = key("name")
    above: bool = key("source/__typename", by=lambda kind: text(kind) in ABOVE)
    created_at: datetime = key("createdAt")
    updated_at: datetime = key("updatedAt")


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesetRules(RulesetSeen, Guards):
    """A ruleset with its rules that apply to the branch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BypassActor(Known):
    """An entry of a ruleset's bypass list.

    Attributes:
        kind: GitHub's `actor_type`, such as `Team` or `RepositoryRole`.
        number: which one of its kind; None if GitHub gives none.
        mode: `always`, `pull_request` or `exempt`.
    """

    kind: str = key("actor_type")
    number: int | None = key(
        "actor_id", nullable=True, graph=graphql("repositoryRoleDatabaseId", nullable=True)
    )
    mode: str = key("bypass_mode", graph=graphql("bypassMode", by=MODES.__getitem__))


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesetDetail(Known):
    """What only a single ruleset shows: who can bypass it, and which teams must approve.

    Attributes:
        number: GitHub's number of it.
        above: as in `RulesetSeen`.
        actors: its bypass list; GitHub shows it to who may change the ruleset.
        viewer: how the account itself may bypass it: `always`, `pull_requests_only`, `exempt` or
            `never`.
        team_approvals: approvals that a team has to give to every change, whatever files it is of.
        team_owns_github: a team has to approve each change of a file in `.github`.
    """

    number: int = given("the list of rulesets")
    above: bool = given("the list of rulesets")
    actors: tuple[BypassActor, ...] = key(BYPASS)
    viewer: Literal["always", "pull_requests_only", "never", "exempt"] = key(
        "current_user_can_bypass"
    )
    team_approvals: int = key("rules/type", *REVIEWERS)
    team_owns_github: bool = key("rules/type", *REVIEWERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefRuleset(Known):
    """A ruleset for branches or for tags, with the patterns of their names.

    It is of the repository or of its owner.

    Attributes:
        number: GitHub's number of it.
        enforcement: `active`, `evaluate` or `disabled`; the last two protect nothing.
        include: patterns of what it is for, as full references.
        exclude: patterns of what it is not for.
        rules: the types of its rules, like `update`.
        actors: its bypass list; GitHub shows it to who may change the ruleset.
    """

    number: int = key("databaseId")
    enforcement: str = key("enforcement", by=ENFORCEMENTS.__getitem__)
    include: tuple[str, ...] = key("conditions/refName/include")
    exclude: tuple[str, ...] = key("conditions/refName/exclude")
    rules: tuple[str, ...] = key("rules/nodes/type", "rules/totalCount")
    actors: tuple[BypassActor, ...] = key("bypassActors/nodes", "bypassActors/totalCount")
