"""What everyone reads: other users, the budget, the API's own description."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from hardenme.sandbox.github.calls import Answer, PermittedRequest, Route, moment, problem
from hardenme.sandbox.github.pages import PagedAnswer
from hardenme.sandbox.github.permits import EVERYBODY, REPOSITORIES, Permit
from hardenme.sandbox.github.rest.account import public_profile
from hardenme.sandbox.github.rest.shapes import (
    account_of,
    minimal_repository,
    simple_organization,
)
from hardenme.sandbox.github.state.people import SshKey
from hardenme.sandbox.github.world import FeedEntry, User

EVENTS_KEPT = timedelta(days=30)
MOST_EVENTS = 300
OLD_VERSION = "2022-11-28"


def _user(call: PermittedRequest) -> User | None:
    return call.world.user(call.names["username"])


def user(call: PermittedRequest) -> Answer:
    """A user, or an organization under the same address."""
    found = _user(call)
    if found is not None:
        return public_profile(call, found)
    organization = call.world.organization(call.names["username"])
    if organization is None:
        return problem(404, "Not Found")
    standin = User(
        organization.login, organization.id, organization.created_at, name=organization.name
    )
    return public_profile(call, standin) | account_of(call, organization.login)


def organizations(call: PermittedRequest) -> Answer:
    """The organizations in which a user shows the membership."""
    found = _user(call)
    if found is None:
        return problem(404, "Not Found")
    shown = [o for o in call.world.organizations if found.login in o.public_members]
    return PagedAnswer(shown, lambda o: simple_organization(call, o))


def repositories(call: PermittedRequest) -> Answer:
    """The public repositories of a user."""
    owned = call.world.repositories_of(call.names["username"])
    if _user(call) is None and call.world.organization(call.names["username"]) is None:
        return problem(404, "Not Found")
    return PagedAnswer([r for r in owned if not r.private], lambda r: minimal_repository(call, r))


def _events(call: PermittedRequest, *, private: bool) -> Answer:
    found = _user(call)
    if found is None:
        return problem(404, "Not Found")
    since = call.world.now - EVENTS_KEPT
    shown = [e for e in found.events if e.created_at >= since and (e.public or private)]
    newest = sorted(shown, key=lambda event: event.created_at, reverse=True)
    return PagedAnswer(newest[:MOST_EVENTS], lambda event: _event(call, found, event))


def events(call: PermittedRequest) -> Answer:
    """A user's events of 30 days; the private ones to the user."""
    token = call.caller.token
    own = call.caller.user is not None and call.caller.user is _user(call)
    allowed = token is not None and (token.scoped or token.grants("user_events:read"))
    return _events(call, private=own and allowed)


def public_events(call: PermittedRequest) -> Answer:
    """A user's public events of 30 days."""
    return _events(call, private=False)


def keys(call: PermittedRequest) -> Answer:
    """The keys with which an account connects: everyone is shown them, without their titles."""
    actor = _user(call)
    if actor is None:
        return problem(404, "Not Found")

    def shape(key: SshKey) -> dict[str, Any]:
        return {
            "id": key.id,
            "key": key.key,
            "created_at": moment(key.created_at),
            "last_used": moment(key.last_used) if key.last_used else None,
        }

    return PagedAnswer(actor.ssh_keys, shape)


def signing_keys(call: PermittedRequest) -> Answer:
    """The keys with which an account signs."""
    actor = _user(call)
    if actor is None:
        return problem(404, "Not Found")

    def shape(key: SshKey) -> dict[str, Any]:
        created = moment(key.created_at)
        return {"key": key.key, "id": key.id, "title": key.title, "created_at": created}

    return PagedAnswer(actor.ssh_signing_keys, shape)


def _event(call: PermittedRequest, actor: User, event: FeedEntry) -> dict[str, Any]:
    repository = call.world.repository(event.repository)
    head = hashlib.sha256(str(event.id).encode()).hexdigest()[:40]
    payloads: dict[str, dict[str, Any]] = {
        "WatchEvent": {"action": "started"},
        "PublicEvent": {},
        "PushEvent": {
            "repository_id": repository.id if repository else 0,
            "push_id": event.id,
            "ref": "refs/heads/main",
            "head": head,
            "before": head[::-1],
        },
    }
    return {
        "id": str(event.id),
        "type": event.type,
        "actor": {
            "id": actor.id,
            "login": actor.login,
            "display_login": actor.login,
            "gravatar_id": "",
            "url": f"{call.api}/users/{actor.login}",
            "avatar_url": f"{call.web}/avatars/u/{actor.id}",
        },
        "repo": {
            "id": repository.id if repository else 0,
            "name": event.repository,
            "url": f"{call.api}/repos/{event.repository}",
        },
        "payload": payloads[event.type],
        "public": event.public,
        "created_at": moment(event.created_at),
    }


def rate_limit(call: PermittedRequest) -> Answer:
    """The rest of the budgets; the newer version of the API has no `rate`."""
    core = call.limits.budget(call.caller.asker, "core").data()
    graphql = call.limits.budget(call.caller.asker, "graphql").data()
    search = {**core, "limit": 30, "used": 0, "remaining": 30}
    data: dict[str, Any] = {"resources": {"core": core, "graphql": graphql, "search": search}}
    if call.request.headers.get("x-github-api-version", OLD_VERSION) == OLD_VERSION:
        data["rate"] = core
    return data


def meta(call: PermittedRequest) -> Answer:
    """The API's own description; like an Enterprise server, it names no address ranges."""
    return {"verifiable_password_authentication": False, "domains": {"website": [call.web]}}


def root(call: PermittedRequest) -> Answer:
    """The directory of addresses: the cheapest way to see a token's scopes."""
    return {
        "current_user_url": f"{call.api}/user",
        "rate_limit_url": f"{call.api}/rate_limit",
        "organization_url": f"{call.api}/orgs/{{org}}",
        "repository_url": f"{call.api}/repos/{{owner}}/{{repo}}",
    }


PUBLIC_KEYS = Permit(permissions=(("keys:read",),), open_to_public=True)

ROUTES = (
    Route("/", root, EVERYBODY),
    Route("/rate_limit", rate_limit, EVERYBODY),
    Route("/meta", meta, EVERYBODY),
    Route("/users/{username}", user, EVERYBODY),
    Route("/users/{username}/keys", keys, PUBLIC_KEYS),
    Route("/users/{username}/ssh_signing_keys", signing_keys, EVERYBODY),
    Route("/users/{username}/orgs", organizations, EVERYBODY),
    Route("/users/{username}/repos", repositories, REPOSITORIES),
    Route("/users/{username}/events", events, EVERYBODY),
    Route("/users/{username}/events/public", public_events, EVERYBODY),
)
