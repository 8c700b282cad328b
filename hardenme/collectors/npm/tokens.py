"""Reads the tokens of the npm account: what each may do, and which of them was presented."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.book import Book
from hardenme.collectors.npm.asking import no_token, nothing, place
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.npm.presented import is_shown
from hardenme.collectors.npm.token_list import lost, token_list
from hardenme.collectors.reading import Item, all_known
from hardenme.facts.npm.addresses import readable
from hardenme.facts.npm.token import NpmToken
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown

ALL = "*"
"""The name of every package, or of every scope."""


def tokens(npm: Npm, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """GET /-/npm/v1/tokens, all pages."""
    if npm.secret is None:
        yield nothing(NpmToken, scope, no_token(npm, NpmToken))
        return
    listing = token_list(npm)
    facts: dict[Subject, NpmToken] = {}
    missing = listing.missing
    for item in listing.items:
        if not isinstance(item.data.get("key"), str):
            missing = missing or lost("a token without a key")
            continue
        fact = token_of(npm, scope, item)
        facts.setdefault(fact.subject, fact)
    yield Answer(NpmToken, scope, tuple(facts.values()), listing.evidence, missing)


def token_of(npm: Npm, scope: Subject, item: Item) -> NpmToken:
    """One entry of the list."""
    held: Any = rights(item)
    named: Any = _scopes(item)
    subject = Subject("npm", "token", item.data["key"])
    label = item.data.get("name")
    write = _when(held, lambda pairs: ("package", "write") in pairs)
    expiry = "expires" if "expires" in item and "expiry" not in item else "expiry"
    ranges = "cidr_whitelist" if "cidr_whitelist" in item and "cidr" not in item else "cidr"
    return NpmToken(
        **place(npm, subject, scope, label if isinstance(label, str) else item.data["key"]),
        token_key=item.data["key"],
        name=item.optional("name", item.text),
        shown=item.text("token"),
        presented=is_shown(npm, item),
        classic=not (
            {"permissions", "scopes", "expiry", "expires", "bypass_2fa"} & item.data.keys()
        ),
        package_write=write,
        publish_policy=_policy(item),
        organization_write=_when(held, lambda pairs: ("org", "write") in pairs),
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


def rights(item: Item) -> Any:
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
    ranges = item.data[name]
    if not all(isinstance(part, str) and readable(part) for part in ranges):
        return item.odd(name)
    return tuple(ranges)


def _revoked(item: Item) -> Any:
    if isinstance(item.data.get("revoked"), bool):
        return item.data["revoked"]
    return _when(item.optional("revoked", item.moment), lambda when: when is not None)
