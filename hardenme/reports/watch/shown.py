"""The output of a cycle: the first line says what differs and how old the oldest look is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hardenme.model.confirm import change_text
from hardenme.model.drift import Turn
from hardenme.model.recent import Event, Undated
from hardenme.model.subject import Subject
from hardenme.model.watch import NotRead, OldestLook, WatchCycle
from hardenme.reports.header import Header, minute
from hardenme.reports.plain import begun, counted

LONG_HOURS = 48
"""Hours from which an age is given in days."""
AMONG = 3
"""Places that are named."""
UNSEEN = "What was changed and put back between two looks leaves no trace here."


@dataclass(frozen=True, slots=True)
class CycleShown:
    """What is shown.

    Attributes:
        cycle: what it comes to.
        targets: as the user named them.
        hosts: who was asked, by name.
        version: the version of hardenme.
        command: which one shows it.
        said: what it comes to, where another command than `watch` says that.
    """

    cycle: WatchCycle
    targets: tuple[str, ...]
    hosts: tuple[str, ...]
    version: str
    command: str = "watch"
    said: str = ""

    @property
    def header(self) -> Header:
        """Of whom, whom was asked, how much, and when."""
        number = self.cycle.repositories
        scope = (*self.hosts, counted(number, "repository")) if number else self.hosts
        return Header(", ".join(self.targets), scope, minute(self.cycle.at))

    @property
    def sentence(self) -> str:
        """What differs, how old the oldest look is, and how long a round takes."""
        cycle = self.cycle
        if cycle.why_blind:
            why = _ended(_begun(cycle.why_blind))
            return f"This {self.noun} could not look. {why} {_last(cycle, self.noun)}"
        said = self.said or f"{_differs(cycle)} {_oldest(cycle.oldest, cycle.at)}{_round(cycle)}"
        return f"{_lost(cycle)}{said}"

    @property
    def noun(self) -> str:
        """What one look is called."""
        return "cycle" if self.command == "watch" else "run"

    @property
    def news(self) -> bool:
        """Whether a person has to see it."""
        cycle = self.cycle
        return bool(
            cycle.alerts
            or cycle.notes
            or cycle.lost
            or cycle.blind_alert
            or cycle.again
            or cycle.remarks
            or cycle.first
        )

    @property
    def pace(self) -> str:
        """What the cycle cost, and how many had their turn."""
        cycle = self.cycle
        sent = f'{counted(cycle.requests, "request")}, {cycle.spared:,} answered "not modified".'
        if cycle.why_blind or cycle.round is None:
            return sent
        had = "had its" if cycle.turns == 1 else "had their"
        turned = counted(cycle.turns, "repository")
        return f"{sent} {begun(turned)} {had} turn (`--requests` sets how many)."


def _begun(text: str) -> str:
    """The text as a sentence begins; an address stays as it is."""
    return text if "://" in text.partition(" ")[0] else begun(text)


def _lost(cycle: WatchCycle) -> str:
    """What was read before and is not any more, ahead of all that is calmer."""
    number = len(cycle.lost)
    if not number:
        return ""
    be = "was" if number == 1 else "were"
    lists = counted(number, "list or setting", "lists and settings")
    return f"{lists} that {be} read before cannot be read. "


def _differs(cycle: WatchCycle) -> str:
    if cycle.since is None:
        return _start(cycle)
    between = f"between {_span(cycle.since, cycle.at)}"
    marked = len(cycle.marked)
    confirm = len(cycle.alerts) - marked
    parts = [f"{counted(marked, 'change')} {_look(marked)} like an attack"] if marked else []
    parts += [f"{counted(confirm, 'change')} to confirm"] if confirm else []
    parts += [counted(len(cycle.notes), "other difference")] if cycle.notes else []
    if not parts:
        return f"No difference in what was read {between}."
    return f"{', '.join(parts)} {between}."


def _span(since: datetime, until: datetime) -> str:
    """A range of two times; the day is printed once if it is the same."""
    if since.date() == until.date():
        return f"{since:%H:%M} and {until:%H:%M} UTC on {until.day} {until:%b %Y}"
    return f"{minute(since)} and {minute(until)}"


def _start(cycle: WatchCycle) -> str:
    read = counted(cycle.repositories, "repository")
    text = f"Start: {read} read. The next cycle is compared with this one."
    marked, rest = len(cycle.marked), len(cycle.alerts) - len(cycle.marked)
    if not cycle.alerts:
        return f"{text} Nothing that was read has a date in the last 48 hours."
    told = [f"{counted(marked, 'change')} {_look(marked)} like an attack"] if marked else []
    told += [f"{counted(rest, 'change')} to confirm"] if rest else []
    return f"{text} From the last 48 hours: {', '.join(told)}."


def _look(number: int) -> str:
    return "looks" if number == 1 else "look"


def _last(cycle: WatchCycle, noun: str) -> str:
    if cycle.since is None:
        return f"No {noun} has looked yet."
    return f"The last look was at {minute(cycle.since)}, {age(cycle.at - cycle.since)} ago."


def _oldest(oldest: OldestLook | None, at: datetime) -> str:
    if oldest is None:
        return "Everything that can be read was read now."
    if oldest.never:
        return (
            f"{begun(oldest.what)} was not looked at yet in {oldest.place.name}:"
            f" the watch started {age(at - oldest.at)} ago."
        )
    if oldest.at >= at:
        return "The oldest look is from this cycle."
    return f"The oldest look is {age(at - oldest.at)} old: {oldest.what} of {oldest.place.name}."


def _round(cycle: WatchCycle) -> str:
    """Within which time everything has its turn."""
    if cycle.round is None:
        return ""
    return f" Each repository has its turn within {age(cycle.round)}."


def age(time: timedelta) -> str:
    """A length of time in words."""
    minutes = int(time.total_seconds() // 60)
    if minutes < 1:
        return "less than a minute"
    hours, rest = divmod(minutes, 60)
    if not hours:
        return counted(rest, "minute")
    if hours >= LONG_HOURS:
        return counted(hours // 24, "day")
    return f"{counted(hours, 'hour')} {counted(rest, 'minute')}" if rest else counted(hours, "hour")


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Changes that say the same of several places, as where one person left many repositories.

    Attributes:
        first: the first of them.
        places: all places, each once.
    """

    first: Event | Undated
    places: tuple[Subject, ...]


