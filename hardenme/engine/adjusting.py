"""Applies the severities and thresholds from files, and reports what they change.

A file of the user's own is followed. A folder's file is followed if it makes a run ask for more.
Its author may be the one whom the run is to find out about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hardenme.model.adjustment import Adjustment
from hardenme.model.check import Check
from hardenme.model.finding import Finding
from hardenme.model.given import Limits
from hardenme.model.profile import PROFILES, strictest
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.thresholds import THRESHOLDS
from hardenme.model.waiver import ANY, fits

OWNERS = frozenset({"org", "user", "repo"})
"""The kinds of subject on GitHub whose names begin with the owner's login."""
MOST = 12
"""Changes of one file that a sentence names."""


def owner_of(subject: Subject) -> str:
    """The owner that patterns are about: a login on GitHub, or a scope of npm with its @."""
    if subject.provider == "github" and subject.kind in OWNERS:
        return subject.name.partition("/")[0]
    if (subject.provider, subject.kind) == ("npm", "org"):
        return f"@{subject.name}"
    scoped = (subject.provider, subject.kind) == ("npm", "package") and subject.name[:1] == "@"
    return subject.name.partition("/")[0] if scoped else ""


def _specific(pattern: str) -> tuple[bool, int]:
    """How specific a pattern is: a name, then the pattern with the most characters of one."""
    return ANY not in pattern, len(pattern.replace(ANY, ""))


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

    def limits(self, base: Limits, owner: str = "") -> Limits:
        """The thresholds in force.

        Args:
            base: those of the profile.
            owner: whose contents are judged, as `owner_of` names it; empty for no one's.
        """
        names = {name for one in self.all for name in one.thresholds}
        values: dict[str, Any] = {
            THRESHOLDS[name].attribute: self._value(name, base) for name in names
        }
        own = {THRESHOLDS[name].attribute: value for name, value in self.of_owner(owner).items()}
        return replace(base, **values | own)

    def of_owner(self, owner: str) -> dict[str, int]:
        """The thresholds that the user's file sets for an owner, by the threshold's name.

        Of several patterns that fit, the most specific one counts for each threshold.
        """
        found: dict[str, int] = {}
        for one in reversed(self.all) if owner else ():
            fitting = [pattern for pattern in one.owners if fits(owner.lower(), pattern.lower())]
            for pattern in sorted(fitting, key=_specific):
                found |= one.owners[pattern] if one.trusted else {}
        return found

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
            yield from _sentences(one, "thresholds", _thresholds(one, one.thresholds, base))
            owners = (
                replace(change, text=f"{pattern}: {change.text}")
                for pattern in sorted(one.owners)
                for change in _thresholds(one, one.owners[pattern], base)
            )
            yield from _sentences(one, "thresholds of owners", owners)


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


def _thresholds(one: Adjustment, values: Mapping[str, int], base: Limits) -> Iterator[_Change]:
    for name, wished in sorted(values.items()):
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
