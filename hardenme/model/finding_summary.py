"""The part of a finding that two reports are compared by.

A stored report makes its findings anew at each pass. To hold tens of thousands of them against
each other takes their names and results; the whole of a finding is made where something changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

from hardenme.model.finding import LONGEST, Finding
from hardenme.model.secret import redact
from hardenme.model.severity import Severity
from hardenme.model.text import visible
from hardenme.model.verdict import Failed


class FindingSummary(NamedTuple):
    """A finding at a glance.

    Attributes:
        code: the check's code.
        subject: the id of what is judged, as a stored report has it.
        within: the id of what that belongs to.
        result: the outcome's name, as `Finding.result`.
        severity: what it weighs.
    """

    code: str
    subject: str
    within: str
    result: str
    severity: Severity


@runtime_checkable
class Glanced(Protocol):
    """Findings that can be looked at without being made as a whole."""

    def glances(self) -> Iterator[FindingSummary]:
        """Each of them, in their order."""

    def picked(self, places: Collection[int]) -> Iterator[tuple[int, Finding]]:
        """Those at these places, made as a whole, in their order."""


def glances(findings: Iterable[Finding]) -> Iterator[FindingSummary]:
    """Each finding at a glance."""
    if isinstance(findings, Glanced):
        yield from findings.glances()
        return
    names: dict[object, str] = {}
    for one in findings:
        for subject in (one.subject, one.within):
            if subject not in names:
                names[subject] = stored(str(subject))
        yield FindingSummary(
            one.code, names[one.subject], names[one.within], one.result, weight(one)
        )


def picked(findings: Sequence[Finding], places: Collection[int]) -> Iterator[tuple[int, Finding]]:
    """The findings at these places as a whole, in their order, by one pass."""
    if not places:
        return
    if isinstance(findings, Glanced):
        yield from findings.picked(places)
        return
    wanted = frozenset(places)
    yield from ((at, one) for at, one in enumerate(findings) if at in wanted)


def weight(finding: Finding) -> Severity:
    """What a finding weighs: as its verdict says, else as its check does."""
    outcome = finding.outcome
    if isinstance(outcome, Failed) and outcome.severity is not None:
        return outcome.severity
    return finding.severity


def stored(text: str) -> str:
    """A text as a stored report has it: without secrets and hidden characters."""
    return visible(redact(text), longest=LONGEST)
