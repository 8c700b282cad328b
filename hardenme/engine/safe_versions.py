"""Finds the version that a dist-tag can be moved to, for the fixes that checks print."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache, cached_property

from hardenme.collectors.fact_store import FactStore
from hardenme.derive.safe_version import passed_over, safe_version
from hardenme.derive.suspect_releases import ReleaseSigns, suspects
from hardenme.engine.catalogue import catalogue
from hardenme.engine.evaluate import evaluate
from hardenme.engine.index import Index
from hardenme.facts.npm.history import ReleaseHistory
from hardenme.facts.npm.release import Observed
from hardenme.model.given import Given, Limits, Now, SafeVersions
from hardenme.model.profile import RELEASE_DAYS
from hardenme.model.subject import Subject
from hardenme.model.unknown import NotKnownError

ALL_DAYS = 36_500
"""Older than the registry."""
NONE = SafeVersions(lambda _package, _tag, _version: "")


def safe_versions(
    store: FactStore, givens: Iterable[Given], now: Now, limits: Limits
) -> SafeVersions:
    """What the rule gives over all that was read.

    All checks of releases decide which releases are bad, whatever the run selects. They look at a
    month of every package, and at all releases of the package in question. It makes no request, and
    runs when a fix needs a version.
    """
    found = _SafeVersions(store, tuple(givens), now, limits)
    return SafeVersions(found.find, found.passed_over)


class _SafeVersions:
    """What was learned about releases, each value computed when it is first needed."""

    def __init__(
        self, store: FactStore, givens: tuple[Given, ...], now: Now, limits: Limits
    ) -> None:
        self._now = now
        self._days = max(limits.release_days, RELEASE_DAYS)
        self._checks = [one for one in catalogue() if issubclass(one.subject_fact, Observed)]
        self._index = cache(
            lambda days: Index(store, (*givens, replace(limits, release_days=days), NONE))
        )
        self._suspect = cache(self._suspects)
        self._marked = cache(self._marks)

    def find(self, package: Subject, tag: str, version: str) -> str:
        """The version to move a tag to; empty if none is known to be safe."""
        history = self._histories.get(package)
        if history is None:
            return ""
        try:
            return safe_version(history, tag, version, self._now.time, self._suspect(package))
        except NotKnownError:
            return ""

    def passed_over(self, package: Subject, tag: str, version: str) -> str:
        """Which newer versions are not the one to move the tag to, and why; empty for none."""
        history = self._histories.get(package)
        if history is None:
            return ""
        titles = {one.code: one.title for one in self._checks}
        try:
            marked = self._marked(package)
            suspect = {
                one: [f"{code}: {titles[code]}" for code in marked.get(one, ())]
                for one in self._suspect(package)
            }
            return passed_over(history, tag, version, self._now.time, suspect)
        except NotKnownError:
            return ""

    @cached_property
    def _histories(self) -> dict[Subject, ReleaseHistory]:
        found = (one.fact for one in self._index(ALL_DAYS).instances(ReleaseHistory))
        return {fact.subject: fact for fact in found if isinstance(fact, ReleaseHistory)}

    @cached_property
    def _lately(self) -> dict[Subject, dict[str, set[str]]]:
        return self._failing(self._days)

    def _failing(
        self, days: int, package: Subject | None = None
    ) -> dict[Subject, dict[str, set[str]]]:
        """By package and version, the codes of the checks that fail."""
        found: dict[Subject, dict[str, set[str]]] = {}
        everything = self._index(days)
        for finding in evaluate(
            self._checks, everything, self._now, lambda one: package in {None, one.within}
        ):
            if finding.result == "failed":
                version = finding.subject.name.rpartition("@")[2]
                codes = found.setdefault(finding.within, {})
                codes.setdefault(version, set()).add(finding.code)
        return found

    def _suspects(self, package: Subject) -> frozenset[str]:
        known, lately = self._histories, self._lately
        others = ReleaseSigns.of(
            (known[one], marked)
            for one, marked in lately.items()
            if one != package and one in known
        )
        return suspects(known[package], self._marked(package), others)

    def _marks(self, package: Subject) -> dict[str, set[str]]:
        """The versions of a package for which a check fails, with the codes."""
        marked = self._failing(ALL_DAYS, package).get(package, {})
        return marked | self._lately.get(package, {})
