"""What reports show about waivers: accepted until when, expired, and unused.

The sentences are raw, as someone wrote their parts into a file; anyone who prints them makes them
fit for that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from hardenme.model.finding import Finding
from hardenme.model.severity import Severity
from hardenme.model.waiver import Waiver, Waivers

SOON = 14
"""Days before its expiry from which a waiver is reported as expiring soon."""
KEPT = 200
"""Subjects that are kept by name; all others are counted."""
ADVICE = "hardenme waive prune removes those that have expired"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The failures of one check that one waiver accepts.

    Attributes:
        code: the check's code.
        slug: the check's slug.
        severity: the worst among them.
        title: the problem.
        waiver: who accepts them, why, and until when.
        names: the first subjects, in words; at least one.
        count: how many subjects there are.
        days: on how many days it still counts, the day of the report included.
    """

    code: str
    slug: str
    severity: Severity
    title: str
    waiver: Waiver
    names: tuple[str, ...]
    count: int
    days: int

    @property
    def others(self) -> int:
        """How many subjects there are beyond the first ones."""
        return self.count - len(self.names)

    @property
    def soon(self) -> bool:
        """Whether it ends soon."""
        return self.days <= SOON


@dataclass(frozen=True, slots=True)
class Lapsed:
    """Failures that were accepted until a day that is past.

    Attributes:
        waiver: who accepted them, why, and until when.
        names: the first subjects, in words; at least one.
        count: how many subjects there are.
    """

    waiver: Waiver
    names: tuple[str, ...]
    count: int

    @property
    def others(self) -> int:
        """How many subjects there are beyond the first ones."""
        return self.count - len(self.names)


@dataclass(slots=True)
class Covered:
    """What a waiver is about, while it comes in: the first subjects, and how many there are.

    Attributes:
        kept: how many subjects are kept by name.
        severity: the worst so far.
        names: the first subjects.
        count: how many there are.
    """

    kept: int = KEPT
    severity: Severity = Severity.INFO
    names: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, name: str, severity: Severity) -> None:
        """One more subject."""
        self.severity = max(self.severity, severity)
        self.count += 1
        if len(self.names) < self.kept:
            self.names.append(name)


class Acceptance:
    """Gathers what is waived while a report's findings pass by.

    Args:
        started: when the run started; by its day in UTC the days that are left are counted.
        kept: how many subjects of a waiver are kept by name.
    """

    def __init__(self, started: datetime, kept: int = KEPT) -> None:
        self._kept = kept
        self._today = started.date() if started.tzinfo is None else started.astimezone(UTC).date()
        self._covered: dict[tuple[str, str, str, Waiver], Covered] = {}

    def take(self, finding: Finding, name: str, severity: Severity) -> None:
        """One more finding; what is not waived is left alone."""
        if finding.waiver is not None:
            key = (finding.code, finding.slug, finding.title, finding.waiver)
            self._covered.setdefault(key, Covered(self._kept)).add(name, severity)

    def all(self) -> tuple[Accepted, ...]:
        """All of it: the worst first, then what ends first."""
        found = (
            Accepted(
                code,
                slug,
                covered.severity,
                title,
                waiver,
                tuple(covered.names),
                covered.count,
                waiver.days_left(self._today),
            )
            for (code, slug, title, waiver), covered in self._covered.items()
        )
        return tuple(sorted(found, key=_urgency))


def _urgency(accepted: Accepted) -> tuple[int, date, str, str]:
    waiver = accepted.waiver
    return -accepted.severity, waiver.until, accepted.code, waiver.subject


def left(accepted: Accepted) -> str:
    """How long it still counts: `until 2027-01-31, 67 days left`."""
    days = "1 day" if accepted.days == 1 else f"{accepted.days} days"
    soon = ": ends soon" if accepted.soon else ""
    return f"until {accepted.waiver.until}, {days} left{soon}"


def accepter(waiver: Waiver) -> str:
    """Who accepts it, and why: `hazel: the key lies in a safe`."""
    return f"{waiver.by or 'no one named'}: {waiver.reason}"


def waiver_text(waiver: Waiver) -> str:
    """The same with the issue: `hazel: the key lies in a safe (acme/web#12)`."""
    issue = f" ({waiver.issue})" if waiver.issue else ""
    return f"{accepter(waiver)}{issue}"


def history(lapsed: Lapsed) -> str:
    """What was once accepted: `accepted until 2026-11-01 by hazel: the key lies in a safe`."""
    return f"accepted until {lapsed.waiver.until} by {waiver_text(lapsed.waiver)}"


def idle_waivers(waivers: Waivers) -> Iterator[tuple[str, str]]:
    """Remarks on waivers that accept nothing, each with a label and a sentence."""
    for waiver in waivers.expired:
        yield "Expired", f"{_meant(waiver)} was waived {_ending(waiver)}"
    for waiver in waivers.unused:
        fine = f"{waiver.check} does not fail for {waiver.subject}"
        yield "Unused", f"{fine}, which is waived {_ending(waiver)}"
    for waiver in waivers.proposed:
        asks = waiver.origin or "a file in the working directory"
        why = f"until {waiver.until} by {waiver_text(waiver)}"
        yield "Proposed", f"{asks} asks to waive {_meant(waiver)} {why}. It is not applied."


def _meant(waiver: Waiver) -> str:
    return f"{waiver.check} of {waiver.subject}"


def _ending(waiver: Waiver) -> str:
    place = f" [{waiver.origin}]" if waiver.origin else ""
    return f"until {waiver.until} by {waiver_text(waiver)}{place}"