def grouped(changes: Iterable[Event | Undated]) -> list[ChangeGroup]:
    """The changes in their order, those that say the same of several places as one."""
    found: dict[object, list[Event | Undated]] = {}
    for one in changes:
        key: object = id(one)
        if isinstance(one, Undated):
            key = (one.kind, _undated(one, ""), one.marks, one.confirm)
        found.setdefault(key, []).append(one)
    return [
        ChangeGroup(some[0], tuple(dict.fromkeys(one.place for one in some)))
        for some in found.values()
    ]


def group_line(group: ChangeGroup) -> str:
    """Changes in a line: when, what, by whom, and why it is shown."""
    one = group.first
    why = f": {'; '.join(one.marks or one.confirm)}" if one.marks or one.confirm else ""
    still = f". {begun(one.still.text)}" if one.still.text else ""
    return f"{_what(one, group.places)}{why}{still}."


def change_line(one: Event | Undated) -> str:
    """One change in a line."""
    return group_line(ChangeGroup(one, (one.place,)))


def _what(one: Event | Undated, places: Sequence[Subject]) -> str:
    if isinstance(one, Event):
        by = f" by {one.by}" if one.by else ""
        return f"{one.at:%d %b %H:%M} {change_text(one)}{by}"
    return _undated(one, named(places))


def _undated(one: Undated, where: str) -> str:
    """Changes to something that has no time."""
    name, _, fields = one.names[0].partition(": ")
    own = "" if name == one.place.name else f" {name}"
    if one.change == Turn.VANISHED:
        return f"{one.kind}{own} is gone from {where}"
    if one.change == Turn.APPEARED:
        return f"{one.kind}{own} is new in {where}"
    return f"{one.kind}{own} changed in {where}" + (f" ({fields})" if fields else "")


def remedies(one: Event | Undated) -> list[str]:
    """The commands that undo it, or the one that finds these, or the one that stops it."""
    undo = (one.undo or one.find).splitlines() if isinstance(one, Event) else []
    return undo or ([one.still.stop] if one.still.stop else [])


def gap_line(one: NotRead, at: datetime) -> str:
    """What was not read, where, what it takes, and since when."""
    needed = one.why.needed or one.why.what_to_do
    since = f" Last read {age(at - one.since)} ago." if one.since is not None else ""
    return f"{begun(one.what)} of {named(one.places)}: {_ended(needed)}{since}"


def named(places: Sequence[Subject]) -> str:
    """The first of some places by their names, and how many there are beyond these."""
    names = [place.name for place in places[:AMONG]]
    rest = len(places) - len(names)
    return ", ".join(names) + (f" and {rest:,} more" if rest else "")


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def remarks(shown: CycleShown) -> Iterator[str]:
    """What else has to be known, in sentences."""
    cycle = shown.cycle
    if cycle.again is not None and not cycle.why_blind:
        yield f"No {shown.noun} could look for {age(cycle.again)}; this one could."
    yield from (_ended(begun(one)) for one in (*cycle.remarks, *cycle.standing))
