"""Webhooks of organizations and of repositories."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from hardenme.sandbox.github.calls import Answer, PermittedRequest, Route, moment, problem
from hardenme.sandbox.github.pages import CursorListing, PagedAnswer
from hardenme.sandbox.github.permits import NOT_FOUND, Permit
from hardenme.sandbox.github.state.connected import Hook, SentEvent


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


def _delivery(one: SentEvent) -> dict[str, Any]:
    """A delivery as the list has it."""
    return {
        "id": one.id,
        "guid": str(UUID(int=one.id)),
        "delivered_at": moment(one.at),
        "redelivery": one.redelivery,
        "duration": 0.03,
        "status": "OK" if one.status_code else "failed to connect",
        "status_code": one.status_code,
        "event": one.event,
        "action": one.action,
        "installation_id": None,
        "repository_id": one.repository,
        "throttled_at": None,
    }


def _hook(call: PermittedRequest, hooks: list[Hook]) -> Hook | None:
    number = call.names["hook_id"]
    return next((hook for hook in hooks if str(hook.id) == number), None)


def _deliveries(call: PermittedRequest, hooks: list[Hook]) -> Answer:
    """The deliveries of one webhook, the newest first."""
    hook = _hook(call, hooks)
    if hook is None:
        return problem(404, NOT_FOUND)
    return CursorListing(hook.sent, _delivery, parameter="cursor")


def _one_delivery(call: PermittedRequest, hooks: list[Hook]) -> Answer:
    """One delivery, with what was sent and answered."""
    hook = _hook(call, hooks)
    number = call.names["delivery_id"]
    one = next((one for one in hook.sent if str(one.id) == number), None) if hook else None
    if one is None:
        return problem(404, NOT_FOUND)
    return _delivery(one) | {
        "url": one.url,
        "request": {"headers": {"X-GitHub-Event": one.event}, "payload": {"action": one.action}},
        "response": {"headers": {}, "payload": "ok" if one.status_code else None},
    }


def organization_deliveries(call: PermittedRequest) -> Answer:
    """The deliveries of one of the organization's webhooks."""
    return _deliveries(call, call.organization.connected.hooks)


def organization_delivery(call: PermittedRequest) -> Answer:
    """One of them."""
    return _one_delivery(call, call.organization.connected.hooks)


def repository_deliveries(call: PermittedRequest) -> Answer:
    """The deliveries of one of the repository's webhooks."""
    return _deliveries(call, call.repository.hooks)


def repository_delivery(call: PermittedRequest) -> Answer:
    """One of them."""
    return _one_delivery(call, call.repository.hooks)


OF_ORGANIZATION = Permit(
    scopes=("admin:org_hook",),
    permissions=(("organization_hooks:read",),),
    role="owner",
    without_role=(404, NOT_FOUND),
)
OF_REPOSITORY = Permit(
    scopes=("repo", "read:repo_hook"),
    permissions=(("repository_hooks:read",),),
    role="admin",
    without_role=(404, NOT_FOUND),
)
ORG, REPO = "/orgs/{org}/hooks", "/repos/{owner}/{repo}/hooks"
ONE, DELIVERED = "/{hook_id}/deliveries", "/{hook_id}/deliveries/{delivery_id}"
ROUTES = (
    Route(ORG, organization_hooks, OF_ORGANIZATION),
    Route(f"{ORG}{ONE}", organization_deliveries, OF_ORGANIZATION),
    Route(f"{ORG}{DELIVERED}", organization_delivery, OF_ORGANIZATION),
    Route(REPO, repository_hooks, OF_REPOSITORY),
    Route(f"{REPO}{ONE}", repository_deliveries, OF_REPOSITORY),
    Route(f"{REPO}{DELIVERED}", repository_delivery, OF_REPOSITORY),
)
