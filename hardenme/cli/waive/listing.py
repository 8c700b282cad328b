"""`hardenme waive list`: the waivers of the files in force, and what each comes to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.texts import shown
from hardenme.cli.waive.files import in_force
from hardenme.codec.shape import OrNull
from hardenme.config.files import FoundFile
from hardenme.config.load import Loaded
from hardenme.engine.waive import unknown
from hardenme.ground import clock
from hardenme.ground.exit_code import Exit
from hardenme.model.waiver import Waiver
from hardenme.reports.columns import paragraph
from hardenme.reports.printed import PrintedDocument, as_json
from hardenme.reports.waived import SOON

FORCE, EXPIRED, PROPOSED, INVALID = "in force", "expired", "proposed", "cannot be used"
LONGEST = 500
"""Characters of a text that are shown."""


@dataclass(frozen=True, slots=True)
class WaiverRow:
    """A waiver, and what it comes to.

    Attributes:
        waiver: what was written down.
        state: one of the four words.
        file: a description of its file.
        why: what is wrong with it; empty if nothing is.
    """

    waiver: Waiver
    state: str
    file: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class PrintedWaiver:
    """A waiver, and what it comes to.

    Attributes:
        check: the code of the check whose finding is accepted.
        subject: what it is about.
        reason: why it is accepted.
        by: who accepts it.
        until: the last day on which it counts.
        issue: where it is followed up; null if nothing is named.
        file: where it was read.
        state: `in force`, `expired`, `proposed` or `cannot be used`.
        why: what is wrong with it; null if nothing is.
        days_left: how long it still counts.
    """

    check: OrNull
    subject: OrNull
    reason: OrNull
    by: OrNull
    until: date
    issue: OrNull
    file: str
    state: str
    why: OrNull
    days_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiversDocument(PrintedDocument):
    """The waivers of the files in force.

    Attributes:
        waivers: in the order of the files.
    """

    waivers: tuple[PrintedWaiver, ...]


def show_all(console: Console, output_format: str) -> int:
    """Print them; 3 where a file or a waiver cannot be used."""
    now, loaded = clock.today(), in_force()
    rows = [row for one in loaded.files for row in _rows(loaded, one, now)]
    if output_format == "json":
        console.print(as_json(_document(rows, now)))
    else:
        console.tell(_as_table(rows, now, console.width))
    faults = [fault for one in loaded.files for fault in _faults(loaded, one)]
    for fault in faults:
        console.say(fault)
    good = not faults and all(row.state != INVALID for row in rows)
    return Exit.CLEAN if good else Exit.UNKNOWN


def _rows(loaded: Loaded, found: FoundFile, now: date) -> Iterator[WaiverRow]:
    if found.admission is None:
        return
    file = loaded.where.shown(found.source.path)
    for waiver in found.admission.waivers:
        yield _row(waiver, EXPIRED if waiver.expired(now) else FORCE, file)
    for proposal in found.admission.proposals:
        yield _row(proposal.asked, EXPIRED if proposal.asked.expired(now) else PROPOSED, file)


def _row(waiver: Waiver, state: str, file: str) -> WaiverRow:
    why = "; ".join(unknown([waiver]))
    return WaiverRow(waiver, INVALID if why else state, file, why)


def _faults(loaded: Loaded, found: FoundFile) -> Iterator[str]:
    """What of a file's waivers cannot be used, in sentences."""
    if found.admission is None:
        yield f"{loaded.place(found)} is not read: {found.problem}"
        return
    for refusal in found.admission.refusals:
        if refusal.key.startswith("waivers"):
            yield f"{loaded.place(found, refusal.key)}: {refusal}"


def _document(rows: Sequence[WaiverRow], now: date) -> WaiversDocument:
    return WaiversDocument(
        waivers=tuple(
            PrintedWaiver(
                *(one.check, one.subject, one.reason, one.by, one.until, one.issue),
                *(row.file, row.state, row.why, max(one.days_left(now), 0)),
            )
            for row in rows
            for one in (row.waiver,)
        )
    )


def _as_table(rows: Sequence[WaiverRow], now: date, width: int) -> str:
    if not rows:
        return "no waiver is in force; `hardenme waive add --help` shows how to accept a finding\n"
    wide = max(len(row.state) for row in rows)
    lines, file = [], ""
    for row in sorted(rows, key=lambda row: row.file):
        if row.file != file:
            lines.append(f"{chr(10) if file else ''}{row.file}\n")
            file = row.file
        waiver = row.waiver
        head = f"  {row.state:<{wide}}  {waiver.until}  {shown(waiver.check)}"
        lines.append(f"{head}  {shown(waiver.subject, longest=LONGEST)}\n")
        lines.append(_below_head(row, now, width))
    return "".join(lines)


def _below_head(row: WaiverRow, now: date, width: int) -> str:
    """Who accepts it and why, and how long it still counts, below its head."""
    waiver = row.waiver
    left = waiver.days_left(now)
    days = "1 day" if left == 1 else f"{left} days"
    ending = {FORCE: f", {days} left{': ends soon' if left <= SOON else ''}"}.get(row.state, "")
    issue = f" ({waiver.issue})" if waiver.issue else ""
    text = f"by {waiver.by}: {waiver.reason}{issue}{ending}"
    lines = [text, *([row.why] if row.why else [])]
    return "".join(
        f"{one}\n"
        for line in lines
        for one in paragraph(shown(line, longest=LONGEST + 400), width, indent=4)
    )
