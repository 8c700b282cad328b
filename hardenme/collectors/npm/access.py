"""Reads who may publish a package, and who may see it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.npm.asking import fetch, no_token, place, single_of
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.npm.package import OF, ROOT
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.facts.npm.access import PackageCollaborators, PackageVisibility
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown

WRITER = "an account that can publish the package"


def collaborators(npm: Npm, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """GET /-/package/{package}/collaborators: for a public package npm answers anyone."""
    found = fetch(npm, PackageCollaborators, who=WRITER, package=scope.name)
    yield single_of(npm, PackageCollaborators, scope, found)


def visibility(npm: Npm, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """GET /-/package/{package}/visibility."""
    kind = PackageVisibility
    found = fetch(npm, kind, who=WRITER, package=scope.name) if npm.secret else no_token(npm, kind)
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
