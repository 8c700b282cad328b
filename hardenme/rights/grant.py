"""What one credential holds: its kind, its account, its end, its rights. Nothing but reads is sent.

A classic token and that of an OAuth app list their scopes. Others do not show their permissions:
each is tried by a request whose answer only its holder is given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from hardenme.collectors.github.canaries import Canaries
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.place import TrialPlace, place
from hardenme.collectors.github.refusal import refusal, scopes
from hardenme.collectors.github.token import EXPIRY, expiry, kind_of
from hardenme.collectors.github.witnesses import Witnesses
from hardenme.collectors.reading import Item
from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.facts.github import endpoints
from hardenme.facts.github.canaries import CANARIES
from hardenme.facts.github.token import CLASSIC, FINE_GRAINED, INSTALLATION, OAUTH, WITNESSES
from hardenme.model.grant import (
    LEVELS,
    Grant,
    ObservedPermission,
    PermissionStatus,
    Witness,
    includes,
)
from hardenme.model.permission import NOTHING, fine_grained
from hardenme.model.unknown import Reason, Unknown
from hardenme.rights.npm_grant import npm_grant

__all__ = ["MOST_REQUESTS", "github_grant", "npm_grant"]

MOST_REQUESTS = 32
"""Requests that it takes at most, where none has to be repeated."""
PERSONAL = frozenset({CLASSIC, FINE_GRAINED})
"""The kinds whose answers show every expiration."""
FORBIDDEN = 403
CREATED = "POST /app/installations/{installation_id}/access_tokens"
Permissions = Mapping[str, str]
Creation = Permissions | Callable[[], Permissions | None] | None


def github_grant(
    github: GitHub, owner: str = "", repository: str = "", told: Creation = None
) -> Grant:
    """The permissions of a GitHub token; failures on the way are recorded in it.

    Args:
        github: the token's client.
        owner: the login of the organization or the person whose things it is tried at; empty for
            what the token reaches.
        repository: `owner/name` of the repository that it is tried at; empty for a private one,
            or else the first.
        told: the permissions that GitHub listed when it made an installation's token, or a function
            that returns them once the token was used.
    """
    before = github.session.meter.sent
    found = _grant(github, owner, repository, told)
    return replace(found, requests=github.session.meter.sent - before)


def _grant(github: GitHub, owner: str, repository: str, told: Creation) -> Grant:
    try:
        response = github.get(endpoints.ACCOUNT.at())
        data = response.json() if response.ok else None
    except NoAnswerError as error:
        return _nothing(github, error.unknown)
    if not response.ok and not (response.status == FORBIDDEN and github.kind == INSTALLATION):
        # Any person's token shows whose it is, unless it is useless.
        return _nothing(github, refusal(response, NOTHING, github.kind))
    kind = kind_of(github, response)
    login = _login(response, data)
    known = Grant(provider="github", kind=kind, identity=login, expires_at=_end(response, kind))
    if isinstance(kind, Unknown):
        return known
    if kind in {CLASSIC, OAUTH}:
        return replace(known, scopes=scopes(response.headers["x-oauth-scopes"]), whole=True)
    given = told() if callable(told) else told
    if kind == INSTALLATION and given is not None:
        return replace(known, permissions=_as_created(given), whole=True)
    where = place(github, login if isinstance(login, str) else "", owner, repository)
    canaries = Canaries(github, where)
    permissions = tuple(sorted(canaries.told(), key=lambda item: item.permission))
    return replace(
        known,
        permissions=permissions,
        writes=() if canaries.given_up else _writes(github, where),
        tried_at=where.names,
    )


def _nothing(github: GitHub, why: Unknown) -> Grant:
    kind = github.kind or Unknown(why.reason, "a token with a prefix that is known", why.seen)
    return Grant(provider="github", kind=kind, identity=why, expires_at=why, refused=why)


def _login(response: Response, data: Any) -> str | Unknown | None:
    """The account; None for an installation, which GitHub refuses to name one."""
    if response.status == FORBIDDEN:
        return None
    found: Any = Item(data, response.endpoint).text("login")
    return found  # type: ignore[no-any-return]  # it may be unknown


def _end(response: Response, kind: Any) -> Any:
    """The end of the token. An absent header means something for personal tokens only."""
    if EXPIRY in response.headers or (response.ok and kind in PERSONAL):
        return expiry(response)
    return Unknown(
        Reason.NOT_VISIBLE,
        "an expiration that GitHub shows; for this kind of token it may not",
        f"no header {EXPIRY}",
        (response.atom,),
    )


def _as_created(given: Permissions) -> tuple[ObservedPermission, ...]:
    """The permissions as GitHub named them; what else hardenme may need is not among them."""
    held = {f"{name}:{level}" for name, level in given.items() if level in LEVELS}
    told = [
        ObservedPermission(fine_grained(name), PermissionStatus.HELD, f"{CREATED} named it")
        for name in held
    ]
    told += [
        ObservedPermission(
            fine_grained(name), PermissionStatus.REFUSED, f"{CREATED} did not name it"
        )
        for name in CANARIES
        if not any(includes(other, name) for other in held)
    ]
    return tuple(sorted(told, key=lambda item: item.permission))


def _writes(github: GitHub, where: TrialPlace) -> tuple[Witness, ...]:
    """What was answered that only a token with write access is shown."""
    if where.item is None:
        return ()
    witnesses = Witnesses(github)
    witnesses.ask(where.repository, where.item, where.organization)
    return tuple(
        Witness(endpoint, fine_grained(permission))
        for name, (endpoint, permission) in WITNESSES.items()
        if witnesses.found[name] is True
    )
