"""What a run of `recent` shows that no run before it has shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from hardenme.derive.recent.unseen import Measure
from hardenme.drift.names import Renames, key_of
from hardenme.drift.watch.ages import Ages, missed_name, not_read
from hardenme.drift.watch.alerts import EventKeys, digest, remembered
from hardenme.drift.watch.cycle import LONGEST_WINDOW, blind_cycle, what_resolves
from hardenme.drift.watch.turns import Turns
from hardenme.model.depth import Depth
from hardenme.model.inventory import Place
from hardenme.model.recent import Event, Recent, Undated
from hardenme.model.subject import Subject
from hardenme.model.unknown import WHAT_TO_DO, Reason
from hardenme.model.watch import AlertMemory, WatchCycle, WatchMemory


@dataclass(frozen=True, slots=True)
class NewChanges:
    """What a run shows that no run before it has shown.

    Attributes:
        recent: all that it found, without what was shown before.
        marked: how many changes that look like an attack were shown before.
        others: how many other changes were.
        cycle: the same as a message has it, with what the next run has to know.
    """

    recent: Recent
    marked: int
    others: int
    cycle: WatchCycle


def new_changes(
    memory: WatchMemory | None, found: Recent, places: Iterable[Place], depth: Depth
) -> NewChanges:
    """Leave out what earlier runs have shown, unless it looks worse than it did then.

    Args:
        memory: what the runs before came to; None if there was none.
        found: all that this run found.
        places: what it read.
        depth: how deep it asked.
    """
    now, seen = found.until.replace(microsecond=0), tuple(places)
    before = memory or WatchMemory(now, now)
    ages = Ages.of(before.looks, Renames((), ()), now)
    ages.take(seen, Turns(), now, Measure(depth))
    if not ages.read:
        blind = blind_cycle(memory, now, _why_blind(ages, found))
        return NewChanges(found, 0, 0, blind)
    ages.keep({*(place.subject for place in seen), *_lately(before, now)})
    shown = _Shown(before, EventKeys(seen, seen), now)
    events = tuple(one for one in found.events if shown.is_new(one))
    undated = tuple(one for one in found.undated if shown.is_new(one))
    new = replace(found, events=events, undated=undated)
    late = [missed_name(key) for key in ages.late(now)]
    after = replace(
        before,
        ran=now,
        cycles=before.cycles + 1,
        looks=ages.written(),
        told=remembered(shown.memories.values(), found.since, late, now),
        blind=None,
        blind_told=False,
    )
    cycle = WatchCycle(
        at=now,
        since=found.since,
        memory=after,
        alerts=(*new.to_stop, *new.to_confirm),
        not_read=not_read(ages, frozenset(one.key for one in before.told), now),
        again=None if before.blind is None else now - before.blind,
    )
    marked = len(found.marked) - len(new.marked)
    others = len(found.to_confirm) - len(new.to_confirm)
    return NewChanges(new, marked, others, cycle)


def _lately(memory: WatchMemory, now: datetime) -> Iterator[Subject]:
    """The places that some run has read lately; what is gone for longer is forgotten."""
    for one in memory.looks:
        if any(now - at <= LONGEST_WINDOW for at, _ in one.at):
            yield one.place


class _Shown:
    """What was shown, before this run and in it."""

    def __init__(self, memory: WatchMemory, keys: EventKeys, now: datetime) -> None:
        self.memories = {one.key: one for one in memory.told}
        self._keys, self._now = keys, now

    def is_new(self, one: Event | Undated) -> bool:
        key = self._keys(one) if isinstance(one, Event) else _key(one)
        once, marked = self.memories.get(key), bool(one.marks)
        held = once is not None and once.marked
        self.memories[key] = AlertMemory(key, self._now, marked or held)
        return once is None or (marked and not once.marked)


def _key(one: Undated) -> str:
    """By what something without a time is known again: all that was read of it."""
    return digest(one.kind, key_of(one.place), one.change, one.identity or list(one.names))


def _why_blind(ages: Ages, found: Recent) -> str:
    """What resolves that nothing was read."""
    gaps = (one.why for one in found.unseen if not one.unreadable)
    why = next(iter((*ages.why.values(), *gaps)), None)
    if why is None:
        return WHAT_TO_DO[Reason.NOT_ASKED]
    return what_resolves(why.reason, why.needed)
