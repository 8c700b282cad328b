"""Webhooks of organizations and of repositories."""

from __future__ import annotations

from typing import Any

from hardenme.sandbox.github.calls import Answer, PermittedRequest, Route, moment
from hardenme.sandbox.github.pages import PagedAnswer
from hardenme.sandbox.github.permits import NOT_FOUND, Permit
from hardenme.sandbox.github.world import Hook


def _shape(hook: Hook, base: str, kind: str) -> dict[str, Any]:
    """A webhook; of a secret only that there is one."""
    config = {
        "url": hook.url,
        "content_type": hook.content_type,
        "insecure_ssl": hook.insecure_ssl,
    }
    address = f"{base}/hooks/{hook.id}"
    return {
        "type": kind,
        "id": hook.id,
        "name": "web",
        "active": hook.active,
        "events": hook.events,
        "config": config | ({"secret": "********"} if hook.has_secret else {}),
        "updated_at": moment(hook.updated_at),
        "created_at": moment(hook.created_at),
        "url": address,
        "ping_url": f"{address}/pings",
        "deliveries_url": f"{address}/deliveries",
    }


def organization_hooks(call: PermittedRequest) -> Answer:
    """The organization's webhooks."""
    base = f"{call.api}/orgs/{call.organization.login}"
    hooks = call.organization.connected.hooks
    return PagedAnswer(hooks, lambda hook: _shape(hook, base, "Organization"))


def repository_hooks(call: PermittedRequest) -> Answer:
    """The repository's webhooks."""
    base = f"{call.api}/repos/{call.repository.full_name}"

    def shape(hook: Hook) -> dict[str, Any]:
        return _shape(hook, base, "Repository") | {
            "test_url": f"{base}/hooks/{hook.id}/test",
            "last_response": {"code": None, "status": "unused", "message": None},
        }

    return PagedAnswer(call.repository.hooks, shape)


ROUTES = (
    Route(
        "/orgs/{org}/hooks",
        organization_hooks,
        Permit(
            scopes=("admin:org_hook",),
            permissions=(("organization_hooks:read",),),
            role="owner",
            without_role=(404, NOT_FOUND),
        ),
    ),
    Route(
        "/repos/{owner}/{repo}/hooks",
        repository_hooks,
        Permit(
            scopes=("repo", "read:repo_hook"),
            permissions=(("repository_hooks:read",),),
            role="admin",
            without_role=(404, NOT_FOUND),
        ),
    ),
)
