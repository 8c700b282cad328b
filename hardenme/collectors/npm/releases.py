"""Reads how old the dependencies are that a recent release newly needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.npm.asking import fetch_packument, place
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.protocol import Collector
from hardenme.facts.npm.history import PastRelease, ReleaseHistory
from hardenme.facts.npm.lineage import Lineage, new_dependencies
from hardenme.facts.npm.release import DependencyAge
from hardenme.facts.npm.spec import package_of
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import NotKnownError, Reason, Unknown

MOST = 25
"""New dependencies of one release that are asked about: more are unknown."""


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A package whose recent releases are looked at.

    Attributes:
        lineage: all of its releases.
        recent: the recent ones, with their places.
        evidence: what they were read from.
        now: when that was, by the registry's clock.
    """

    lineage: Lineage
    recent: tuple[tuple[int, PastRelease], ...]
    evidence: tuple[Atom, ...]
    now: datetime


def looked_at(store: FactStore, scope: Subject) -> LookedAt | Unknown:
    """What is known about a package's releases, or why nothing is."""
    answer = store.get(ReleaseHistory, scope)
    if answer is None or not answer.facts:
        missing = answer.missing if answer else None
        return missing or Unknown(Reason.NOT_ASKED, "the releases of the package")
    (history,) = answer.facts
    now = max(atom.observed_at for atom in answer.evidence)
    try:
        lineage = Lineage(history)
    except NotKnownError as error:
        return error.unknown
    return LookedAt(lineage, tuple(lineage.recent(now, store.release_days)), answer.evidence, now)


def dependency_ages(npm: Npm, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET /{package} for each dependency that a recent patch release newly needs.

    When it was first published never changes, so an answer from an earlier run is enough.
    """
    found = looked_at(store, scope)
    if isinstance(found, Unknown):
        yield nothing(DependencyAge, scope, found)
        return
    facts: dict[Subject, DependencyAge] = {}
    atoms = list(found.evidence)
    for index, release in found.recent:
        for name in _asked_about(found.lineage, index):
            created, atom = _created(npm, package_of(name, release.dependencies[name]))
            subject = Subject("npm", "dependency", f"{scope.name}@{release.version}/{name}")
            facts[subject] = DependencyAge(
                **place(npm, subject, scope),
                version=release.version,
                dependency=name,
                created=created,
            )
            atoms += atom
    yield Answer(DependencyAge, scope, tuple(facts.values()), tuple(dict.fromkeys(atoms)))


def _asked_about(lineage: Lineage, index: int) -> list[str]:
    """The new dependencies of a patch; none if what it follows is not known."""
    release = lineage.releases[index]
    try:
        base, patch = lineage.follows(index)
        added = new_dependencies(release, base) if patch else ()
    except NotKnownError:
        return []
    return [name for name in added if package_of(name, release.dependencies[name])][:MOST]


def _created(npm: Npm, package: str) -> tuple[Any, tuple[Atom, ...]]:
    """When a package was first published; several packages may have the same new dependency."""

    def ask() -> tuple[Any, tuple[Atom, ...]]:
        found = fetch_packument(npm, package, DependencyAge, kept=True)
        if isinstance(found, Unknown):
            return found, found.evidence
        response, item = found
        return read(DependencyAge, item)["created"], (response.atom,)

    result: tuple[Any, tuple[Atom, ...]] = npm.memo.get(("created", package), ask)
    return result


COLLECTORS = (
    Collector(
        "npm dependencies that are new",
        (DependencyAge,),
        dependency_ages,
    ),
)
