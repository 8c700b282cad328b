"""What GitHub shows only to a token that may write, although reading it changes nothing."""

from __future__ import annotations

from hardenme.sandbox.github.calls import Answer, PermittedRequest, Route, moment, problem
from hardenme.sandbox.github.pages import PagedAnswer
from hardenme.sandbox.github.permits import NOT_FOUND, administration


def ruleset_history(call: PermittedRequest) -> Answer:
    """The versions of one of the repository's own rulesets."""
    known = call.world.rulesets_of(call.repository, parents=False)
    found = next((item for item in known if str(item.id) == call.names["ruleset_id"]), None)
    if found is None:
        return problem(404, NOT_FOUND)
    actor = call.world.user(call.repository.owner)
    version = {
        "version_id": found.id * 10,
        "actor": {"id": actor.id if actor else 0, "type": "User"},
        "updated_at": moment(found.updated_at),
    }
    return PagedAnswer([version], lambda item: item)


BASE = "/repos/{owner}/{repo}"
ROUTES = (
    Route(f"{BASE}/rulesets/{{ruleset_id}}/history", ruleset_history, administration("write")),
)
