"""Branch protection and rulesets in GraphQL's words."""

from __future__ import annotations

from typing import Any

from hardenme.sandbox.github.access import at_least
from hardenme.sandbox.github.calls import moment
from hardenme.sandbox.github.graph.connections import connection
from hardenme.sandbox.github.graph.seen import Seen, View
from hardenme.sandbox.github.permits import administration, owner
from hardenme.sandbox.github.state.rules import ROLES
from hardenme.sandbox.github.world import (
    BranchProtection,
    BypassActor,
    Organization,
    Repository,
    ReviewProtection,
    Rule,
    Ruleset,
)

PARAMETERS = {
    "pull_request": "PullRequestParameters",
    "required_status_checks": "RequiredStatusChecksParameters",
    "update": "UpdateParameters",
    "required_deployments": "RequiredDeploymentsParameters",
    "commit_message_pattern": "CommitMessagePatternParameters",
    "commit_author_email_pattern": "CommitAuthorEmailPatternParameters",
    "committer_email_pattern": "CommitterEmailPatternParameters",
    "branch_name_pattern": "BranchNamePatternParameters",
    "tag_name_pattern": "TagNamePatternParameters",
    "workflows": "WorkflowsParameters",
    "code_scanning": "CodeScanningParameters",
    "merge_queue": "MergeQueueParameters",
}
# Keys that REST may leave out and that are not null in GraphQL.
ABSENT = {
    "doNotEnforceOnCreate": False,
    "negate": False,
    "requiredReviewThreadResolution": False,
}
MODES = {"always": "ALWAYS", "pull_request": "PULL_REQUEST"}
WRITE = administration("write")
OWNER_WRITE = owner("organization_administration:write")


def view_protection(seen: Seen, repository: Repository, found: BranchProtection) -> View:
    """A classic protection rule."""
    reviews = found.reviews or ReviewProtection(0)
    checks = found.status_checks

    def allowances(logins: list[str]) -> Any:
        def view(login: str) -> View:
            return {"id": f"AL_{found.id}_{login}", "actor": _person(seen, login)}

        return lambda _info, **arguments: connection(logins, view, arguments)

    return {
        "id": f"BPR_{repository.id}_{found.id}",
        "databaseId": found.id,
        "pattern": found.pattern,
        "isAdminEnforced": found.enforce_admins,
        "requiresApprovingReviews": found.reviews is not None,
        "requiredApprovingReviewCount": reviews.required_approving_review_count
        if found.reviews
        else None,
        "dismissesStaleReviews": reviews.dismiss_stale_reviews,
        "requiresCodeOwnerReviews": reviews.require_code_owner_reviews,
        "requireLastPushApproval": reviews.require_last_push_approval,
        "requiresStatusChecks": checks is not None,
        "requiresStrictStatusChecks": checks is not None and checks.strict,
        "requiredStatusCheckContexts": [c for c, _ in checks.checks] if checks else [],
        "requiresCommitSignatures": found.required_signatures,
        "requiresLinearHistory": found.required_linear_history,
        "requiresConversationResolution": found.required_conversation_resolution,
        "allowsForcePushes": found.allow_force_pushes,
        "allowsDeletions": found.allow_deletions,
        "blocksCreations": found.block_creations,
        "restrictsPushes": found.push_users is not None,
        "restrictsReviewDismissals": False,
        "lockBranch": found.lock_branch,
        "lockAllowsFetchAndMerge": found.allow_fork_syncing,
        "bypassPullRequestAllowances": allowances(reviews.bypass_users),
        "bypassForcePushAllowances": allowances(found.force_push_users),
        "pushAllowances": allowances(found.push_users or []),
    }


def _person(seen: Seen, login: str) -> View | None:
    user = seen.world.user(login)
    return seen.view(user) if user else None


def view_update_rule(seen: Seen, repository: Repository, found: BranchProtection) -> View:
    """Classic protection as it binds the viewer: readable without being an administrator."""
    role = seen.caller.role(repository)
    exempt = at_least(role, "admin") and not found.enforce_admins
    reviews = found.reviews
    return {
        "allowsDeletions": found.allow_deletions,
        "allowsForcePushes": found.allow_force_pushes,
        "blocksCreations": found.block_creations,
        "pattern": found.pattern,
        "requiredApprovingReviewCount": reviews.required_approving_review_count
        if reviews and not exempt
        else None,
        "requiredStatusCheckContexts": [c for c, _ in found.status_checks.checks]
        if found.status_checks and not exempt
        else [],
        "requiresCodeOwnerReviews": reviews is not None and reviews.require_code_owner_reviews,
        "requiresConversationResolution": found.required_conversation_resolution,
        "requiresLinearHistory": found.required_linear_history,
        "requiresSignatures": found.required_signatures,
        "viewerAllowedToDismissReviews": at_least(role, "write"),
        "viewerCanPush": at_least(role, "write"),
    }


