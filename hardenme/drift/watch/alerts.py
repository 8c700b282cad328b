"""Which of what differs is shown in a cycle: each thing once, and again where it looks worse."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from hardenme.derive.attacker_changes import BY_KIND
from hardenme.derive.inventory.repository import CHANGED as CHANGED_FILE
from hardenme.derive.recent.found import place_kind
from hardenme.derive.recent.undated import FILE
from hardenme.drift.names import identity_of, key_of
from hardenme.drift.watch.ages import MISSED, Ages
from hardenme.drift.watch.merging import REPOSITORY
from hardenme.model.inventory import Place
from hardenme.model.recent import Event, Undated
from hardenme.model.subject import Subject
from hardenme.model.watch import AlertMemory, WatchMemory

MOST = 20_000
"""Alerts that are remembered, the newest."""
FIRST_WINDOW = timedelta(hours=48)
"""How far back the first look at anything shows what is new by its date."""
CHANGED = "changed"
"""A change of something that was there before and still is, among changes without a date."""
Change = Event | Undated


class EventKeys:
    """By what an event is known again, though its place has another name, or an answer more.

    Args:
        known: all that is known, with the numbers of repositories.
        seen: what was read, with what identifies each thing.
    """

    def __init__(self, known: Iterable[Place], seen: Iterable[Place]) -> None:
        self._numbers = {
            key_of(item.subject): item.identity
            for place in known
            for item in place.items
            if item.kind == REPOSITORY
        }
        self._identities = {
            (place.subject, item.kind, item.subject): identity_of(item)
            for place in seen
            for item in place.items
        }

    def __call__(self, event: Event) -> str:
        """The digest of what identifies it."""
        place = self._numbers.get(key_of(event.place), key_of(event.place))
        known = self._identities.get((event.place, event.kind, event.subject), "")
        own = known.replace(key_of(event.place).partition("/")[2], "")
        return digest(event.kind, place, own, event.at.isoformat(), event.appeared)


def digest(*parts: object) -> str:
    """The key of a change in a watch's memory."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def remembered(
    shown: Iterable[AlertMemory], since: datetime, late: Iterable[str], now: datetime
) -> tuple[AlertMemory, ...]:
    """What the next run has to know.

    Args:
        shown: all that was shown.
        since: from when what has a date is looked at; what is older cannot come again.
        late: the names of what is not read for too long, which is shown once until it is.
        now: when this run is.
    """
    missed = [AlertMemory(name, now) for name in late]
    rest = [one for one in shown if one.at >= since and not one.key.startswith(MISSED)]
    rest.sort(key=lambda one: (one.at, one.key))
    return (*rest[-MOST:], *missed)


class Alerts:
    """What was shown, before this cycle and in it.

    Args:
        memory: what the cycles before came to.
        ages: when each thing was last read before this cycle.
        now: when this cycle is.
        known: all that is known after it.
        seen: what it saw.
    """

    def __init__(
        self,
        memory: WatchMemory,
        ages: Ages,
        now: datetime,
        known: Iterable[Place],
        seen: Iterable[Place],
    ) -> None:
        self._shown = {one.key: one for one in memory.told}
        self._started = memory.started
        self._ages = ages
        self._now = now
        self._first = not memory.cycles
        self._keys = EventKeys(known, seen)

    @property
    def names(self) -> frozenset[str]:
        """What was shown before this cycle."""
        return frozenset(self._shown)

    def has_shown(self, event: Event) -> bool:
        """Whether a cycle before this one has shown an event."""
        return self._keys(event) in self._shown

    def sorted_out(
        self, events: Iterable[Event], undated: Iterable[Undated]
    ) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
        """What a person has to know, what looks like an attack first; and what else differs."""
        undated = tuple(undated)
        new = list(
            each_once(
                [one for one in events if self._is_new(one)],
                [one for one in undated if one.change],
            )
        )
        for one in undated:
            if one.change == CHANGED and one.subject is not None:
                key = _changed(one, one.subject)
                self._shown[key] = AlertMemory(key, self._now, bool(one.marks or one.confirm))
            if one.kind == FILE and one.subject is not None:
                for key in _file(one, one.subject):
                    self._shown[key] = AlertMemory(key, self._now, bool(one.marks))
        alerts = [one for one in new if one.marks or one.confirm]
        alerts.sort(key=lambda one: (not one.marks, one.still.urgency))
        rest = [one for one in new if not (one.marks or one.confirm)]
        return tuple(alerts), () if self._first else tuple(rest)

    def kept(self, since: datetime, late: Sequence[str]) -> tuple[AlertMemory, ...]:
        """What the next cycle has to know.

        Args:
            since: from when what has a date is looked at; what is older cannot come again.
            late: the names of what is not read for too long, which is shown once until it is.
        """
        return remembered(self._shown.values(), since, late, self._now)

    def _is_new(self, event: Event) -> bool:
        """Whether an event was not shown, or looks like an attack only now."""
        key = self._keys(event)
        once = self._shown.get(key)
        self._shown[key] = AlertMemory(
            key, max(self._now, event.at), bool(event.marks) or (once is not None and once.marked)
        )
        if once is not None:
            return bool(event.marks) and not once.marked
        if self._same_change(event):
            return False
        if self._first or self._looked_before(event.place, event.kind):
            return True
        return event.at >= self._started - FIRST_WINDOW

    def _same_change(self, event: Event) -> bool:
        """Whether it dates a change that an earlier cycle has shown without a date."""
        if event.kind == CHANGED_FILE:
            reasons = [self._shown.get(key) for key in _file(event, event.subject)]
            return all(one is not None and event.at <= one.at for one in reasons)
        shown = self._shown.get(_changed(event, event.subject))
        if shown is None or event.appeared or event.marks or event.at > shown.at:
            return False
        return shown.marked or not event.confirm

    def _looked_before(self, place: Subject, kind: str) -> bool:
        """Whether a cycle before read this kind of thing there."""
        return any((place, name) in self._ages.looks for name in change_names(place, kind))


def each_once(events: Sequence[Event], undated: Sequence[Undated]) -> Iterator[Change]:
    """Each change; of one that is there with its time and without, the one that says more."""
    dated: dict[tuple[Subject, str, Subject | None], Event] = {
        (one.place, one.kind, one.subject): one for one in events if not one.appeared
    }
    told = set[int]()
    rest: list[Undated] = []
    for one in undated:
        event = dated.get((one.place, one.kind, one.subject)) if one.change == CHANGED else None
        if event is None or not _says(event, one):
            rest.append(one)
            if event is not None and _says(one, event):
                told.add(id(event))
    yield from (one for one in events if id(one) not in told)
    yield from rest


def _says(one: Change, other: Change) -> bool:
    """Whether a change gives each reason of another for which that is shown."""
    if other.marks:
        return {*one.marks} >= {*other.marks}
    return bool(one.marks) or {*one.confirm} >= {*other.confirm}


def _changed(one: Change, subject: Subject) -> str:
    """The key of a change to one thing in a place."""
    return digest(CHANGED, one.kind, key_of(one.place), key_of(subject))


def _file(one: Change, subject: Subject) -> Iterator[str]:
    """The keys of a workflow file that differs: of itself, and of each reason to show it."""
    name = str(subject).rpartition("/")[2]
    for reason in ("", *one.marks, *one.confirm):
        yield digest(CHANGED_FILE, key_of(one.place), name, reason)


def change_names(place: Subject, kind: str) -> tuple[str, ...]:
    """The names of the changes among the items of one kind in a place."""
    return tuple(one.name for one in BY_KIND.get((place_kind(place), kind), ()))
