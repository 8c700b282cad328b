"""A drift as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, cast

from hardenme.codec.shape import OrNull
from hardenme.model.drift import Change, Drift, DriftStep, ItemChange, Turn
from hardenme.model.finding import Attested, Errored, Finding
from hardenme.model.finding_summary import weight
from hardenme.model.inventory import InventoryItem, State
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Manual
from hardenme.reports.drift.words import headline
from hardenme.reports.printed import PrintedDocument, as_lines
from hardenme.reports.style import Style

StepWord = Literal[
    "new", "worse", "expired", "first", "lost", "better", "waived", "fixed", "gone", "seen"
]
TurnWord = Literal["appeared", "changed", "vanished", "lost", "seen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedFinding:
    """A finding of one of the reports, in short.

    Attributes:
        subject: what is judged, by its id in that report.
        outcome: what it came to.
        severity: what it weighs.
        message: what was seen.
        reason: why it is unknown; null if it is not.
        needed: what it takes to know it; null if it is known.
        waived_until: the day on which the waiver that accepts it ends; null if none does.
        fingerprint: as in the report.
    """

    subject: Subject
    outcome: str
    severity: Severity
    message: str
    reason: OrNull
    needed: OrNull
    waived_until: date | None
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedFindingChange:
    """How a finding changed.

    Attributes:
        step: new: it fails, and did not or was not there. worse, better: it fails at another
            severity. expired: the waiver that accepted it has ended. first: it fails, and
            no report before could see whether it did. lost: it was known and is unknown, which is
            never a fix. waived: it fails, and is accepted from here on. fixed: it is known not to
            fail any more. gone: what failed is known to be there no more. seen: it was no longer
            visible, and is as it was.
        severity: what it weighs, or weighed when it last failed.
        code: the check's code.
        slug: the check's slug.
        title: the problem that the check names, whether it is there or not.
        subject: what is judged, by its present id.
        label: the subject's own name.
        before: as it was last known; null if it was not.
        after: as it is; null if the later report has none.
    """

    step: StepWord
    severity: Severity
    code: str
    slug: str
    title: str
    subject: Subject
    label: str
    before: PrintedFinding | None
    after: PrintedFinding | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedItem:
    """An item; never a value of a secret.

    Attributes:
        subject: what it is, by its id.
        label: its own name.
        identity: what it is found again by.
        fingerprint: as in the report.
        state: its known fields, by name.
    """

    subject: Subject
    label: str
    identity: str
    fingerprint: str
    state: Mapping[str, State]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedItemChange:
    """How an item of the inventory, or a whole list of them, changed.

    Attributes:
        turn: lost: its list was read and cannot be, or a part of its state. seen: that is over.
        severity: what it weighs, by what the thing gives access to.
        kind: what it is, like `SSH key`.
        place: the account, organization, repository or package that it is in, by its id.
        fields: what of its state changed, is no longer visible or is seen again; empty if all of it
            is meant.
        needed: what it takes to see it; null if that is not known, or it is seen.
        before: as it was last seen; null if it was not there. Where `after` is null as well, the
            whole list is meant.
        after: as it is; null if it is not there.
    """

    turn: TurnWord
    severity: Severity
    kind: str
    place: Subject
    fields: tuple[str, ...]
    needed: OrNull
    before: PrintedItem | None
    after: PrintedItem | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftDocument(PrintedDocument):
    """What changed from one run to the next.

    Attributes:
        since: when the earlier report was made; null if there is none: the later one is a baseline
            that no one has verified.
        until: when the later report was made.
        summary: all of it in one line.
        empty: whether nothing changed. It is true as well where the reports cannot be compared.
        lost: whether something was known and is not.
        incomparable: why the reports cannot be compared; null if they can.
        notes: what was not compared, and what else than the world may have changed.
        findings: how many findings took each step.
        inventory: how many items, or lists of them, took each turn.
        changes: findings that changed, the most urgent first.
        items: items of the inventory that changed, those that weigh most first.
    """

    since: datetime | None
    until: datetime
    summary: str
    empty: bool
    lost: bool
    incomparable: OrNull
    notes: tuple[str, ...]
    findings: Mapping[StepWord, int]
    inventory: Mapping[TurnWord, int]
    changes: tuple[PrintedFindingChange, ...]
    items: tuple[PrintedItemChange, ...]


def render(drift: Drift, style: Style) -> str:  # noqa: ARG001  (every form takes a style)
    """The drift as JSON, one change a line."""
    steps = Counter(one.step for one in drift.changes)
    turns = Counter(one.turn for one in drift.items)
    return as_lines(
        DriftDocument(
            since=drift.since,
            until=drift.until,
            summary=headline(drift),
            empty=drift.empty,
            lost=drift.lost,
            incomparable=drift.incomparable,
            notes=tuple(drift.notes),
            findings={_step(step): steps[step] for step in DriftStep},
            inventory={_turn(turn): turns[turn] for turn in Turn},
            changes=tuple(map(_change, drift.changes)),
            items=tuple(map(_item_change, drift.items)),
        )
    )


def _step(one: DriftStep) -> StepWord:
    return cast("StepWord", one.name.lower())


def _turn(one: Turn) -> TurnWord:
    return cast("TurnWord", one.name.lower())


def _change(one: Change) -> PrintedFindingChange:
    found = one.after or one.before
    label = next((item.label for item in (one.after, one.before) if item and item.label), "")
    return PrintedFindingChange(
        step=_step(one.step),
        severity=one.severity,
        code=one.code,
        slug=found.slug if found else "",
        title=found.title if found else "",
        subject=one.subject,
        label=label,
        before=_finding(one.before),
        after=_finding(one.after),
    )


def _finding(finding: Finding | None) -> PrintedFinding | None:
    if finding is None:
        return None
    unknown = finding.outcome if isinstance(finding.outcome, Unknown) else None
    return PrintedFinding(
        subject=finding.subject,
        outcome=finding.result,
        severity=weight(finding),
        message=_message(finding),
        reason="" if unknown is None else unknown.reason.value,
        needed="" if unknown is None else unknown.needed,
        waived_until=None if finding.waiver is None else finding.waiver.until,
        fingerprint=finding.fingerprint,
    )


def _message(finding: Finding) -> str:
    outcome = finding.outcome
    if isinstance(outcome, Unknown):
        return outcome.seen or outcome.what_to_do
    if isinstance(outcome, Errored):
        return outcome.error
    if isinstance(outcome, Manual):
        return outcome.question
    return f"{outcome.message} ({outcome.by})" if isinstance(outcome, Attested) else outcome.message


def _item_change(one: ItemChange) -> PrintedItemChange:
    return PrintedItemChange(
        turn=_turn(one.turn),
        severity=one.severity,
        kind=one.kind,
        place=one.place,
        fields=tuple(one.fields),
        needed=one.needed,
        before=_item(one.before),
        after=_item(one.after),
    )


def _item(item: InventoryItem | None) -> PrintedItem | None:
    if item is None:
        return None
    return PrintedItem(
        subject=item.subject,
        label=item.label,
        identity=item.identity,
        fingerprint=item.fingerprint,
        state=dict(sorted(item.state.items())),
    )