def view_rule(seen: Seen, repository: Repository | None, ruleset: Ruleset, index: int) -> View:
    """One rule, with a way back to its ruleset."""
    rule = ruleset.rules[index]
    return {
        "id": f"RRU_{ruleset.id}_{index}",
        "type": rule.type.upper(),
        "parameters": _parameters(rule),
        "repositoryRuleset": lambda _info: view_ruleset(seen, repository, ruleset),
    }


def _parameters(rule: Rule) -> View | None:
    if not rule.parameters or rule.type not in PARAMETERS:
        return None
    return {**ABSENT, **_camel(rule.parameters), "__typename": PARAMETERS[rule.type]}


def _camel(value: Any) -> Any:
    """REST's parameters with GraphQL's names."""
    if isinstance(value, list):
        return [_camel(item) for item in value]
    if not isinstance(value, dict):
        return value
    named = {}
    for key, inner in value.items():
        head, *rest = key.split("_")
        named[head + "".join(part.capitalize() for part in rest)] = _camel(inner)
    return named


def view_ruleset(seen: Seen, repository: Repository | None, ruleset: Ruleset) -> View:
    """A ruleset; only those who may write it see who can bypass it.

    Args:
        seen: the query.
        repository: where the query met it; None on the organization itself.
        ruleset: the ruleset.
    """

    def rules(_info: object, **arguments: Any) -> View:
        kind = arguments.get("type")
        chosen = [i for i, r in enumerate(ruleset.rules) if kind in {None, r.type.upper()}]
        return connection(chosen, lambda i: view_rule(seen, repository, ruleset, i), arguments)

    def bypass_actors(_info: object, **arguments: Any) -> View:
        if ruleset.source_type == "Organization":
            seen.need(OWNER_WRITE, seen.world.organization(ruleset.source))
        else:
            seen.need(WRITE, repository)
        return connection(ruleset.bypass_actors, lambda a: _bypass(ruleset, a), arguments)

    conditions: View = {"refName": {"include": ruleset.include, "exclude": ruleset.exclude}}
    if ruleset.source_type == "Organization":
        conditions["repositoryName"] = {
            "include": ruleset.repositories,
            "exclude": ruleset.excluded_repositories,
            "protected": False,
        }
    return {
        "id": ruleset.node_id,
        "databaseId": ruleset.id,
        "name": ruleset.name,
        "enforcement": ruleset.enforcement.upper(),
        "target": ruleset.target.upper(),
        "createdAt": moment(ruleset.created_at),
        "updatedAt": moment(ruleset.updated_at),
        "conditions": conditions,
        "source": lambda _info: _source(seen, repository, ruleset),
        "rules": rules,
        "bypassActors": bypass_actors,
    }


def _source(seen: Seen, repository: Repository | None, ruleset: Ruleset) -> View:
    organization: Organization | None = seen.world.organization(ruleset.source)
    if ruleset.source_type == "Organization" and organization is not None:
        return seen.view(organization)
    if repository is None:
        raise LookupError(f"the scenario's ruleset has no source: {ruleset.source}")
    return seen.view(repository)


def _bypass(ruleset: Ruleset, actor: BypassActor) -> View:
    """An actor; a single user and the mode `exempt` have no words in this schema."""
    app_or_team = {"Integration": "App", "Team": "Team"}.get(actor.actor_type)
    name = f"{actor.actor_type.lower()}-{actor.actor_id}"
    is_role = actor.actor_type == "RepositoryRole"
    return {
        "id": f"RBA_{ruleset.id}_{name}",
        "bypassMode": MODES.get(actor.bypass_mode),
        "deployKey": actor.actor_type == "DeployKey",
        "enterpriseOwner": False,
        "organizationAdmin": actor.actor_type == "OrganizationAdmin",
        "repositoryRoleDatabaseId": actor.actor_id if is_role else None,
        "repositoryRoleName": ROLES.get(actor.actor_id or 0) if is_role else None,
        "actor": {
            "__typename": app_or_team,
            "id": f"{app_or_team}_{actor.actor_id}",
            "databaseId": actor.actor_id,
            "slug": name,
            "name": name,
        }
        if app_or_team
        else None,
    }
