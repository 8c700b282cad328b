"""What moves branches and tags, and takes branches away."""

from __future__ import annotations

from typing import Any

from hardenme.sandbox.github.body import Body
from hardenme.sandbox.github.calls import Answer, PermittedRequest, invalid
from hardenme.sandbox.github.permits import Permit
from hardenme.sandbox.http import Reply
from tests.worlds.github_writes.change import Change

HEADS, TAGS = "heads/", "tags/"
NO_SUCH = "Reference does not exist"
NO_COMMIT = "Object does not exist"


def _branch(call: PermittedRequest) -> str:
    branch = call.names["ref"].removeprefix(HEADS)
    return branch if branch in call.repository.branch_names else ""


def move(call: PermittedRequest, given: dict[str, Any]) -> Answer:
    """A branch or a tag points to another commit from then on."""
    ref, found = call.names["ref"], call.repository
    refused = (_move_tag if ref.startswith(TAGS) else _move_branch)(call, given)
    if refused is not None:
        return refused
    url = f"{call.api}/repos/{found.full_name}/git"
    target = {"type": "commit", "sha": given["sha"], "url": f"{url}/commits/{given['sha']}"}
    return {
        "ref": f"refs/{ref}",
        "node_id": "REF_1",
        "url": f"{url}/refs/{ref}",
        "object": target,
    }


def _move_branch(call: PermittedRequest, given: dict[str, Any]) -> Reply | None:
    """One that it was at before has its files."""
    branch, found = _branch(call), call.repository
    if not branch:
        return invalid(NO_SUCH)
    known = found.files_at(given["sha"])
    if known is None and not any(given["sha"] in {a.before, a.after} for a in found.activity):
        return invalid(NO_COMMIT)
    if branch == found.default_branch and known is not None:
        found.past[found.head(branch)] = found.files
        found.files = dict(known)
    found.heads[branch] = given["sha"]
    return None


def _move_tag(call: PermittedRequest, given: dict[str, Any]) -> Reply | None:
    """To any commit that the repository has, and by force alone."""
    tag, found = call.names["ref"].removeprefix(TAGS), call.repository
    if tag not in found.tag_names:
        return invalid(NO_SUCH)
    own = {found.tag_commit(one) for one in found.tag_names} | {found.first_commit(tag)}
    if given["sha"] not in own and found.files_at(given["sha"]) is None:
        return invalid(NO_COMMIT)
    if given["sha"] != found.tag_commit(tag) and given.get("force") is not True:
        return invalid("Update is not a fast forward")
    found.moved_tags[tag] = given["sha"]
    found.annotated_tags.discard(tag)
    return None


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
