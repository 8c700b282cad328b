"""Reads the npm account behind the token, and the account's tokens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from hardenme.collectors.book import Book
from hardenme.collectors.npm.asking import fetch, no_token, nothing, place
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item, all_known
from hardenme.collectors.transport.origin import followed
from hardenme.facts.npm.account import (
    GRANULAR,
    SESSION,
    UNLISTED,
    NpmAccount,
    NpmProfile,
    NpmTwoFactor,
)
from hardenme.facts.npm.token import NpmToken
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

TOKENS = "/-/npm/v1/tokens"
FIRST_PAGE = "?page=0&perPage=100"
MOST_PAGES = 100
MODES = ("auth-only", "auth-and-writes")
ALL = "*"
"""The name of every package, or of every scope."""


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
    listing = _tokens(npm)
    kind = _kind(npm, listing)
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
    part = item.item("tfa")
    if part.data.get("pending") is True:
        return "pending"
    if part.data.get("mode") in MODES and part.data.get("pending", False) is False:
        return part.data["mode"]
    return item.odd("tfa")


@dataclass(frozen=True, slots=True)
class _Tokens:
    """The pages of the list of tokens.

    Attributes:
        items: the raw entries.
        evidence: one atom that counts the pages.
        missing: why the list is not whole; None where it is.
    """

    items: tuple[Item, ...]
    evidence: tuple[Atom, ...]
    missing: Unknown | None


def _kind(npm: Npm, listing: _Tokens) -> str:
    """What kind of token asks: a session token reads the list and does not stand in it."""
    if npm.secret is None or listing.missing is not None:
        return UNLISTED
    value = npm.secret.reveal()
    return GRANULAR if any(_is_shown(item, value) for item in listing.items) else SESSION


def _is_shown(item: Item, value: str) -> bool:
    """Whether the list shows the two ends of this token."""
    head, dots, tail = str(item.data.get("token", "")).partition("...")
    return bool(dots) and value.startswith(head) and value.endswith(tail)


def is_session(npm: Npm) -> bool:
    """Whether the token that asks is surely a session's, which sees all that its account does."""
    return npm.secret is not None and _kind(npm, _tokens(npm)) == SESSION


def bypasses(npm: Npm) -> bool:
    """Whether the token that asks is listed as one that publishes without a second factor."""
    if npm.secret is None:
        return False
    value = npm.secret.reveal()
    return any(
        item.data.get("bypass_2fa") is True for item in _tokens(npm).items if _is_shown(item, value)
    )


def _tokens(npm: Npm) -> _Tokens:
    """All pages; the registry counts pages from 0 and names the next one."""
    found: _Tokens = npm.memo.get("tokens", lambda: _read_tokens(npm))
    return found


def _read_tokens(npm: Npm) -> _Tokens:
    items: list[Item] = []
    evidence: list[Atom] = []
    path, seen, total = TOKENS + FIRST_PAGE, set[str](), None
    missing: Unknown | None = None
    while path and missing is None:
        seen.add(path)
        found = fetch(npm, path, NpmToken.requirement, "token")
        if isinstance(found, Unknown):
            missing = found
            break
        response, page = found
        evidence.append(response.atom)
        if not page.lists("objects"):
            missing = page.odd("objects") if "objects" in page else page.absent("objects")
            break
        items.extend(page.items("objects"))
        total = page.data.get("total")
        if not (isinstance(page.data.get("urls"), dict) or isinstance(total, int)):
            missing = _lost("nothing tells whether that is all")
            break
        path, missing = _next(npm, page, seen)
    found_keys = {str(item.data.get("key")) for item in items}
    if missing is None and len(found_keys) < len(items):
        missing = _lost("a token came twice")
    if missing is None and isinstance(total, int) and total != len(items):
        missing = _lost(f"{len(items)} of {total} tokens")
    atoms: tuple[Atom, ...] = ()
    if evidence:
        last, count = evidence[-1], len(evidence)
        expected = count if missing is None else None
        atoms = (Atom(f"GET {TOKENS}", last.status, last.observed_at, count, expected),)
    return _Tokens(tuple(items), atoms, missing)


def _next(npm: Npm, page: Item, seen: set[str]) -> tuple[str, Unknown | None]:
    """The path of the next page, empty after the last; a link that leaves is not followed."""
    link = page.item("urls").data.get("next") or ""
    if not link:
        return "", None
    target = followed(npm.session.origin, npm.session.base, str(link))
    if target is None or not target.startswith(npm.session.base):
        return "", _lost("the link to the next page leaves the registry")
    parts = urlsplit(target.removeprefix(npm.session.base))
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    if path in seen or len(seen) >= MOST_PAGES:
        return "", _lost("pages without end")
    return path, None


