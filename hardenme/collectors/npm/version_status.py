"""Reads what npm's own scan came to for the newest release of a package."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from hardenme.collectors.book import Book
from hardenme.collectors.npm.asking import fetch, no_token, nothing, place
from hardenme.collectors.npm.client import Npm, escaped
from hardenme.collectors.protocol import Collector
from hardenme.facts.npm.package import NewestRelease, VersionStatus
from hardenme.model.depth import Depth
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

STATUSES = ("published", "validating", "staged", "blocked", "deleted")


def version_status(npm: Npm, scope: Subject, book: Book) -> Iterator[Answer[Any]]:
    """GET /-/package/{package}/version/{version}/status."""
    kind = VersionStatus
    release = book.fact(NewestRelease, scope)
    if release is None:
        yield nothing(kind, scope, Unknown(Reason.NOT_ASKED, "a newest release"))
        return
    if "version" in (unknown := release.unknown_fields()):
        yield nothing(kind, scope, unknown["version"])
        return
    if npm.secret is None:
        yield nothing(kind, scope, no_token(npm, kind))
        return
    version = quote(release.version, safe="")
    path = f"/-/package/{escaped(scope.name)}/version/{version}/status"
    found = fetch(npm, path, kind.requirement)
    if isinstance(found, Unknown):
        yield nothing(kind, scope, found)
        return
    response, item = found
    name: Any = item.text("packageName")
    number: Any = item.text("version")
    if name != scope.name and not isinstance(name, Unknown):
        name = item.odd("packageName")
    if number != release.version and not isinstance(number, Unknown):
        number = item.odd("version")
    fact = kind(
        **place(npm, scope), package=name, version=number, status=item.choice("status", *STATUSES)
    )
    yield Answer(kind, scope, (fact,), (*book.evidence(NewestRelease, scope), response.atom))


COLLECTORS = (
    Collector(
        "status of an npm release",
        "npm",
        (VersionStatus,),
        version_status,
        of=(NewestRelease,),
        depth=Depth.DEEP,
    ),
)
