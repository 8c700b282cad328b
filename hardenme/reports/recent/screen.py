"""What appeared or changed, on one screen: what is marked with its command, and the gaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from hardenme.model.recent import Event
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.reports.columns import fit, width_of
from hardenme.reports.outline.frame import headed, labelled, listed, one_screen
from hardenme.reports.plain import begun, counted, flowing
from hardenme.reports.recent.told import (
    SHOWN,
    RecentShown,
    alarm,
    gaps,
    moment,
    title,
    unchanged,
    what,
    without_date,
)
from hardenme.reports.sheet import BOLD, DIM, PAINT, Sheet
from hardenme.reports.style import Style

LINES, NARROW_LINES, NARROW = 39, 59, 100
TIME = 16
"""Columns before what happened: a mark and the time."""
NARROWEST_EDGE = 2
"""Columns before a command that has no room for more."""
MOST_UNDATED, MOST_GAPS, MOST_CONFIRMED = 4, 5, 4


def _once(events: Iterable[Event]) -> tuple[list[Event], Counter[int]]:
    """The first of those that one actor repeats in a place, each with how many there are."""
    first: dict[tuple[object, ...], Event] = {}
    times = Counter[int]()
    for event in events:
        repeats = event.kind in REPEATED and bool(event.by)
        key = (event.place, event.kind, event.by, event.marks) if repeats else (id(event),)
        times[id(first.setdefault(key, event))] += 1
    return list(first.values()), times


REPEATED = frozenset({"push", "workflow run"})
"""What a program does many times a day, so that one line says it."""


def render(told: RecentShown, style: Style) -> str:
    """The screen, ending with a line break."""
    return _Screen(told, style).text()


class _Screen:
    def __init__(self, told: RecentShown, style: Style) -> None:
        self.told = told
        self.sheet = Sheet(style)
        self.width = self.sheet.readable
        self.most = LINES if self.width >= NARROW else NARROW_LINES

    def text(self) -> str:
        return one_screen(self.most, self._top(), self._events, self._foot())

    def _top(self) -> Iterator[str]:
        told = self.told
        yield from headed(self.sheet, told.header)
        yield ""
        word, paint = self._verdict()
        yield from self._labelled(word, told.sentence, paint)
        if told.recent.stored is not None:
            text = (
                f"What this run could not read stands as the run of"
                f" {told.recent.stored:%d %b %Y, %H:%M} saw it."
            )
            yield from self._labelled("NOTE", text, DIM)
        if told.partial:
            yield from self._labelled("NOTE", f"The run did not go to its end: {told.partial}", DIM)
        for note in told.notes:
            yield from self._labelled("NOTE", note, DIM)

    def _verdict(self) -> tuple[str, str]:
        word = self.told.verdict
        paints = {"LOOK NOW": Severity.CRITICAL, "CONFIRM": Severity.HIGH}
        if word in {"CLEAN", "NO SIGN"}:
            return word, "1;32"
        return word, PAINT[paints.get(word, Severity.MEDIUM)]

    def _labelled(self, word: str, text: str, paint: str = BOLD) -> Iterator[str]:
        yield from labelled(self.sheet, word, self.sheet.value(flowing(text)), paint)

    def _events(self, room: int) -> list[str]:
        """As many events as there is room for, and the rest counted.

        Each that is marked has its line first, then its command, then come others.
        """
        sections = self.told.sections
        events = [event for some in sections.values() for event in some]
        first, repeated = _once(events)
        drawn: dict[int, list[str]] = {}
        opened: set[Subject] = set()
        # One line says how many are left.
        room -= 2
        marked = [event for event in first if event.marks]
        known = [event for event in first if event.confirm and not event.marks]
        others = [event for event in first if not event.marks and not event.confirm]
        for some_events in (marked, known, others):
            for event in some_events:
                heading = 0 if event.place in opened else 2
                if heading + 1 <= room:
                    drawn[id(event)] = [self._event(event, repeated[id(event)])]
                    opened.add(event.place)
                    room -= heading + 1
            for event in some_events:
                how = self._how(event)
                if event.marks and id(event) in drawn and len(how) <= room:
                    drawn[id(event)] += how
                    room -= len(how)
        found: list[str] = []
        for place, some in sections.items():
            shown = [line for event in some for line in drawn.get(id(event), ())]
            if shown:
                found += ["", self.sheet.paint(self.sheet.name(title(place)), BOLD), *shown]
        if left := len(events) - sum(repeated[one] for one in drawn):
            hidden = sum(repeated[id(event)] for event in marked if id(event) not in drawn)
            also = f", {hidden:,} of them marked" if hidden else ""
            found += ["", f"and {counted(left, 'more change')}{also}: {self.told.full}"]
        return found

    def _event(self, event: Event, times: int) -> str:
        sheet = self.sheet
        mark = "! " if event.marks else "  "
        many = f" ({times:,} times)" if times > 1 else ""
        text = sheet.value(flowing(f"{alarm(event) if event.marks else what(event)}{many}"))
        head = f"{sheet.paint(mark, PAINT[Severity.CRITICAL])}{moment(event.at)}  "
        return head + fit(text, max(self.width - TIME, 8), sheet.dots)

    def _how(self, event: Event) -> list[str]:
        """All commands, else the page; nothing where there is no room for a line as a whole."""
        for some in (event.undo.splitlines(), [event.page] if event.page else []):
            lines = [self.sheet.value(one) for one in some]
            widest = max(map(width_of, lines), default=0)
            if not lines or any("\n" in one for one in lines):
                continue
            if widest + NARROWEST_EDGE <= self.width:
                edge = TIME if widest + TIME <= self.width else NARROWEST_EDGE
                return [" " * edge + self.sheet.link(one) for one in lines]
        return []

    def _foot(self) -> Iterator[str]:
        recent = self.told.recent
        work = recent.ordinary
        yield ""
        if work.pushes or work.runs:
            pushes = counted(work.pushes, "push or merge", "pushes and merges")
            where = counted(work.repositories, "repository", "repositories")
            people = counted(work.people, "person", "people")
            runs = counted(work.runs, "workflow run")
            yield from self._labelled(
                "ORDINARY", f"{pushes} by {people}, {runs}, in {where}; not listed"
            )
        yield from self._confirm()
        yield from self._undated()
        yield from self._gaps()
        if self.told.step:
            text = f"{begun(self.told.step)}."
            yield from self._labelled("NEXT", text, PAINT[Severity.CRITICAL])

    def _confirm(self) -> Iterator[str]:
        lines = self.told.to_confirm
        if not lines:
            return
        lead = "do you know that they did this? The command records that you do:"
        yield from self._labelled("CONFIRM", lead)
        rows = [
            (
                f"{one.who} ({counted(len(one.texts), 'change')}): {'; '.join(one.texts)}",
                one.command,
            )
            for one in lines
        ]
        yield from self._listed(rows, MOST_CONFIRMED, "line")

    def _undated(self) -> Iterator[str]:
        recent = self.told.recent
        lines = without_date(recent.undated, SHOWN)
        if not lines:
            yield from self._labelled("NO DATE", unchanged(recent))
            return
        if recent.compared is not None:
            lead = f"these changed since the run of {recent.compared:%d %b, %H:%M}, or are listed:"
        else:
            lead = "no answer shows when these appeared; look at them:"
        yield from self._labelled("NO DATE", lead)
        yield from self._listed([(text,) for text, _ in lines], MOST_UNDATED, "line")

    def _gaps(self) -> Iterator[str]:
        found = gaps(self.told.recent.unseen)
        if not found:
            number = counted(self.told.recent.looked, "list")
            yield from self._labelled("NOT LOOKED AT", f"nothing: {number} read to the end")
            return
        yield from self._labelled("NOT LOOKED AT", "none of this counts as unchanged:")
        rows = [(f"{gap.needed}: {', '.join(gap.sources)}",) for gap in found]
        yield from self._listed(rows, MOST_GAPS, "reason")

    def _listed(self, rows: Sequence[Sequence[str]], most: int, thing: str) -> Iterator[str]:
        yield from listed(self.sheet, rows, most, f"{thing}: {self.told.full}")
