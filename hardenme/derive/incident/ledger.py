"""Makes the ledger: a row for each credential, list and step, and how far each is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

from hardenme.derive.incident import coverage
from hardenme.derive.incident.changed import ChangeRow, change_rows, urgencies
from hardenme.derive.incident.observed import (
    LedgerRun,
    Observation,
    came_up,
    item_of,
    list_takes,
    lists_read,
    observed,
    same,
    unread,
)
from hardenme.derive.incident.recorded import OBSERVED, line, observation, placed, thing_of
from hardenme.derive.incident.ways import way_rows
from hardenme.derive.runbook import kinds
from hardenme.derive.runbook.steps import LOOK_AT_CHANGES
from hardenme.model.incident import EventKind, IncidentEvent, Ledger, LedgerRow, RowState
from hardenme.model.inventory import InventoryItem
from hardenme.model.runbook import (
    GIVEN,
    STEP,
    THING,
    UNLISTED,
    EndedList,
    RunbookItem,
    RunbookStep,
    RunbookThing,
    ShownBy,
    row_key,
)

UPDATED = "updated_at"
LEADS = (kinds.DIST_TAG, kinds.TAG)
"""Kinds that are not credentials, and that lead users somewhere."""
STRANGE = "another version of hardenme wrote down what it is"
SECOND = timedelta(seconds=1)
"""To what the record's times are cut."""


def ledger(
    frozen: LedgerRun, events: Sequence[IncidentEvent], later: Sequence[LedgerRun], now: datetime
) -> Ledger:
    """All rows, in the order of the runbook.

    Args:
        frozen: the run that was frozen.
        events: the record.
        later: runs of the same accounts that began after the incident was opened.
        now: when what is new is written down.
    """
    runs = (one.beside(frozen) for one in later)
    made = _Making(frozen, events, sorted(runs, key=lambda one: one.at), now)
    steps = enumerate(frozen.book.steps, 1)
    lately = urgencies(frozen, now)
    rows = tuple(
        replace(row, urgency=lately[row.key][0], lately=lately[row.key][1])
        if row.key in lately
        else row
        for number, step in steps
        for row in made.rows(number, step)
    )
    return Ledger(rows, tuple(made.news))


@dataclass(frozen=True, slots=True)
class _Entry:
    """What a row is about, before it is known how far it is; of a later run or the record, too."""

    key: str
    text: str
    thing: RunbookThing | None = None
    listed: EndedList | None = None
    item: RunbookItem | None = None
    frozen: bool = True
    run: LedgerRun | None = None
    change: ChangeRow | None = None