def _lost(seen: str) -> Unknown:
    return Unknown(Reason.INCOMPLETE, f"every page of GET {TOKENS} must arrive; run again", seen)


def tokens(npm: Npm, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """GET /-/npm/v1/tokens, all pages."""
    if npm.secret is None:
        yield nothing(NpmToken, scope, no_token(npm, NpmToken))
        return
    listing = _tokens(npm)
    facts: dict[Subject, NpmToken] = {}
    missing = listing.missing
    for item in listing.items:
        if not isinstance(item.data.get("key"), str):
            missing = missing or _lost("a token without a key")
            continue
        fact = _token(npm, scope, item)
        facts.setdefault(fact.subject, fact)
    yield Answer(NpmToken, scope, tuple(facts.values()), listing.evidence, missing)


def _token(npm: Npm, scope: Subject, item: Item) -> NpmToken:
    rights: Any = _rights(item)
    named: Any = _scopes(item)
    subject = Subject("npm", "token", item.data["key"])
    label = item.data.get("name")
    write = _when(rights, lambda held: ("package", "write") in held)
    expiry = "expires" if "expires" in item and "expiry" not in item else "expiry"
    ranges = "cidr_whitelist" if "cidr_whitelist" in item and "cidr" not in item else "cidr"
    return NpmToken(
        **place(npm, subject, scope, label if isinstance(label, str) else item.data["key"]),
        token_key=item.data["key"],
        name=item.optional("name", item.text),
        shown=item.text("token"),
        classic=not (
            {"permissions", "scopes", "expiry", "expires", "bypass_2fa"} & item.data.keys()
        ),
        package_write=write,
        publish_policy=_policy(item),
        organization_write=_when(rights, lambda held: ("org", "write") in held),
        bypass=item.flag("bypass_2fa"),
        all_packages=_when(named, _all_packages),
        unlimited=_when(named, _unlimited),
        packages=_when(named, lambda pairs: _of(pairs, "package") - {ALL}),
        scopes=_when(named, lambda pairs: _of(pairs, "scope") | _of(pairs, "org")),
        created_at=item.moment("created"),
        expires_at=item.optional(expiry, item.moment),
        last_used=item.optional("accessed", item.moment),
        cidr=_cidr(item, ranges),
        revoked=_revoked(item),
    )


def _when(value: Any, then: Any) -> Any:
    return value if isinstance(value, Unknown) else then(value)


def _rights(item: Item) -> Any:
    """The pairs of name and action; without the list, `readonly: true` proves that none writes."""
    if not item.lists("permissions"):
        if item.data.get("readonly") is True:
            return set()
        return item.absent("permissions")
    pairs: list[Any] = []
    for part in item.items("permissions"):
        name, action = part.choice("name", "package", "org"), part.choice("action", "read", "write")
        pairs.append(all_known((name, action)) or (name, action))
    return all_known(pairs) or set(pairs)


def _scopes(item: Item) -> Any:
    if not item.lists("scopes"):
        return item.absent("scopes")
    pairs: list[Any] = []
    for part in item.items("scopes"):
        kind = part.choice("type", "package", "org", "scope")
        name: Any = part.text("name")
        if isinstance(name, str) and "*" in name and name != ALL:
            # A pattern may well hold every package.
            name = part.odd("name")
        pairs.append(all_known((kind, name)) or (kind, name))
    return all_known(pairs) or set(pairs)


def _of(pairs: set[tuple[str, str]], kind: str) -> frozenset[str]:
    return frozenset(name for found, name in pairs if found == kind)


def _all_packages(pairs: set[tuple[str, str]]) -> bool:
    """Take a star, a whole scope, or no package at all for all packages.

    How the registry writes "all packages" is not documented.
    """
    packages = _of(pairs, "package")
    return ALL in packages or not packages or bool(_of(pairs, "scope"))


def _unlimited(pairs: set[tuple[str, str]]) -> bool:
    named = _of(pairs, "package") | _of(pairs, "scope")
    return ALL in named or not named


def _policy(item: Item) -> Any:
    if not item.has_value("publish_policy"):
        return "unstated"
    return item.text("publish_policy")


def _cidr(item: Item, name: str) -> Any:
    if name in item and item.data[name] is None:
        return ()
    if not item.lists(name):
        return item.absent(name)
    return tuple(str(part) for part in item.data[name])


def _revoked(item: Item) -> Any:
    if isinstance(item.data.get("revoked"), bool):
        return item.data["revoked"]
    return _when(item.optional("revoked", item.moment), lambda when: when is not None)


USER = ("npm:user",)
COLLECTORS = (
    Collector("npm account", "npm", (NpmAccount,), account, roots=USER),
    Collector("npm profile", "npm", (NpmProfile, NpmTwoFactor), profile, roots=USER),
    Collector("npm tokens", "npm", (NpmToken,), tokens, roots=USER),
)
