"""What appeared or changed, on one screen: what is marked with its command, and the gaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hardenme.model.recent import Event, Undated
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.reports.columns import fit, wrap
from hardenme.reports.outline.frame import (
    NARROWEST,
    cut,
    edged,
    headed,
    labelled,
    listed,
    one_screen,
)
from hardenme.reports.plain import begun, counted, flowing
from hardenme.reports.recent.view import (
    DEPENDENCIES,
    SHOWN,
    RecentView,
    moment,
    remedy,
    shown_gaps,
    title,
    to_stop,
    unchanged,
    what,
    without_date,
)
from hardenme.reports.sheet import BOLD, DIM, PAINT, Sheet
from hardenme.reports.style import Style

LINES, NARROW_LINES, NARROW = 39, 59, 100
TIME = 16
"""Columns before what happened: a mark and the time."""
NUMBER = CONFIRM = 4
LINE = 6
"""Lines of what one actor did, at most."""
FEWEST = 2
"""Lines for how many of the other changes there are."""
STOPPED = "In this order, if no one meant it: what can publish or push now comes first."


@dataclass(frozen=True, slots=True)
class FootLines:
    """Lines of each part below the changes, before the rest is counted."""

    confirmed: int
    undated: int
    gaps: int


FOOT_LINES = (
    FootLines(4, 4, 5),
    FootLines(3, 2, 3),
    FootLines(2, 1, 2),
    FootLines(1, 1, 1),
)
"""From roomy to narrow: the first one counts that leaves room for the changes."""


def _once(changes: Iterable[Event | Undated]) -> list[tuple[Event | Undated, int]]:
    """The first of those that one actor repeats in a place, each with how many there are."""
    first: dict[tuple[object, ...], Event | Undated] = {}
    times = Counter[int]()
    for one in changes:
        repeats = isinstance(one, Event) and one.kind in REPEATED and bool(one.by)
        by = one.by if isinstance(one, Event) else ""
        key = (one.place, one.kind, by, one.marks) if repeats else (id(one),)
        times[id(first.setdefault(key, one))] += 1
    return [(one, times[id(one)]) for one in first.values()]


MOST_STOLEN = 1
"""Accounts that are named on the screen; all forms but the screen have every one."""
REPEATED = frozenset({"push", "workflow run"})
"""What a program does many times a day, so that one line says it."""


def render(told: RecentView, style: Style) -> str:
    """The screen, ending with a line break."""
    return _Screen(told, style).text()


class _Screen:
    def __init__(self, told: RecentView, style: Style) -> None:
        self.told = told
        self.sheet = Sheet(style)
        self.width = self.sheet.readable
        self.most = LINES if self.width >= NARROW else NARROW_LINES

    def text(self) -> str:
        top = [*self._top(), *self._stop()]
        foot = next(
            (
                lines
                for bounds in FOOT_LINES
                if len(top) + len(lines := [*self._foot(bounds)]) + FEWEST <= self.most
            ),
            [*self._foot(FOOT_LINES[-1])],
        )
        return one_screen(self.most, top, self._events, foot)

    def _stop(self) -> Iterator[str]:
        """What looks like an attack, in the order in which it is stopped, each as a whole."""
        found = _once(self.told.recent.to_stop)
        if not found:
            return
        yield ""
        yield from self._labelled("STOP", STOPPED)
        for number, (one, times) in enumerate(found, 1):
            many = f" ({times:,} times)" if times > 1 else ""
            text = self.sheet.value(flowing(f"{to_stop(one)}{many}"))
            first, *rest = wrap(text, max(self.width - NUMBER, NARROWEST))
            yield f"{self.sheet.paint(f'{number:>2}', PAINT[Severity.CRITICAL])}  {first}"
            yield from (" " * NUMBER + line for line in rest)
            yield from (" " * NUMBER + line for line in self._how(one))
        for stolen in self.told.stolen[:MOST_STOLEN]:
            yield from self._labelled("ACCOUNT", stolen.text)

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
        """As many of the other changes as there is room for, and the rest counted."""
        sections = self.told.others
        events = [event for some in sections.values() for event in some]
        repeated = {id(first): times for first, times in _once(events)}
        first = [event for event in events if id(event) in repeated]
        drawn: dict[int, str] = {}
        opened: set[Subject] = set()
        # One line says how many are left.
        room -= 2
        for event in sorted(first, key=lambda one: not one.confirm):
            heading = 0 if event.place in opened else 2
            if heading + 1 <= room:
                drawn[id(event)] = self._event(event, repeated[id(event)])
                opened.add(event.place)
                room -= heading + 1
        found: list[str] = []
        for place, some in sections.items():
            shown = [drawn[id(event)] for event in some if id(event) in drawn]
            if shown:
                found += ["", self.sheet.paint(self.sheet.name(title(place)), BOLD), *shown]
        if left := len(events) - sum(repeated[one] for one in drawn):
            found += ["", f"{and_more(left, 'change', any_shown=bool(drawn))}: {self.told.full}"]
        return found

    def _event(self, event: Event, times: int) -> str:
        many = f" ({times:,} times)" if times > 1 else ""
        text = self.sheet.value(flowing(f"{what(event)}{many}"))
        return f"  {moment(event.at)}  {fit(text, max(self.width - TIME, 8), self.sheet.dots)}"

    def _how(self, one: Event | Undated) -> list[str]:
        """All commands, else the page, each as a whole: a terminal breaks what is longer."""
        return [self.sheet.link(self.sheet.value(line)) for line in remedy(one)]

    def _foot(self, bounds: FootLines) -> Iterator[str]:
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
        yield from self._confirm(bounds.confirmed)
        yield from self._undated(bounds.undated)
        yield from self._gaps(bounds.gaps)
        yield from self._last()

    def _last(self) -> Iterator[str]:
        """What to do first, and then: the lines above the prompt."""
        red = PAINT[Severity.CRITICAL]
        first = next((line for one in self.told.recent.to_stop for line in remedy(one)[:1]), "")
        if first:
            line = self.sheet.link(self.sheet.value(first))
            yield from edged(self.sheet, "FIRST", [line], red)
        if self.told.step.command:
            yield from edged(self.sheet, "NEXT", [self.sheet.value(self.told.step.command)], red)
        elif self.told.step.text:
            yield from self._labelled("NEXT", f"{begun(self.told.step.text)}.", red)

    def _confirm(self, most: int) -> Iterator[str]:
        lines = self.told.to_confirm
        if not lines:
            return
        shown = lines if len(lines) <= most else lines[: most - 1]
        recorded = " If so, run:" if any(one.command for one in shown) else ""
        text = f"do you know of these? If not: {self.told.full}.{recorded}"
        yield from self._labelled("CONFIRM", text)
        for one in shown:
            many = counted(len(one.texts), "change")
            text = self.sheet.value(flowing(f"{one.who} ({many}): {'; '.join(one.texts)}"))
            room = max(self.width - CONFIRM, NARROWEST)
            first, *rest = cut(self.sheet, text, room, LINE)
            yield f"  {first}"
            yield from (" " * CONFIRM + line for line in rest)
            if one.command:
                yield f"    {one.command}"
        if left := len(lines) - len(shown):
            yield f"  {and_more(left, 'line', any_shown=bool(shown))}: {self.told.full}"

    def _undated(self, most: int) -> Iterator[str]:
        recent = self.told.recent
        # What looks like an attack came first already.
        lines = without_date((one for one in recent.undated if not one.marks), SHOWN)
        if not lines and len(recent.marked) > len([one for one in recent.events if one.marks]):
            yield from self._labelled("NO DATE", "nothing but what stands above")
            return
        if not lines:
            yield from self._labelled("NO DATE", unchanged(recent))
            return
        if recent.compared is not None:
            lead = f"these changed since the run of {recent.compared:%d %b, %H:%M}, or are listed:"
        else:
            lead = "no answer shows when these appeared; look at them:"
        yield from self._labelled("NO DATE", lead)
        yield from self._listed((text for text, _ in lines), most, "line")

    def _gaps(self, most: int) -> Iterator[str]:
        found = shown_gaps(self.told)
        if not found:
            number = counted(self.told.recent.looked, "list")
            yield from self._labelled("NOT LOOKED AT", f"nothing: {number} read to the end")
            yield from self._elsewhere()
            return
        yield from self._labelled("NOT LOOKED AT", "none of this counts as unchanged:")
        texts = (f"{gap.needed}: {'; '.join(gap.sources)}" for gap in found)
        yield from self._listed(texts, most, "reason")
        yield from self._elsewhere()

    def _elsewhere(self) -> Iterator[str]:
        yield from (f"  {line}" for line in wrap(DEPENDENCIES, max(self.width - 2, NARROWEST)))

    def _listed(self, texts: Iterable[str], most: int, thing: str) -> Iterator[str]:
        rows = [(text,) for text in texts]
        yield from listed(self.sheet, rows, most, f"{thing}: {self.told.full}")


def and_more(number: int, thing: str, *, any_shown: bool) -> str:
    """How many of a thing are left, after those that are shown if there are any."""
    return f"{'and ' * any_shown}{counted(number, f'more {thing}')}"
