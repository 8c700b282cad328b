"""Findings as a stored report holds them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, overload

from hardenme.model.evidence import Atom, Seen
from hardenme.model.finding import Attested, Errored, Finding, Outcome
from hardenme.model.glance import Glance, weight
from hardenme.model.report import CheckText
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.text import visible
from hardenme.model.unknown import WHAT_TO_DO, Reason, Unknown
from hardenme.model.verdict import Failed, Fix, Manual, NotApplicable, Passed
from hardenme.model.waiver import Waiver
from hardenme.reports.grouping import ERRORED_ACTION
from hardenme.reports.members import Member, seen_of
from hardenme.reports.reading.error import ReportError
from hardenme.reports.reading.fields import CODE, KEPT, SLUG, Fields
from hardenme.reports.reading.glances import Glances
from hardenme.reports.reading.packed import BLOCK, Packed
from hardenme.reports.reading.texts import TitleOf

ORIGIN = "a stored report"
"""What a pass rests on that was stored in short."""
PASSED = "passed, by a stored report"
IN_SHORT = Passed(PASSED, {"outcome": "passed"})
"""What came out where no more than that is stored: half of a report's findings share it."""
PLAIN = (str, int, float, type(None))
"""What a field that decided can be, or a list of them."""

subject_of = lru_cache(KEPT)(Subject.parse)
severity_of = lru_cache(KEPT)(Severity.parse)
unknown_of = lru_cache(KEPT)(Unknown)
SOURCE = ("endpoint", "status", "observed_at", "pages_read", "pages_expected", "cached")
"""The members of a source."""


@lru_cache(KEPT)
def stored_at(started: datetime) -> tuple[Atom, ...]:
    """What a pass rests on that a report of that moment holds in short."""
    return (Atom(ORIGIN, 0, started),)


@dataclass(frozen=True, slots=True)
class Around:
    """What stands in a report beside its findings, and is needed to read them.

    Attributes:
        checks: the texts of checks.
        steps: the steps that close several findings, by their names in the report.
        members: the members of organizations, by organization and login.
        started: when the run started.
        title_of: names the problem where neither the finding nor its check does.
    """

    checks: Mapping[str, CheckText]
    steps: Mapping[str, Fix]
    members: Mapping[str, Member]
    started: datetime
    title_of: TitleOf

    def finding(self, raw: object) -> Finding:
        """Read one.

        Raises:
            ReportError: it is none.
        """
        fields = Fields.of(raw, "a finding")
        try:
            return self._finding(fields)
        except ReportError:
            raise
        except ValueError as error:
            # The model refuses what cannot be, like a verdict without evidence.
            raise ReportError(f"a finding cannot be: {error!s:.200}") from None

    def _finding(self, fields: Fields) -> Finding:
        code, result = fields.text("code"), fields.text("outcome")
        text = self.checks.get(code)
        if text is None:
            fields.named("code", CODE)
        subject = fields.word("subject", subject_of)
        within = fields.word("within", subject_of)
        short = result == "passed"
        if short and text is None and "slug" not in fields.raw:
            raise ReportError(f"it does not say what {code:.20} checks")
        slug = text.slug if short and text else fields.named("slug", SLUG)
        title = fields.text("title", "") or (text.title if text else self.title_of(code))
        evidence = fields.optional("evidence")
        sources = () if evidence is None else tuple(map(_source, evidence.parts("sources")))
        return Finding(
            code=code,
            slug=slug,
            title=title or slug,
            subject=subject,
            within=within,
            label=visible(fields.text("label", "")),
            outcome=self._passed(code, subject) if short else self._outcome(result, fields),
            severity=text.severity if short and text else fields.word("severity", severity_of),
            sources=stored_at(self.started) if short else sources,
            waiver=_accepted(fields, result),
            lapsed=waiver_of(fields.optional("lapsed")),
        )

    def _passed(self, code: str, subject: Subject) -> Passed:
        member = self.members.get(subject.name) if subject.kind == "member" else None
        if member is None:
            return IN_SHORT
        return Passed(PASSED, {**IN_SHORT.seen, **seen_of(member, code)})

    def _outcome(self, result: str, fields: Fields) -> Outcome:
        message = fields.text("message")
        if result in {"failed", "waived"}:
            return Failed(message, _seen(fields), self._fix(fields.part("fix")))
        if result == "not_applicable":
            return NotApplicable(message, _seen(fields))
        if result == "unknown":
            part = fields.part("unknown")
            reason = part.word("reason", Reason)
            seen = "" if message == WHAT_TO_DO[reason] else message
            return unknown_of(reason, part.text("needed"), seen)
        if result == "manual":
            part = fields.part("manual")
            fix = part.optional("fix")
            return Manual(
                part.text("question"), part.text("page"), None if fix is None else self._fix(fix)
            )
        if result == "attested":
            part = fields.part("attested")
            return Attested(message, part.text("by"), part.moment("until"))
        if result == "errored":
            return Errored(message.removesuffix(f": {ERRORED_ACTION}"))
        raise ReportError(f"a finding has an outcome that this version does not know: {result:.30}")

    def _fix(self, fields: Fields) -> Fix:
        name = fields.text("wider", "")
        if name and name not in self.steps:
            raise ReportError(f"it does not hold the step {name:.30}, which a finding names")
        return fix_of(fields, self.steps[name] if name else None)


