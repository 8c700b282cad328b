"""The steps that follow from a document of `hardenme exposed`: what to rotate and look at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hardenme.model.exposed_record import ExposedRecord, ExposedRow
from hardenme.model.exposure import RANKS, ExposureGrade
from hardenme.model.reached import ReachedThing, reached
from hardenme.model.runbook import Chapter, Runbook, RunbookItem, RunbookStep

LOOK = "Look at each place where a bad version or action was, or may have been"
ROTATE_FIRST = "Rotate what could publish and could be read there"
ROTATE = "Rotate what else could be read there"


def with_exposed(book: Runbook, record: ExposedRecord) -> Runbook:
    """A runbook with the steps of a document, each at the end or the start of its chapter."""
    seen = [row for row in record.rows if row.grade is not ExposureGrade.NOT_SEEN]
    if not seen:
        return book
    first = _step(Chapter.FIRST, LOOK, map(_place, _ordered(seen)), (_quiet(record),))
    found = reached(seen)
    npm = [_item(one) for one in found if one.publishes]
    rest = [_item(one) for one in found if not one.publishes]
    steps = list(book.steps)
    early = [one for one in steps if one.chapter is Chapter.FIRST]
    late = steps[len(early) :]
    made = [*early, first]
    made += [_step(Chapter.NPM, ROTATE_FIRST, npm)] if npm else []
    made += [one for one in late if one.chapter is Chapter.NPM]
    made += [_step(Chapter.GITHUB, ROTATE, rest)] if rest else []
    made += [one for one in late if one.chapter is not Chapter.NPM]
    return replace(book, steps=tuple(made))


def _step(
    chapter: Chapter, text: str, items: Iterable[RunbookItem], notes: tuple[str, ...] = ()
) -> RunbookStep:
    listed = tuple({one.text: one for one in items}.values())
    notes = tuple(filter(None, notes))
    texts = tuple(one.text for one in listed)
    return RunbookStep(chapter, text, notes=notes, items=listed, unlisted=texts, acts=False)


def _ordered(rows: Iterable[ExposedRow]) -> list[ExposedRow]:
    return sorted(rows, key=lambda row: RANKS[row.grade])


def _place(row: ExposedRow) -> RunbookItem:
    return RunbookItem(f"{row.where} {row.text}: {row.grade.value}", page=row.page)


def _quiet(record: ExposedRecord) -> str:
    """How many places were not seen to have anything."""
    number = sum(row.grade is ExposureGrade.NOT_SEEN for row in record.rows)
    runs = "1 more run" if number == 1 else f"{number:,} more runs"
    return f"Nothing was seen in {runs}, which exposed.json has." if number else ""


def _item(one: ReachedThing) -> RunbookItem:
    return RunbookItem(f"{one.what}, of {one.where}: {one.grade.value}")
