"""Findings as a stored report holds them."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from hardenme.codec.packed import BLOCK, Packed
from hardenme.ground.errors import ContentError
from hardenme.model.evidence import Atom
from hardenme.model.finding import Attested, Errored, Finding, Outcome
from hardenme.model.finding_summary import FindingSummary, weight
from hardenme.model.report import CheckText
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, Manual, NotApplicable, Passed
from hardenme.reports.form import FORM, MANY, StoredFinding, StoredFix
from hardenme.reports.grouping import ERRORED_ACTION
from hardenme.reports.members import Member, seen_of

T = TypeVar("T")
ORIGIN = "a stored report"
"""The evidence of a pass that was stored in short form."""
PASSED = "passed, by a stored report"
IN_SHORT = Passed(PASSED, {"outcome": "passed"})
"""The outcome where only the short form is stored: half of a report's findings share it."""


class Glances:
    """Findings at a glance, in their order.

    A large report has tens of thousands of findings, about a thousand subjects and a hundred
    different results. Each subject and each result is held once; a finding is two numbers.
    """

    def __init__(self) -> None:
        self._subjects: dict[tuple[str, str], int] = {}
        self._ways: dict[tuple[str, str, Severity], int] = {}
        self._about = array("I")
        self._way = array("I")

    def __len__(self) -> int:
        return len(self._way)

    def add(self, code: str, subject: str, within: str, result: str, severity: Severity) -> None:
        """One more."""
        about, way = (subject, within), (code, result, severity)
        self._about.append(self._subjects.setdefault(about, len(self._subjects)))
        self._way.append(self._ways.setdefault(way, len(self._ways)))

    def __iter__(self) -> Iterator[FindingSummary]:
        subjects, ways = list(self._subjects), list(self._ways)
        for about, way in zip(self._about, self._way, strict=True):
            subject, within = subjects[about]
            code, result, severity = ways[way]
            yield FindingSummary(code, subject, within, result, severity)

    def results(self) -> Counter[str]:
        """How many there are of each result."""
        found: Counter[str] = Counter()
        ways = list(self._ways)
        for way, number in Counter(self._way).items():
            found[ways[way][1]] += number
        return found


@lru_cache(MANY)
def stored_at(started: datetime) -> tuple[Atom, ...]:
    """The evidence of passes that a report of that time stores in short form."""
    return (Atom(ORIGIN, 0, started),)


@dataclass(frozen=True, slots=True)
class ReportContext:
    """The parts of a report other than its findings that are needed to read them.

    Attributes:
        steps: the steps that close several findings, by their names in the report.
        members: the members of organizations, by organization and login.
        started: when the run started.
    """

    checks: Mapping[str, CheckText]
    steps: Mapping[str, Fix]
    members: Mapping[str, Member]
    started: datetime

    def finding(self, raw: Any) -> Finding:
        """Read one.

        Raises:
            ContentError: it is none.
        """
        told = FORM.read(StoredFinding, raw)
        code, text, short = told.code, self.checks.get(told.code), told.outcome == "passed"
        if short and text is None and told.slug is None:
            raise ContentError(f"does not say what {code} checks")
        known = text if short else None
        slug = known.slug if known else _there(told.slug, "slug")
        try:
            return Finding(
                code=code,
                slug=slug,
                title=known.title if known else _there(told.title or None, "title"),
                subject=told.subject,
                within=told.within,
                label=told.label,
                outcome=self._passed(code, told.subject) if short else self._outcome(told),
                severity=known.severity if known else _there(told.severity, "severity"),
                sources=stored_at(self.started) if short else _sources(told),
                waiver=told.waiver,
                lapsed=told.lapsed,
            )
        except ContentError:
            raise
        except ValueError as error:
            # The model refuses what cannot be, like a verdict without evidence.
            raise ContentError(f"cannot be: {error!s:.200}") from None

    def _passed(self, code: str, subject: Subject) -> Passed:
        member = self.members.get(subject.name) if subject.kind == "member" else None
        if member is None:
            return IN_SHORT
        return Passed(PASSED, {**IN_SHORT.seen, **seen_of(member, code)})

    def _outcome(self, told: StoredFinding) -> Outcome:
        message, result = _there(told.message, "message"), told.outcome
        if (told.waiver is not None) != (result == "waived"):
            raise ContentError("is waived and has no waiver, or the other way round")
        if result in {"failed", "waived"}:
            seen = _there(told.evidence, "evidence").seen
            return Failed(message, seen, self._fix(_there(told.fix, "fix")))
        if result == "not_applicable":
            return NotApplicable(message, _there(told.evidence, "evidence").seen)
        if result == "unknown":
            why = _there(told.unknown, "unknown")
            asked = why.question
            question = None if asked is None else (asked.question, asked.page)
            found = Unknown(why.reason, why.needed, question=question)
            return found if message == found.what_to_do else replace(found, seen=message)
        if result == "manual":
            manual = _there(told.manual, "manual")
            fix = None if manual.fix is None else self._fix(manual.fix)
            return Manual(manual.question, manual.page, fix)
        if result == "attested":
            stated = _there(told.attested, "attested")
            return Attested(message, stated.by, stated.until)
        if result == "errored":
            return Errored(message.removesuffix(f": {ERRORED_ACTION}"))
        raise ContentError(f"has an outcome that this version does not know: {result!r:.60}")

    def _fix(self, told: StoredFix) -> Fix:
        if told.wider is None:
            return told.fix
        if told.wider not in self.steps:
            raise ContentError(f"it does not hold the step {told.wider:.30}, which a finding names")
        return replace(told.fix, wider=self.steps[told.wider])


def _there(value: T | None, name: str) -> T:
    if value is None:
        raise ContentError("is missing", (name,))
    return value


def _sources(told: StoredFinding) -> tuple[Atom, ...]:
    return () if told.evidence is None else told.evidence.sources


class StoredFindings(Packed[Finding]):
    """The findings of a stored report, made anew each time that they are gone through."""

    def __init__(self) -> None:
        super().__init__(self._finding)
        self.around: ReportContext | None = None
        """What is needed to read them; it comes after them in the text."""
        self._glances = Glances()

    def _finding(self, raw: Any) -> Finding:
        return _there(self.around, "around").finding(raw)

    def glances(self) -> Iterator[FindingSummary]:
        """Each of them at a glance, in their order. Counting takes them down."""
        if len(self._glances) != len(self):
            self.counted()
        return iter(self._glances)

    def picked(self, places: Collection[int]) -> Iterator[tuple[int, Finding]]:
        """Those at these places, in their order; no other one is made."""
        wanted = frozenset(places)
        for number in sorted({place // BLOCK for place in wanted}):
            block = next(self.blocks(number))
            for at, raw in enumerate(block, number * BLOCK):
                if at in wanted:
                    yield at, self.make(raw)

    def counted(self) -> Counter[str]:
        """How many there are of each result.

        Raises:
            ContentError: one of them is not a finding; the text says which.
        """
        seen = Glances()
        for block in self.blocks():
            for raw in block:
                try:
                    one = self.make(raw)
                except ContentError as error:
                    raise ContentError(f"finding {len(seen) + 1}: {error}") from None
                seen.add(one.code, raw["subject"], raw["within"], one.result, weight(one))
        self._glances = seen
        return seen.results()
