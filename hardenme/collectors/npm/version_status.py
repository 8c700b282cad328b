"""Reads what npm's own scan came to for the newest release of a package."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.npm.asking import Found, fetch, no_token, place
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.protocol import Collector
from hardenme.facts.npm.package import NewestRelease, VersionStatus
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown


def version_status(npm: Npm, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET /-/package/{package}/version/{version}/status."""
    kind = VersionStatus
    release = store.fact(NewestRelease, scope)
    if release is None:
        yield nothing(kind, scope, Unknown(Reason.NOT_ASKED, "a newest release"))
        return
    found: Found | None = release.unknown_fields().get("version")
    if found is None and npm.secret is None:
        found = no_token(npm, kind)
    found = found or fetch(npm, kind, package=scope.name, version=release.version)
    if isinstance(found, Unknown):
        yield nothing(kind, scope, found)
        return
    response, item = found
    told = read(kind, item)
    for field, name, meant in (
        ("package", "packageName", scope.name),
        ("version", "version", release.version),
    ):
        if told[field] != meant and not isinstance(told[field], Unknown):
            told[field] = item.odd(name)
    fact = kind(**place(npm, scope), **told)
    yield Answer(kind, scope, (fact,), (*store.evidence(NewestRelease, scope), response.atom))


COLLECTORS = (
    Collector(
        "status of an npm release",
        (VersionStatus,),
        version_status,
    ),
)
