"""Reads the npm account behind the token."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.book import Book
from hardenme.collectors.npm.asking import fetch, no_token, nothing, place
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.npm.presented import kind_of
from hardenme.collectors.npm.token_list import token_list
from hardenme.collectors.npm.tokens import tokens
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item, all_known
from hardenme.facts.npm.account import (
    SESSION,
    NpmAccount,
    NpmProfile,
    NpmTwoFactor,
)
from hardenme.facts.npm.token import NpmToken
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

MODES = ("auth-only", "auth-and-writes")


def account(npm: Npm, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """GET /-/whoami."""
    if npm.secret is None:
        yield nothing(NpmAccount, scope, no_token(npm, NpmAccount))
        return
    found = fetch(npm, "/-/whoami", NpmAccount.requirement, "whoami")
    if isinstance(found, Unknown):
        yield nothing(NpmAccount, scope, found)
        return
    response, item = found
    fact = NpmAccount(**place(npm, scope), name=item.text("username"))
    yield Answer(NpmAccount, scope, (fact,), (response.atom,))


def profile(npm: Npm, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """GET /-/npm/v1/user: the second factor is taken from a session token's answer only."""
    kinds = (NpmProfile, NpmTwoFactor)
    if npm.secret is None:
        yield from (nothing(kind, scope, no_token(npm, kind)) for kind in kinds)
        return
    found = fetch(npm, "/-/npm/v1/user", NpmProfile.requirement, "profile")
    if isinstance(found, Unknown):
        yield from (nothing(kind, scope, found) for kind in kinds)
        return
    response, item = found
    fact = NpmProfile(
        **place(npm, scope), email=item.text("email"), email_verified=item.flag("email_verified")
    )
    yield Answer(NpmProfile, scope, (fact,), (response.atom,))
    listing = token_list(npm)
    kind = kind_of(npm)
    if kind != SESSION:
        why = Unknown(
            Reason.NOT_PERMITTED,
            str(NpmTwoFactor.requirement),
            f"a {kind} token may be told that two-factor is off when it is on",
            (response.atom,),
        )
        yield nothing(NpmTwoFactor, scope, why)
        return
    factor = NpmTwoFactor(**place(npm, scope), mode=_mode(item))
    yield Answer(NpmTwoFactor, scope, (factor,), (response.atom, *listing.evidence))


def _mode(item: Item) -> Any:
    if "tfa" not in item:
        return item.absent("tfa")
    value = item.data["tfa"]
    if value is None or value is False:
        return "off"
    if not isinstance(value, dict):
        return item.odd("tfa")
    part = item.item("tfa")
    pending: Any = part.flag("pending")
    mode: Any = part.choice("mode", *MODES)
    return "pending" if pending is True else all_known((pending, mode)) or mode


USER = ("npm:user",)
COLLECTORS = (
    Collector("npm account", "npm", (NpmAccount,), account, roots=USER),
    Collector("npm profile", "npm", (NpmProfile, NpmTwoFactor), profile, roots=USER),
    Collector("npm tokens", "npm", (NpmToken,), tokens, roots=USER),
)
