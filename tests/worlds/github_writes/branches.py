"""What moves, makes and takes away branches."""

from __future__ import annotations

from typing import Any

from hardenme.sandbox.github.body import Body
from hardenme.sandbox.github.calls import Answer, PermittedRequest, invalid
from hardenme.sandbox.github.permits import Permit
from tests.worlds.github_writes.change import Change

HEADS = "heads/"
NO_SUCH = "Reference does not exist"


def _branch(call: PermittedRequest) -> str:
    branch = call.names["ref"].removeprefix(HEADS)
    return branch if branch in call.repository.branch_names else ""


def move(call: PermittedRequest, given: dict[str, Any]) -> Answer:
    """A branch points to another commit from then on; one that it was at before has its files."""
    branch, found = _branch(call), call.repository
    if not branch:
        return invalid(NO_SUCH)
    known = found.files_at(given["sha"])
    if known is None and not any(given["sha"] in {a.before, a.after} for a in found.activity):
        return invalid("Object does not exist")
    if branch == found.default_branch and known is not None:
        found.past[found.head(branch)] = found.files
        found.files = dict(known)
    found.heads[branch] = given["sha"]
    ref, url = f"refs/heads/{branch}", f"{call.api}/repos/{found.full_name}/git"
    target = {"type": "commit", "sha": given["sha"], "url": f"{url}/commits/{given['sha']}"}
    return {"ref": ref, "node_id": "REF_1", "url": f"{url}/{ref}", "object": target}


def delete(call: PermittedRequest, given: dict[str, Any]) -> Answer | None:
    """A branch is gone; the default one stays."""
    del given
    branch = _branch(call)
    if not branch or branch == call.repository.default_branch:
        return invalid(NO_SUCH)
    call.repository.branches.remove(branch)
    return None


PUSHES = Permit(scopes=("repo",), permissions=(("contents:write",),), role="write")
REF = "/repos/{owner}/{repo}/git/refs/{ref}"

CHANGES = (
    Change("PATCH", REF, move, PUSHES, Body({"sha": str}, {"force": bool})),
    Change("DELETE", REF, delete, PUSHES),
)
