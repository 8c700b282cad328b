"""What makes rulesets, and takes them away."""

from __future__ import annotations

from typing import Any

from hardenme.sandbox.github.body import Body, Choice, Kind, Many, Maybe
from hardenme.sandbox.github.calls import Answer, PermittedRequest, invalid, problem
from hardenme.sandbox.github.permits import NOT_FOUND, administration, owner
from hardenme.sandbox.github.rest.branch import UPGRADE
from hardenme.sandbox.github.rest.rulesets import ruleset_detail
from hardenme.sandbox.github.world import BypassActor, Rule, Ruleset
from hardenme.sandbox.http import Reply
from tests.worlds.github_writes.change import Change, put, take_out

UPGRADE_TEAM = "Upgrade to GitHub Team to enable this feature."
NOT_UNIQUE = "Validation Failed: Name must be unique"
PARAMETERS = {
    "pull_request": Body(
        {
            "required_approving_review_count": int,
            "dismiss_stale_reviews_on_push": bool,
            "require_code_owner_review": bool,
            "require_last_push_approval": bool,
            "required_review_thread_resolution": bool,
        }
    )
}
"""Of the rules that have parameters here, which these are."""
PLAIN = (
    "creation", "update", "deletion", "non_fast_forward", "required_linear_history",
    "required_signatures",
)  # fmt: skip
RULES = Many(
    Body({"type": Choice((*PLAIN, *PARAMETERS))}, {"parameters": PARAMETERS["pull_request"]})
)
PATTERNS = Body({}, {"include": Many(str), "exclude": Many(str)})
ACTORS = Many(
    Body(
        {
            "actor_type": Choice(
                ("Integration", "OrganizationAdmin", "RepositoryRole", "Team", "DeployKey", "User")
            )
        },
        {
            "actor_id": Maybe(int),
            "bypass_mode": Choice(("always", "pull_request", "exempt")),
        },
    )
)


def _body(**conditions: Kind) -> Body:
    """The body of a place whose conditions have to name these besides references."""
    return Body(
        {"name": str, "enforcement": Choice(("disabled", "active", "evaluate"))},
        {
            "target": Choice(("branch", "tag")),
            "bypass_actors": ACTORS,
            "conditions": Body(conditions, {"ref_name": PATTERNS}),
            "rules": RULES,
        },
    )


def _known(call: PermittedRequest) -> list[Ruleset]:
    return call.repository.rulesets if call.repo is not None else call.organization.rulesets


def create(call: PermittedRequest, given: dict[str, Any]) -> Answer:
    """A ruleset beside those that are there; no two of one place have the same name."""
    if call.repo is not None and not call.world.rules_offered(call.repo):
        return problem(403, UPGRADE)
    if call.repo is None and call.organization.plan == "free":
        return problem(403, UPGRADE_TEAM)
    known, rules = _known(call), given.get("rules", [])
    if given["name"] in {ruleset.name for ruleset in known}:
        return invalid(NOT_UNIQUE)
    if any((rule["type"] in PARAMETERS) != ("parameters" in rule) for rule in rules):
        return invalid("Validation Failed: Invalid rule parameters")
    conditions = given.get("conditions", {})
    names = conditions.get("ref_name", {})
    repositories = conditions.get("repository_name", {})
    made = Ruleset(
        id=_number(call),
        name=given["name"],
        source=call.repo.full_name if call.repo is not None else call.organization.login,
        source_type="Organization" if call.repo is None else "Repository",
        created_at=call.world.now,
        updated_at=call.world.now,
        target=given.get("target", "branch"),
        enforcement=given["enforcement"],
        include=names.get("include", []),
        exclude=names.get("exclude", []),
        rules=[Rule(rule["type"], rule.get("parameters")) for rule in rules],
        bypass_actors=[BypassActor(**actor) for actor in given.get("bypass_actors", [])],
        repositories=repositories.get("include", []),
        excluded_repositories=repositories.get("exclude", []),
    )
    known.append(made)
    return Reply(201, ruleset_detail(call, made, writes=True, bypass="never"))


def _number(call: PermittedRequest) -> int:
    world = call.world
    every = [item.rulesets for item in world.repositories]
    every += [item.rulesets for item in world.organizations]
    return max((ruleset.id for known in every for ruleset in known), default=0) + 1


def delete(call: PermittedRequest, given: dict[str, Any]) -> Answer | None:
    """A ruleset binds nobody from then on."""
    del given
    return take_out(_known(call), call.names["ruleset_id"])


def change(call: PermittedRequest, given: dict[str, Any]) -> Answer:
    """What is given of a ruleset is as it is given from then on."""
    known = _known(call)
    found = next((one for one in known if str(one.id) == call.names["ruleset_id"]), None)
    if found is None:
        return problem(404, NOT_FOUND)
    put(found, given)
    found.updated_at = call.world.now
    return ruleset_detail(call, found, writes=True, bypass="never")


ORG, REPO = "/orgs/{org}/rulesets", "/repos/{owner}/{repo}/rulesets"
OWNER, ADMIN = owner("organization_administration:write"), administration("write")
OF_REPOSITORIES = Body({}, {"include": Many(str), "exclude": Many(str), "protected": bool})
CHANGED = Body({}, {"name": str, "enforcement": Choice(("disabled", "active", "evaluate"))})
"""Those of the fields that hardenme's commands change; GitHub takes more."""

CHANGES = (
    Change("POST", ORG, create, OWNER, _body(repository_name=OF_REPOSITORIES)),
    Change("POST", REPO, create, ADMIN, _body()),
    Change("PUT", f"{ORG}/{{ruleset_id}}", change, OWNER, CHANGED),
    Change("PUT", f"{REPO}/{{ruleset_id}}", change, ADMIN, CHANGED),
    Change("DELETE", f"{ORG}/{{ruleset_id}}", delete, OWNER),
    Change("DELETE", f"{REPO}/{{ruleset_id}}", delete, ADMIN),
)
