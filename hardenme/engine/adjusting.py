"""Applies the severities and thresholds from files, and reports what they change.

A file of the user's own is followed. A folder's file is followed if it makes a run ask for more.
Its author may be the one whom the run is to find out about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from hardenme.model.adjustment import Adjustment
from hardenme.model.check import Check
from hardenme.model.finding import Finding
from hardenme.model.given import Limits
from hardenme.model.profile import PROFILES, strictest
from hardenme.model.severity import Severity
from hardenme.model.thresholds import THRESHOLDS

MOST = 12
"""Changes of one file that a sentence names."""


@dataclass(frozen=True, slots=True)
class Adjusting:
    """What all files together change.

    Attributes:
        all: what each says, the most trusted first.
    """

    all: tuple[Adjustment, ...] = ()

    def profile(self, fitting: str) -> tuple[str, bool]:
        """The profile in force where no one who is trusted names one, and whether it was chosen.

        Args:
            fitting: the one that fits what was seen.
        """
        for one in self.all:
            if one.profile and strictest(fitting, one.profile) != fitting:
                return one.profile, False
        return fitting, True

    def limits(self, base: Limits) -> Limits:
        """The thresholds in force.

        Args:
            base: those of the profile.
        """
        names = {name for one in self.all for name in one.thresholds}
        values: dict[str, Any] = {
            THRESHOLDS[name].attribute: self._value(name, base) for name in names
        }
        return replace(base, **values)

    def _value(self, name: str, base: Limits) -> int:
        threshold = THRESHOLDS[name]
        held: int = getattr(base, threshold.attribute)
        for one in reversed(self.all):
            value = one.thresholds.get(name, held)
            if one.trusted or threshold.tightens(value, held):
                held = value
        return held

    def severity(self, code: str, judged: Severity) -> Severity:
        """What a failure weighs.

        Args:
            code: of the check.
            judged: what it weighs by the check itself.
        """
        for one in reversed(self.all):
            wished = one.severities.get(code, judged)
            judged = wished if one.trusted else max(wished, judged)
        return judged

    def finding(self, finding: Finding) -> Finding:
        """The finding with the weight in force."""
        severity = self.severity(finding.code, finding.severity)
        return finding if severity is finding.severity else replace(finding, severity=severity)

    def notes(self, checks: Collection[Check], profile: str, fitting: str) -> Iterator[str]:
        """Sentences on what the files change, and what of a folder's wishes was not followed.

        Args:
            checks: those that ran.
            profile: the one in force; empty if the run ended before one was chosen.
            fitting: the one that fits what was seen; empty if nothing was chosen.
        """
        declared = {check.code: check.severity for check in checks}
        if not profile:
            return
        base = PROFILES[profile].limits
        for one in self.all:
            yield from _of_profile(one, profile, fitting)
            yield from _sentences(one, "severities", _severities(one, declared))
            yield from _sentences(one, "thresholds", _thresholds(one, base))


@dataclass(frozen=True, slots=True)
class _Change:
    """One value in place of another, and whether it counts."""

    text: str
    counts: bool


def _severities(one: Adjustment, declared: dict[str, Severity]) -> Iterator[_Change]:
    for code, wished in sorted(one.severities.items()):
        usual = declared.get(code)
        if usual is not None and wished is not usual:
            yield _Change(f"{code} {wished} (usually {usual})", one.trusted or wished > usual)


def _thresholds(one: Adjustment, base: Limits) -> Iterator[_Change]:
    for name, wished in sorted(one.thresholds.items()):
        threshold = THRESHOLDS[name]
        usual = getattr(base, threshold.attribute)
        if wished != usual:
            counts = one.trusted or threshold.tightens(wished, usual)
            yield _Change(f"{name} {wished} (usually {usual})", counts)


def _sentences(one: Adjustment, what: str, changes: Iterable[_Change]) -> Iterator[str]:
    found = tuple(changes)
    if followed := [change.text for change in found if change.counts]:
        yield f"{one.origin} sets {what}: {_listed(followed)}"
    if left := [change.text for change in found if not change.counts]:
        yield (
            f"{one.origin} asks for {what} that would let more pass, and is not followed:"
            f" {_listed(left)}"
        )


def _of_profile(one: Adjustment, profile: str, fitting: str) -> Iterator[str]:
    if not one.profile or not fitting or one.profile == fitting:
        return
    if one.profile == profile:
        yield f"{one.origin} sets the profile {profile}"
    else:
        yield (
            f"{one.origin} asks for the profile {one.profile}, and is not followed: {fitting} fits"
            " what was seen, and asks for more"
        )


def _listed(texts: list[str]) -> str:
    more = len(texts) - MOST
    return ", ".join(texts[:MOST]) + (f" and {more} more" if more > 0 else "")