class StoredFindings(Sequence[Finding]):
    """The findings of a stored report, made anew each time that they are gone through."""

    def __init__(self, packed: Packed, around: Around) -> None:
        self._packed = packed
        self._around = around
        self._glances = Glances()

    def __iter__(self) -> Iterator[Finding]:
        for block in self._packed.blocks():
            yield from map(self._around.finding, block)

    def __len__(self) -> int:
        return len(self._packed)

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Finding]: ...
    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return tuple(self)[index]
        place = range(len(self))[index]
        block = next(self._packed.blocks(place // BLOCK))
        return self._around.finding(block[place % BLOCK])

    def glances(self) -> Iterator[Glance]:
        """Each of them at a glance, in their order. Counting takes them down."""
        if len(self._glances) != len(self):
            self.counted()
        return iter(self._glances)

    def picked(self, places: Collection[int]) -> Iterator[tuple[int, Finding]]:
        """Those at these places, in their order; no other one is made."""
        wanted = frozenset(places)
        for number in sorted({place // BLOCK for place in wanted}):
            block = next(self._packed.blocks(number))
            for at, raw in enumerate(block, number * BLOCK):
                if at in wanted:
                    yield at, self._around.finding(raw)

    def counted(self) -> Counter[str]:
        """How many there are of each result.

        Raises:
            ReportError: one of them is no finding; the text says which.
        """
        seen = Glances()
        for block in self._packed.blocks():
            for raw in block:
                try:
                    one = self._around.finding(raw)
                except ReportError as error:
                    raise ReportError(f"finding {len(seen) + 1}: {error}") from None
                seen.add(one.code, raw["subject"], raw["within"], one.result, weight(one))
        self._glances = seen
        return seen.results()


def fix_of(fields: Fields, wider: Fix | None = None) -> Fix:
    """A fix, or a step."""
    try:
        return Fix(
            step=fields.text("step"),
            page=fields.text("page", ""),
            command=fields.text("command", ""),
            needs=fields.text("needs", ""),
            undo=fields.text("undo", ""),
            wider=wider,
        )
    except ReportError:
        raise
    except ValueError as error:
        raise ReportError(f"{fields.what}: {error}") from None


def waiver_of(fields: Fields | None) -> Waiver | None:
    """What accepts a failure."""
    if fields is None:
        return None
    return Waiver(
        check=fields.text("check"),
        subject=fields.text("subject"),
        reason=fields.text("reason"),
        until=fields.day("until"),
        by=fields.text("by", ""),
        issue=fields.text("issue", ""),
        origin=fields.text("origin", ""),
    )


def _accepted(fields: Fields, result: str) -> Waiver | None:
    """What accepts this failure; an outcome and a waiver that disagree are refused."""
    waiver = waiver_of(fields.optional("waiver"))
    if (waiver is not None) != (result == "waived"):
        raise ReportError("a finding is waived and has no waiver, or the other way round")
    return waiver


def _source(fields: Fields) -> Atom:
    values = tuple(map(fields.raw.get, SOURCE))
    try:
        return _atom(*values)
    except TypeError:
        # A list or an object, which cannot be looked up, stands in place of one of them.
        return _atom.__wrapped__(*values)


@lru_cache(KEPT, typed=True)
def _atom(*values: Any) -> Atom:
    """A source by its members. One answer decides many findings; True is not taken for 1."""
    fields = Fields("one of `sources` of a finding", dict(zip(SOURCE, values, strict=True)))
    return Atom(
        endpoint=fields.text("endpoint"),
        status=fields.number("status"),
        observed_at=fields.moment("observed_at"),
        pages_read=fields.number("pages_read"),
        pages_expected=fields.number_or_none("pages_expected"),
        cached=fields.flag("cached", default=False),
    )


def _seen(fields: Fields) -> Seen:
    seen = fields.part("evidence").part("seen")
    if not all(map(_shown, seen.raw.values())):
        raise seen.fault("seen", "plain values in")
    return seen.raw


def _shown(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(item, PLAIN) for item in value)
    return isinstance(value, PLAIN)
