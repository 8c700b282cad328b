"""Reads who may publish a package, and who may see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hardenme.collectors.book import Book
from hardenme.collectors.npm.asking import fetch, no_token, nothing, place, single_of
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.npm.names import no_name
from hardenme.collectors.npm.package import OF, ROOT
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.collectors.transport.response import Response
from hardenme.facts.npm.access import PackageCollaborators, PackageVisibility
from hardenme.facts.npm.names import addressable
from hardenme.model.fact import Answer, Fact
from hardenme.model.permission import Requirement
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

REFUSALS = frozenset({Reason.NOT_PERMITTED, Reason.NOT_VISIBLE, Reason.REJECTED})


def refused(why: Unknown, requirement: Requirement, of_whom: str) -> Unknown:
    """Why something is kept from whoever is not let in: in words that say who is.

    A 401 does not show here that the token is bad: npm answers so to one that may not read this.
    """
    elsewhere = why.reason is Reason.NOT_PERMITTED and why.needed != str(requirement)
    if why.reason not in REFUSALS or elsewhere:
        return why
    reason = Reason.NOT_PERMITTED if why.reason is Reason.REJECTED else why.reason
    return replace(why, reason=reason, needed=f"{requirement} of {of_whom}")


def collaborators(npm: Npm, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """GET /-/package/{package}/collaborators: of a public package npm tells them to anyone."""
    yield single_of(npm, PackageCollaborators, scope, _of(npm, PackageCollaborators, scope))


def _of(npm: Npm, kind: type[Fact], scope: Subject) -> tuple[Response, Item] | Unknown:
    if not addressable(scope.name):
        return no_name("a package")
    found = fetch(npm, kind, package=scope.name)
    if isinstance(found, Unknown):
        return refused(found, kind.requirement, "somebody who can publish the package")
    return found


def visibility(npm: Npm, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """GET /-/package/{package}/visibility."""
    kind = PackageVisibility
    found = no_token(npm, kind) if npm.secret is None else _of(npm, kind, scope)
    if isinstance(found, Unknown):
        yield nothing(kind, scope, found)
        return
    response, item = found
    fact = kind(**place(npm, scope), public=_public(item, scope.name))
    yield Answer(kind, scope, (fact,), (response.atom,))


def _public(item: Item, package: str) -> Any:
    """`{"public": true}`, which npm's client reads, or `{"<package>": "public"}` of its pages."""
    if isinstance(item.data.get(package), str):
        word: Any = item.choice(package, "public", "private", "restricted")
        return word if isinstance(word, Unknown) else word == "public"
    return item.flag("public")


COLLECTORS = (
    Collector("npm collaborators", (PackageCollaborators,), collaborators, roots=ROOT, of=OF),
    Collector(
        "npm visibility",
        (PackageVisibility,),
        visibility,
        roots=ROOT,
        of=OF,
    ),
)