@dataclass(slots=True)
class _Making:
    frozen: LedgerRun
    events: Sequence[IncidentEvent]
    later: list[LedgerRun]
    now: datetime
    news: list[IncidentEvent] = field(default_factory=list)
    about: dict[str, list[IncidentEvent]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for one in self.events:
            if one.about:
                self.about.setdefault(one.about, []).append(one)

    def rows(self, number: int, step: RunbookStep) -> Iterator[LedgerRow]:
        """The rows of a step: one for each thing, or one for the step."""
        entries: dict[str, _Entry] = {}
        for one in self._entries(step):
            key = one.key if one.key in entries else _known_as(one, entries.values())
            first = entries.setdefault(key or one.key, one)
            if first.item is None:
                # The record does not hold by what it is ended.
                entries[first.key] = replace(first, item=one.item)
        for place, entry in enumerate(entries.values(), 1):
            yield self._row(f"{number}.{place}", step, entry)
        if step.acts and (not entries or step.text == LOOK_AT_CHANGES):
            key = row_key(STEP, f"{step.chapter.value}: {step.text}")
            commands = (line for one in step.items for line in one.commands)
            known = step.commands
            if step.shown_by is ShownBy.RUN:
                known = (coverage.command(self.frozen, self.later),)
            own = RunbookItem(step.text, (*known, *commands), step.page)
            own_number = f"{number}.{len(entries) + 1}" if entries else str(number)
            row = self._row(own_number, step, _Entry(key, step.text, item=own))
            why, at = self._done(step)
            if row.state is RowState.PENDING:
                state = RowState.PENDING if at is None else RowState.PROVEN
                row = replace(row, state=state, why=why or row.why, at=at)
            yield row

    def _done(self, step: RunbookStep) -> tuple[str, datetime | None]:
        """By what it shows that a step was taken, and since when; None if nothing does."""
        match step.shown_by:
            case ShownBy.INCIDENT:
                return "it is this incident", self._first(EventKind.OPENED)
            case ShownBy.NOTE:
                return "the record has notes", self._first(EventKind.NOTE)
            case ShownBy.RUN if run := coverage.shown(self.frozen, self.later):
                return f"there is {run.name}", run.at
            case ShownBy.RUN:
                return coverage.left(self.frozen, self.later), None
        return "", None

    def _first(self, kind: EventKind) -> datetime | None:
        return next((one.at for one in self.events if one.kind is kind), None)

    def _entries(self, step: RunbookStep) -> Iterator[_Entry]:
        """What was frozen, then what came to be known, in the order in which it did."""
        for item in step.items:
            for thing in item.things:
                yield _Entry(thing.key, thing.text, thing, item=item)
        for one in step.lists:
            yield _Entry(one.key, _told(one), listed=one)
        for place, text in enumerate(step.unlisted):
            named = (one for one in step.items if one.text == text)
            own = next(named, RunbookItem(text, () if place else step.commands, step.page))
            yield _Entry(row_key(UNLISTED, f"{step.chapter.value}: {text}"), text, item=own)
        if step.text == LOOK_AT_CHANGES:
            changes = change_rows(self.frozen, self.later)
            for row in (*way_rows(self.frozen, self.later), *changes):
                yield _Entry(row.key, row.text, item=row.item, frozen=False, change=row)
        yield from self._recorded(step)
        for run in self.later:
            for now in (one for one in run.book.steps if one.text == step.text):
                yield from self._shown(run, now)

    def _shown(self, run: LedgerRun, step: RunbookStep) -> Iterator[_Entry]:
        """What a later run has of a step, if that is to be ended."""
        for item in step.items:
            for thing in item.things:
                if not thing.wants:
                    yield _Entry(thing.key, thing.text, thing, item=item, frozen=False, run=run)
        for one in step.lists:
            yield _Entry(one.key, _told(one), listed=one)

    def _recorded(self, step: RunbookStep) -> Iterator[_Entry]:
        """What the record holds that was not frozen."""
        for one in self.events:
            if one.kind not in OBSERVED or self._place(one) != step.text:
                continue
            if one.about.startswith(GIVEN):
                yield _Entry(one.about, one.data.get("text", ""), frozen=False)
            else:
                thing = thing_of(one)
                text = thing.text if thing else one.data.get("text", "")
                yield _Entry(one.about, text, thing, frozen=False)

    def _place(self, one: IncidentEvent) -> str:
        """The words of the step that a line is of; another version may have others for it."""
        told = one.data.get("step", "")
        steps = self.frozen.book.steps
        if not told or any(step.text == told for step in steps):
            return told
        chapter = one.data.get("chapter", "")
        return next((step for step in steps if step.chapter.value == chapter), steps[0]).text

    def _row(self, number: str, step: RunbookStep, entry: _Entry) -> LedgerRow:
        wanted = entry.thing is not None and bool(entry.thing.wants)
        plain = entry.key.startswith(STEP)
        item = self._tag_item(entry.thing) or entry.item
        row = LedgerRow(
            number,
            entry.key,
            step.chapter,
            step.text,
            entry.text,
            not wanted and not plain,
            who=step.who,
            commands=item.commands if item else (),
            page=(item.page if item else "") or step.page,
        )
        seen = self._seen(step, entry)
        last = seen[-1] if seen else None
        row = replace(row, listed=last is not None and not last.over)
        if row.listed and entry.thing is not None and entry.thing.kind in LEADS:
            # Who installs or builds by a tag that leads elsewhere gets the attacker's.
            row = replace(row, credential=True)
        remains = entry.thing.kind.remains if entry.thing else ""
        if entry.thing is None and entry.key.startswith(THING):
            remains = STRANGE
        if last and last.over and not remains:
            return replace(row, state=RowState.PROVEN, why=last.told, at=last.at)
        said = self._attested(entry.key, seen)
        if said and entry.listed and came_up(self.later, entry.listed, said.at):
            # Anyone who looked through the places that were known did not look there.
            said = None
        if said is not None:
            also = f"; still {last.told.removeprefix('still ')}" if last and row.listed else ""
            why = f"{said.by}: {said.data.get('how', '')}{also}"
            return replace(row, state=RowState.ATTESTED, why=why, at=said.at)
        return replace(row, why=self._known(entry, last, remains))

    def _tag_item(self, thing: RunbookThing | None) -> RunbookItem | None:
        """What the last run has of a tag, where the frozen one led it to nothing that is good."""
        if thing is None or thing.kind != kinds.DIST_TAG or not self.later:
            return None
        run, wanted = self.later[-1], thing.wants.get("version")
        suspect = run.suspect.get(thing.place, frozenset())
        return item_of(run, thing) if wanted is None or wanted in suspect else None

    def _seen(self, step: RunbookStep, entry: _Entry) -> list[Observation]:
        """What is known about it, the oldest first; anything new is kept for the record."""
        told = [observation(one) for one in self.about.get(entry.key, ()) if one.kind in OBSERVED]
        known = {(one.at, one.over) for one in told}
        if entry.thing is not None:
            looks = (observed(run, entry.thing) for run in self.later)
            told += [one for one in looks if one and (one.at, one.over) not in known]
        elif entry.listed is not None:
            recorded = next((one for one in told if one.over), None)
            read = lists_read(self.later, entry.listed, recorded=recorded)
            whole = recorded is not None or coverage.enumerated(self.frozen, self.later)
            told = [read] if read and whole else []
        elif entry.change is not None:
            told += [one for one in entry.change.looks if (one.at, one.over) not in known]
        # A time in the future comes from a wrong clock, so the end has no time.
        told = [one for one in told if not one.over or one.at <= self.now + SECOND]
        if not all(one.recorded for one in told):
            told.sort(key=lambda one: one.at)
        # That nothing has to be fixed is not news.
        right = entry.thing is not None and bool(entry.thing.wants)
        over = right if entry.frozen else None
        for one in told:
            if not one.recorded and one.over is not over:
                news = line(one, self.now, entry.key, entry.text)
                if not entry.frozen and (entry.thing or entry.change):
                    news = replace(news, data={**news.data, **placed(step, entry.thing)})
                self.news.append(news)
            over = one.over
        return told

    def _attested(self, key: str, seen: Sequence[Observation]) -> IncidentEvent | None:
        """The last statement about it; none from before it was known to be there again."""
        said = None
        for one in self.about.get(key, ()):
            if one.kind is EventKind.ATTESTED:
                said = one
            elif one.kind is EventKind.SEEN:
                said = None
        back = (two for one, two in pairwise(seen) if one.over and not two.over)
        return said if all(one.recorded for one in back) else None

    def _known(self, entry: _Entry, last: Observation | None, remains: str) -> str:
        """What is known about a pending row."""
        if last and last.over:
            return f"{last.told}: {remains}"
        thing = entry.thing
        if last and last.item and thing and _later(thing.item, last.item):
            when = str(last.item.state[UPDATED])
            return f"replaced at {when}: the old value has to be ended where it was issued"
        if entry.change is not None:
            return last.told if last else entry.change.why
        if last:
            return f"{'' if entry.frozen else 'not in the frozen run; '}{last.told}"
        if entry.listed is not None:
            return f"to read it: {list_takes(self.frozen, self.later, entry.listed)}"
        if thing is None or not self.later:
            return ""
        run = self.later[-1]
        takes = unread(run, thing)
        return f"not read in {run.name}: {takes}" if takes else ""


def _known_as(one: _Entry, entries: Iterable[_Entry]) -> str:
    """The key of what a later run calls otherwise; empty for what is new."""
    thing, run = one.thing, one.run
    if thing is None or run is None:
        return ""
    place = run.places.get(thing.place)
    present = (
        {item.identity for item in place.items if item.kind == thing.item.kind} if place else ()
    )
    for known in entries:
        other = known.thing
        # What the run lists by its own identity as well is another thing.
        if (
            other
            and other.place == thing.place
            and other.item.identity not in present
            and same(other.item, thing.item)
        ):
            return known.key
    return ""


def _told(one: EndedList) -> str:
    """A list in words: what came after it was read is in no row."""
    if not one.places:
        where = "the frozen run did not look at any place of them"
    elif not one.unread:
        return f"{one.kind.plural}: any that came after the frozen run"
    elif len(one.unread) == 1:
        where = f"not read in {one.unread[0].name}"
    else:
        where = f"not read in {len(one.unread):,} places"
    return f"{one.kind.plural}: {where}, there may be more"


def _later(one: InventoryItem, other: InventoryItem) -> bool:
    before, after = one.state.get(UPDATED), other.state.get(UPDATED)
    return isinstance(before, str) and isinstance(after, str) and after > before
