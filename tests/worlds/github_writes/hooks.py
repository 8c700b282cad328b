"""What changes how a webhook sends: its address, its secret, whether certificates are checked."""

from __future__ import annotations

from typing import Any

from hardenme.sandbox.github.body import Body
from hardenme.sandbox.github.calls import Answer, PermittedRequest
from hardenme.sandbox.github.permits import NOT_FOUND, Permit
from tests.worlds.github_writes.change import Change, missing, put, take_out


def configure(call: PermittedRequest, given: dict[str, Any]) -> Answer:
    """Change what is given of a webhook's configuration."""
    hooks = call.repo.hooks if call.repo is not None else call.organization.connected.hooks
    hook = next((hook for hook in hooks if str(hook.id) == call.names["hook_id"]), None)
    if hook is None:
        return missing()
    if "secret" in given:
        hook.has_secret = bool(given.pop("secret"))
    put(hook, given)
    config = {
        "content_type": hook.content_type,
        "insecure_ssl": hook.insecure_ssl,
        "url": hook.url,
    }
    return config | ({"secret": "********"} if hook.has_secret else {})


def delete(call: PermittedRequest, given: dict[str, Any]) -> Answer | None:
    """A webhook is sent nothing from then on."""
    del given
    hooks = call.repo.hooks if call.repo is not None else call.organization.connected.hooks
    return take_out(hooks, call.names["hook_id"])


ORGANIZATION = Permit(
    scopes=("admin:org_hook",),
    permissions=(("organization_hooks:write",),),
    role="owner",
    without_role=(404, NOT_FOUND),
)
REPOSITORY = Permit(
    scopes=("repo", "write:repo_hook"),
    permissions=(("repository_hooks:write",),),
    role="admin",
    without_role=(404, NOT_FOUND),
)
CONFIG = Body({}, {"url": str, "content_type": str, "secret": str, "insecure_ssl": str})

CHANGES = (
    Change("PATCH", "/orgs/{org}/hooks/{hook_id}/config", configure, ORGANIZATION, CONFIG),
    Change("PATCH", "/repos/{owner}/{repo}/hooks/{hook_id}/config", configure, REPOSITORY, CONFIG),
    Change("DELETE", "/orgs/{org}/hooks/{hook_id}", delete, ORGANIZATION),
    Change("DELETE", "/repos/{owner}/{repo}/hooks/{hook_id}", delete, REPOSITORY),
)
