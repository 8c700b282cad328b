"""Reads who may publish a package, and who may see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hardenme.collectors.book import Book
from hardenme.collectors.npm.asking import fetch, no_token, nothing, place
from hardenme.collectors.npm.client import Npm, escaped
from hardenme.collectors.npm.names import addressable, no_name
from hardenme.collectors.npm.package import OF, READ, ROOT, WRITE
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.facts.npm.access import PackageCollaborators, PackageVisibility
from hardenme.model.depth import Depth
from hardenme.model.fact import Answer
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


def levels(item: Item) -> tuple[Any, Any]:
    """Who writes and who only reads, in the short words of npm or the long ones of its pages.

    A word that is not known leaves both unknown: it may well be one for writing.
    """
    writers, readers = set[str](), set[str]()
    for name, word in item.data.items():
        if not addressable(name):
            odd = item.odd("a name")
            return odd, odd
        if not isinstance(word, str) or word not in WRITE | READ:
            odd = item.odd(name)
            return odd, odd
        (writers if word in WRITE else readers).add(name)
    return tuple(sorted(writers)), tuple(sorted(readers))


def collaborators(npm: Npm, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """GET /-/package/{package}/collaborators: of a public package npm tells them to anyone."""
    if not addressable(scope.name):
        yield nothing(PackageCollaborators, scope, no_name("a package"))
        return
    needs = PackageCollaborators.requirement
    found = fetch(npm, f"/-/package/{escaped(scope.name)}/collaborators", needs, "access")
    if isinstance(found, Unknown):
        why = refused(found, needs, "somebody who can publish the package")
        yield nothing(PackageCollaborators, scope, why)
        return
    response, item = found
    writers, readers = levels(item)
    if writers == ():
        # Somebody can publish every package: who is not named was left out.
        writers = Unknown(
            Reason.NOT_VISIBLE,
            f"an answer to {item.endpoint} that names who can publish",
            "nobody can publish",
        )
    fact = PackageCollaborators(**place(npm, scope), writers=writers, readers=readers)
    yield Answer(PackageCollaborators, scope, (fact,), (response.atom,))


def visibility(npm: Npm, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """GET /-/package/{package}/visibility."""
    if npm.secret is None or not addressable(scope.name):
        why = no_token(npm, PackageVisibility) if npm.secret is None else no_name("a package")
        yield nothing(PackageVisibility, scope, why)
        return
    needs = PackageVisibility.requirement
    found = fetch(npm, f"/-/package/{escaped(scope.name)}/visibility", needs, "access")
    if isinstance(found, Unknown):
        why = refused(found, needs, "somebody who can publish the package")
        yield nothing(PackageVisibility, scope, why)
        return
    response, item = found
    fact = PackageVisibility(**place(npm, scope), public=_public(item, scope.name))
    yield Answer(PackageVisibility, scope, (fact,), (response.atom,))


def _public(item: Item, package: str) -> Any:
    """`{"public": true}`, which npm's client reads, or `{"<package>": "public"}` of its pages."""
    if isinstance(item.data.get(package), str):
        word: Any = item.choice(package, "public", "private", "restricted")
        return word if isinstance(word, Unknown) else word == "public"
    return item.flag("public")


COLLECTORS = (
    Collector(
        "npm collaborators", "npm", (PackageCollaborators,), collaborators, roots=ROOT, of=OF
    ),
    Collector(
        "npm visibility",
        "npm",
        (PackageVisibility,),
        visibility,
        roots=ROOT,
        of=OF,
        depth=Depth.DEEP,
    ),
)
