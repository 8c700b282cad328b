"""Finds the version that a dist-tag can be moved to, for the fixes that checks print."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from hardenme.collectors.book import Book
from hardenme.derive.safe_version import safe_version
from hardenme.engine.catalogue import catalogue
from hardenme.engine.evaluate import evaluate
from hardenme.engine.index import Index
from hardenme.facts.npm.history import ReleaseHistory
from hardenme.facts.npm.release import Observed
from hardenme.model.given import Given, Limits, Now, SafeVersions
from hardenme.model.profile import RELEASE_DAYS
from hardenme.model.subject import Subject
from hardenme.model.unknown import NotKnownError

NONE = SafeVersions(lambda _package, _tag, _version: "")


def safe_versions(book: Book, givens: Iterable[Given], now: Now, limits: Limits) -> SafeVersions:
    """What the rule gives over all that was read.

    Which releases a check fails for is found out by all checks of releases, whichever of them the
    run selects, and for a month, however few days the run looks at. It asks for nothing, and takes
    place where a fix asks for a version.
    """
    wide = replace(limits, release_days=max(limits.release_days, RELEASE_DAYS))
    index = Index(book, (*givens, wide, NONE))

    @cache
    def histories() -> dict[Subject, ReleaseHistory]:
        found = (one.fact for one in index.instances(ReleaseHistory))
        return {fact.subject: fact for fact in found if isinstance(fact, ReleaseHistory)}

    @cache
    def doubted() -> dict[Subject, set[str]]:
        checks = [one for one in catalogue() if issubclass(one.subject_fact, Observed)]
        found: dict[Subject, set[str]] = {}
        for finding in evaluate(checks, index, now):
            if finding.result == "failed":
                version = finding.subject.name.rpartition("@")[2]
                found.setdefault(finding.within, set()).add(version)
        return found

    def find(package: Subject, tag: str, version: str) -> str:
        history = histories().get(package)
        if history is None:
            return ""
        try:
            return safe_version(history, tag, version, now.time, doubted().get(package, ()))
        except NotKnownError:
            return ""

    return SafeVersions(find)
