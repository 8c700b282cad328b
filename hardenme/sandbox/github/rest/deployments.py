"""What may deploy to an environment, and the subject of workflows' identity tokens."""

from __future__ import annotations

from typing import Any

from hardenme.sandbox.github.calls import Answer, PermittedRequest, Route, problem
from hardenme.sandbox.github.pages import PagedAnswer
from hardenme.sandbox.github.permits import NOT_FOUND, Permit, readable


def branch_policies(call: PermittedRequest) -> Answer:
    """The names of branches and tags that may deploy to an environment."""
    name = call.names["environment_name"]
    found = next((e for e in call.repository.environments if e.name == name), None)
    if found is None:
        return problem(404, NOT_FOUND)
    shown = found.policies if found.branch_policy == "custom" else []

    def shape(pair: tuple[int, tuple[str, str]]) -> dict[str, Any]:
        number, (kind, pattern) = pair
        return {"id": number, "node_id": f"GBP_{number}", "name": pattern, "type": kind}

    numbered = list(enumerate(shown, start=found.id * 100))
    return PagedAnswer(numbered, shape, key="branch_policies")


def oidc_subject(call: PermittedRequest) -> Answer:
    """The parts of a token's subject."""
    repository = call.repository
    claims = repository.subject_claims
    data: dict[str, Any] = {"use_default": claims is None}
    if claims is not None:
        data["include_claim_keys"] = claims
    prefix = f"repo:{repository.full_name}"
    own, above = repository.immutable_subject, call.world.organization(repository.owner)
    if own or (own is None and above and above.policies.immutable_subject):
        prefix = f"repo:{repository.owner}@{_owner_number(call)}/{repository.name}@{repository.id}"
    if own is not None:
        data["use_immutable_subject"] = own
    return data | {"sub_claim_prefix": prefix}


def _owner_number(call: PermittedRequest) -> int:
    owner = call.repository.owner
    found = call.world.organization(owner) or call.world.user(owner)
    return found.id if found else 0


READER = Permit(scopes=("repo",), permissions=(("actions:read",),), role="read")
BASE = "/repos/{owner}/{repo}"

ROUTES = (
    Route(
        f"{BASE}/environments/{{environment_name}}/deployment-branch-policies",
        branch_policies,
        readable("actions:read"),
    ),
    Route(f"{BASE}/actions/oidc/customization/sub", oidc_subject, READER),
)
