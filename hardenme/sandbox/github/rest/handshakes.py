"""What a GitHub App asks by its own signed word: where it is installed, and for a token there."""

from __future__ import annotations

from datetime import timedelta

from hardenme.sandbox.github.calls import Answer, PermittedRequest, Route, invalid, moment, problem
from hardenme.sandbox.github.pages import PagedAnswer
from hardenme.sandbox.github.permits import NOT_FOUND, Permit
from hardenme.sandbox.github.rest.installed import installation_shape
from hardenme.sandbox.github.state.connected import Installation
from hardenme.sandbox.github.state.token import LEVELS, Token
from hardenme.sandbox.github.world import Organization
from hardenme.sandbox.http import Reply

LIFETIME = timedelta(hours=1)
SUSPENDED = "This installation has been suspended"
NOT_GRANTED = "The permissions requested are not granted to this installation."


def installation(call: PermittedRequest) -> Answer:
    """The app's installation on an organization; to another app there is none."""
    org = call.organization
    found = next((i for i in org.connected.installations if i.app is call.caller.app), None)
    return problem(404, NOT_FOUND) if found is None else installation_shape(call, org, found)


def installations(call: PermittedRequest) -> Answer:
    """Everywhere that the app is installed, suspended or not."""
    found = [
        (org, item)
        for org in call.world.organizations
        for item in org.connected.installations
        if item.app is call.caller.app
    ]
    return PagedAnswer(found, lambda pair: installation_shape(call, *pair))


def access_token(call: PermittedRequest) -> Answer:
    """A token for an installation, for an hour and for no more than was asked."""
    found = _installation(call)
    if found is None:
        return problem(404, NOT_FOUND)
    org, item = found
    if item.suspended_at is not None:
        return problem(403, SUSPENDED)
    asked = (call.request.json() or {}).get("permissions", item.permissions)
    if not all(_within(level, item.permissions.get(name)) for name, level in asked.items()):
        return invalid(NOT_GRANTED)
    world = call.world
    number = sum(token.kind == "installation" for token in world.tokens)
    token = Token(
        f"ghs_CANARYissued{number:024}",
        "installation",
        None,
        permissions=dict(asked),
        owner=org.login,
        repository_selection=item.repositories if item.selection == "selected" else None,
        expires_at=world.now + LIFETIME,
    )
    world.tokens.append(token)
    data = {
        "token": token.value,
        "expires_at": moment(world.now + LIFETIME),
        "permissions": token.permissions,
        "repository_selection": item.selection,
    }
    return Reply(201, data)


def _installation(call: PermittedRequest) -> tuple[Organization, Installation] | None:
    number = call.names["installation_id"]
    for org in call.world.organizations:
        for item in org.connected.installations:
            if str(item.id) == number and item.app is call.caller.app:
                return org, item
    return None


def _within(level: str, held: str | None) -> bool:
    return held is not None and level in LEVELS and LEVELS.index(level) <= LEVELS.index(held)


BY_APP = Permit(by_app=True)
ROUTES = (
    Route("/app/installations", installations, BY_APP),
    Route("/orgs/{org}/installation", installation, BY_APP),
)
POSTED = (Route("/app/installations/{installation_id}/access_tokens", access_token, BY_APP),)
"""Handshakes: everything that this server answers to a POST other than GraphQL."""
