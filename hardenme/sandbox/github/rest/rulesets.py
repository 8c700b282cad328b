"""Rulesets, and the rules that bind a branch."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hardenme.sandbox.github.calls import Answer, PermittedRequest, Route, invalid, moment, problem
from hardenme.sandbox.github.pages import PagedAnswer
from hardenme.sandbox.github.permits import administration, owner, readable
from hardenme.sandbox.github.rest.branch import UPGRADE
from hardenme.sandbox.github.state.rules import ROLES
from hardenme.sandbox.github.world import Rule, Ruleset, RuleSuite

WRITE = administration("write")
OWNER_WRITE = owner("organization_administration:write")


def ruleset_entry(call: PermittedRequest, ruleset: Ruleset) -> dict[str, Any]:
    """A ruleset as lists show it: without rules, conditions and actors."""
    if ruleset.source_type == "Organization":
        path, page = f"orgs/{ruleset.source}", f"organizations/{ruleset.source}/settings"
    else:
        path, page = f"repos/{ruleset.source}", ruleset.source
    return {
        "id": ruleset.id,
        "name": ruleset.name,
        "target": ruleset.target,
        "source_type": ruleset.source_type,
        "source": ruleset.source,
        "enforcement": ruleset.enforcement,
        "node_id": ruleset.node_id,
        "_links": {
            "self": {"href": f"{call.api}/{path}/rulesets/{ruleset.id}"},
            "html": {"href": f"{call.web}/{page}/rules/{ruleset.id}"},
        },
        "created_at": moment(ruleset.created_at),
        "updated_at": moment(ruleset.updated_at),
    }


def ruleset_detail(
    call: PermittedRequest, ruleset: Ruleset, *, writes: bool, bypass: str
) -> dict[str, Any]:
    """A ruleset by itself; `bypass_actors` only to who may write the ruleset."""
    conditions: dict[str, Any] = {
        "ref_name": {"include": ruleset.include, "exclude": ruleset.exclude}
    }
    if ruleset.source_type == "Organization":
        conditions["repository_name"] = {
            "include": ruleset.repositories,
            "exclude": ruleset.excluded_repositories,
            "protected": False,
        }
    data = ruleset_entry(call, ruleset) | {
        "conditions": conditions,
        "rules": [rule_shape(rule) for rule in ruleset.rules],
        "current_user_can_bypass": bypass,
    }
    if writes:
        data["bypass_actors"] = [
            {name: getattr(actor, name) for name in actor.__slots__}
            for actor in ruleset.bypass_actors
        ]
    return data


def rule_shape(rule: Rule) -> dict[str, Any]:
    """A rule; types without parameters have no such key."""
    return {"type": rule.type} | ({"parameters": rule.parameters} if rule.parameters else {})


def _bypass(call: PermittedRequest, ruleset: Ruleset) -> str:
    """How the user passes by a ruleset: as its actor, or as an actor's role."""
    user, role = call.caller.user, call.caller.role(call.repository)
    owns = call.caller.member_role(call.world.organization(call.repository.owner)) == "admin"
    for actor in ruleset.bypass_actors:
        if (
            (actor.actor_type == "User" and user is not None and actor.actor_id == user.id)
            or (actor.actor_type == "OrganizationAdmin" and owns)
            or (
                actor.actor_type == "RepositoryRole"
                and role is not None
                and ROLES.get(actor.actor_id or 0) == role
            )
        ):
            modes = {"pull_request": "pull_requests_only", "exempt": "exempt"}
            return modes.get(actor.bypass_mode, "always")
    return "never"


def rulesets(call: PermittedRequest) -> Answer:
    """The rulesets of a repository, with those that it inherits."""
    if not call.world.rules_offered(call.repository):
        return problem(403, UPGRADE)
    parents = call.option("includes_parents", "true") == "true"
    targets = call.option("targets", "branch,tag,push").split(",")
    found = [
        s for s in call.world.rulesets_of(call.repository, parents=parents) if s.target in targets
    ]
    return PagedAnswer(found, lambda s: ruleset_entry(call, s))


def ruleset(call: PermittedRequest) -> Answer:
    """One ruleset with its rules."""
    if not call.world.rules_offered(call.repository):
        return problem(403, UPGRADE)
    parents = call.option("includes_parents", "true") == "true"
    number = call.names["ruleset_id"]
    known = call.world.rulesets_of(call.repository, parents=parents)
    found = next((s for s in known if str(s.id) == number), None)
    if found is None:
        return problem(404, "Not Found")
    return ruleset_detail(call, found, writes=_writes(call, found), bypass=_bypass(call, found))


def _writes(call: PermittedRequest, ruleset: Ruleset) -> bool:
    """Whether the caller may change the ruleset, where it was made."""
    if ruleset.source_type == "Organization":
        organization = call.world.organization(ruleset.source)
        return call.caller.denial(OWNER_WRITE, organization) is None
    return call.caller.denial(WRITE, call.repository) is None


def branch_rules(call: PermittedRequest) -> Answer:
    """The active rules that bind a branch, from all levels; the branch need not exist."""
    if not call.world.rules_offered(call.repository):
        return problem(403, UPGRADE)
    found = [
        (ruleset, rule)
        for ruleset in call.world.active_rulesets(call.repository, call.names["branch"])
        for rule in ruleset.rules
    ]

    def shape(pair: tuple[Ruleset, Rule]) -> dict[str, Any]:
        return rule_shape(pair[1]) | {
            "ruleset_source_type": pair[0].source_type,
            "ruleset_source": pair[0].source,
            "ruleset_id": pair[0].id,
        }

    return PagedAnswer(found, shape)


PERIODS = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 31.0}
RESULTS = ("pass", "fail", "bypass", "all")


def rule_suites(call: PermittedRequest) -> Answer:
    """What pushes came to under the rules; a month at most."""
    if not call.world.rules_offered(call.repository):
        return problem(403, UPGRADE)
    period, result = call.option("time_period", "day"), call.option("rule_suite_result", "all")
    if period not in PERIODS or result not in RESULTS:
        return invalid("Invalid request.")
    since = call.world.now - timedelta(days=PERIODS[period])
    found = [
        suite
        for suite in call.repository.rule_suites
        if suite.pushed_at >= since and result in {"all", suite.result}
    ]
    return PagedAnswer(found, lambda suite: _suite(call, suite))


def _suite(call: PermittedRequest, suite: RuleSuite) -> dict[str, Any]:
    actor = call.world.user(suite.actor)
    head = call.repository.head(suite.ref)
    return {
        "id": suite.id,
        "actor_id": actor.id if actor else 0,
        "actor_name": suite.actor,
        "before_sha": "0" * len(head),
        "after_sha": head,
        "ref": suite.ref,
        "repository_id": call.repository.id,
        "repository_name": call.repository.name,
        "pushed_at": moment(suite.pushed_at),
        "result": suite.result,
        "evaluation_result": suite.result,
    }


METADATA = readable("metadata:read")

ROUTES = (
    Route("/repos/{owner}/{repo}/rulesets", rulesets, METADATA),
    Route("/repos/{owner}/{repo}/rulesets/{ruleset_id}", ruleset, METADATA),
    Route("/repos/{owner}/{repo}/rulesets/rule-suites", rule_suites, administration()),
    Route("/repos/{owner}/{repo}/rules/branches/{branch}", branch_rules, METADATA),
)
