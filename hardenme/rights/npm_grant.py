"""What an npm token holds: a session all that its account does, another what the list says of it.

npm shows no token its own rights, but lists the account's tokens with the last characters of each.
A session is not on that list.
"""

from __future__ import annotations

from dataclasses import replace

from hardenme.collectors.npm.client import Npm
from hardenme.collectors.npm.pages import pages
from hardenme.collectors.npm.presented import kind_of, matches
from hardenme.collectors.npm.tokens import token_of
from hardenme.collectors.reading import Item
from hardenme.engine.identity import npm_who
from hardenme.facts.npm.account import GRANULAR, SESSION
from hardenme.facts.npm.endpoints import TOKENS
from hardenme.facts.npm.token import (
    BYPASS,
    READ_ONLY,
    READ_WRITE,
    RIGHTS,
    STAGE_ONLY,
    NpmToken,
    rights,
)
from hardenme.model.grant import Grant, ObservedPermission, PermissionStatus
from hardenme.model.permission import npm as right
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

SESSION_TOKEN = "session token"  # noqa: S105 (a permission's name)
BYPASSES = "bypass_2fa"
ACCOUNT = Subject("npm", "user", "me")
"""A placeholder for the account: its name does not matter here."""
LISTED = f"GET {TOKENS.path}"


def npm_grant(npm: Npm) -> Grant:
    """The permissions of an npm token; failures on the way are recorded in it."""
    before = npm.session.meter.sent
    found = _grant(npm)
    return replace(found, requests=npm.session.meter.sent - before)


def _grant(npm: Npm) -> Grant:
    who = npm_who(npm)
    if who.refused is not None and who.refused.reason is not Reason.NOT_VISIBLE:
        return Grant(
            provider="npm",
            kind=who.refused,
            identity=who.refused,
            expires_at=who.refused,
            refused=who.refused,
        )
    identity = who.refused or who.login
    kind, entries = kind_of(npm), matches(npm)
    if kind == SESSION:
        held = ObservedPermission(
            right(SESSION_TOKEN), PermissionStatus.HELD, f"{LISTED} lists every token but this one"
        )
        return Grant(
            provider="npm",
            kind=SESSION,
            identity=identity,
            expires_at=Unknown(
                Reason.NOT_VISIBLE,
                "the time of the login: npm ends a session two hours later",
                "npm does not show when a session expires",
            ),
            permissions=(held,),
            whole=True,
        )
    if len(entries) == 1:
        return _listed(npm, identity, entries[0])
    return _unlisted(npm, identity, entries)


def _listed(npm: Npm, identity: str | Unknown, entry: Item) -> Grant:
    """The grant of the one token of the list that it can be."""
    token = token_of(npm, ACCOUNT, entry)
    told = [_no_session()]
    unknown = token.unknown_fields()
    unread = unknown.get("package_write")
    pairs = rights(entry.data) if unread is None else frozenset()
    for name, action in RIGHTS:
        if unread is not None:
            told.append(
                ObservedPermission(right(f"{name}:{action}"), PermissionStatus.UNTOLD, unread.seen)
            )
            continue
        held = (name, action) in pairs or (action == "read" and (name, "write") in pairs)
        told.append(_entry_right(f"{name}:{action}", held=held))
    if "bypass" in unknown:
        told.append(
            ObservedPermission(right(BYPASSES), PermissionStatus.UNTOLD, unknown["bypass"].seen)
        )
    else:
        told.append(_entry_right(BYPASSES, held=token.bypass))
    return Grant(
        provider="npm",
        kind=_kind(token),
        identity=identity,
        expires_at=unknown.get("expires_at") or token.expires_at,
        permissions=tuple(sorted(told, key=lambda item: item.permission)),
        whole=unread is None and "bypass" not in unknown,
    )


def _kind(token: NpmToken) -> str:
    """The kind of a listed token by its rights, as far as all that decides is listed."""
    unknown = token.unknown_fields()
    if unknown.keys() & {"package_write", "organization_write", "bypass", "publish_policy"}:
        return GRANULAR
    if token.bypass:
        return BYPASS
    if not token.writes:
        return READ_ONLY
    return STAGE_ONLY if token.stage_only else READ_WRITE


def _unlisted(npm: Npm, identity: str | Unknown, entries: tuple[Item, ...]) -> Grant:
    """The grant of a token that cannot be identified."""
    listing = pages(npm, NpmToken)
    refused = listing.missing is not None and listing.missing.reason is Reason.NOT_PERMITTED
    if entries:
        why = Unknown(
            Reason.MALFORMED,
            "one entry in the account's list with the first and last characters of the token",
            f"{len(entries)} entries have them",
            listing.evidence,
        )
    elif listing.missing is not None:
        why = listing.missing
    else:
        why = Unknown(
            Reason.MALFORMED,
            "the account's list must show the first and last characters of each token",
            "`token` is not understood",
            listing.evidence,
        )
    session = ObservedPermission(
        right(SESSION_TOKEN), PermissionStatus.UNTOLD, why.seen or why.needed
    )
    if refused:
        seen = f"{LISTED} is refused, and a session can read it"
        session = ObservedPermission(right(SESSION_TOKEN), PermissionStatus.REFUSED, seen)
    elif entries:
        session = _no_session()
    names = [f"{name}:{action}" for name, action in RIGHTS] + [BYPASSES]
    told = [
        ObservedPermission(right(name), PermissionStatus.UNTOLD, why.seen or why.needed)
        for name in names
    ]
    return Grant(
        provider="npm",
        kind=GRANULAR if entries else why,
        identity=identity,
        expires_at=why,
        permissions=tuple(sorted([session, *told], key=lambda item: item.permission)),
    )


def _no_session() -> ObservedPermission:
    return ObservedPermission(
        right(SESSION_TOKEN), PermissionStatus.REFUSED, f"{LISTED} lists it, and no session"
    )


def _entry_right(name: str, *, held: bool) -> ObservedPermission:
    standing = PermissionStatus.HELD if held else PermissionStatus.REFUSED
    return ObservedPermission(
        right(name), standing, f"{LISTED} {'lists' if held else 'does not list'} it"
    )
