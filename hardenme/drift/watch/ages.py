"""How old a watch's look at each thing is, and what it should have read and did not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hardenme.derive.attacker_changes import ATTACKER_CHANGES, Watch, changes_in
from hardenme.derive.recent.found import place_kind
from hardenme.derive.recent.unseen import Measure, readable
from hardenme.drift.names import Renames
from hardenme.drift.watch.turns import Turns
from hardenme.drift.watch.whole_turn import WAITING, turn_of
from hardenme.model.depth import Depth
from hardenme.model.inventory import Place
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.watch import LATER, LastLooks, NotRead, OldestLook

PATIENCE = timedelta(minutes=15)
"""How long something may go unread before that is an alert."""
WHOLE = Measure(Depth.DEEP)
MISSED = "not read: "
"""How the name of an alert about something that is not read begins."""
NEVER = datetime.min.replace(tzinfo=UTC)
PUSHES = "push"
"""The name of the change that pushes are."""
MORE = "more than the {number} requests that a cycle has for it; set a higher `--requests`"
"""What it takes to read what is too much for a turn."""
IN_TURN = "what is read in turn"
Key = tuple[Subject, str]
"""A place, and the name of a change of the table."""
CHANGES = {(one.place, one.name): one for one in ATTACKER_CHANGES}


@dataclass(slots=True)
class Ages:
    """When each change of the table was last readable.

    Attributes:
        looks: the times.
        missed: since when what should be readable is not.
        why: the reason for each, in this cycle.
        read: how many were readable in this cycle.
    """

    looks: dict[Key, datetime] = field(default_factory=dict)
    missed: dict[Key, datetime] = field(default_factory=dict)
    why: dict[Key, Unknown] = field(default_factory=dict)
    read: int = 0

    @classmethod
    def of(cls, looks: Iterable[LastLooks], names: Renames, now: datetime) -> Ages:
        """As the cycles before left them; no time is later than now."""
        found = cls()
        for one in looks:
            place = names.subject(one.place)
            for times, into in ((one.at, found.looks), (one.missed, found.missed)):
                into.update(((place, name), min(at, now)) for at, some in times for name in some)
        return found

    def take(
        self,
        places: Sequence[Place],
        turns: Turns,
        now: datetime,
        measure: Measure = WHOLE,
    ) -> None:
        """Take what a cycle read, and what it did not.

        What a turn of several cycles read is as old as its first cycle. What it did not read is
        known at its end.
        """
        for place, change, why in readable(places, measure):
            key, turn = (place, change.name), turn_of(place)
            in_turn = change.watch is not Watch.CYCLE
            if why is None:
                begun = turns.continued.get(turn) if in_turn else None
                self.looks[key] = now if begun is None else max(begun, self.looks.get(key, begun))
                self.missed.pop(key, None)
                self.read += 1
            elif not in_turn:
                self._miss(key, why, now)
            elif turn in turns.had and (missed := _in_turn(turn, why, turns)) is not None:
                self._miss(key, missed, now)

    def miss_all(self, places: Iterable[Subject], why: Unknown, now: datetime) -> None:
        """Take that a cycle saw nothing of places that were there."""
        for place in places:
            for change in changes_in(place_kind(place)):
                if (place, change.name) in self.looks and change.watch is Watch.CYCLE:
                    self._miss((place, change.name), why, now)

    def keep(self, places: Iterable[Subject]) -> None:
        """Forget what is there no more."""
        there = frozenset(places)
        for key in [key for key in (*self.looks, *self.missed) if key[0] not in there]:
            self.looks.pop(key, None)
            self.missed.pop(key, None)

    def late(self, now: datetime) -> Iterator[Key]:
        """What was readable, and is not for too long."""
        for key in self.why:
            if key not in self.looks:
                continue
            since = self.looks[key] if _each_cycle(key) else self.missed[key]
            if now - since >= PATIENCE:
                yield key

    def waiting(self) -> list[str]:
        """The repositories whose pushes a later cycle reads, the longest unread first."""
        names = {
            key[0]: self.looks.get(key, NEVER)
            for key, why in self.why.items()
            if why == LATER and key[1] == PUSHES
        }
        return [place.name.lower() for place in sorted(names, key=lambda one: (names[one], one))]

    def oldest(
        self, repositories: Iterable[Subject], turns: Mapping[str, datetime], started: datetime
    ) -> OldestLook | None:
        """What was not looked at for the longest time; None if all was looked at just now.

        Args:
            repositories: all that are watched.
            turns: when each had its turn.
            started: when the watch did: what had no turn was never looked at.
        """
        for place in repositories:
            if place.name.lower() not in turns:
                return OldestLook(started, IN_TURN, place, never=True)
        if not self.looks:
            return None
        place, name = key = min(self.looks, key=lambda one: (self.looks[one], one))
        return OldestLook(self.looks[key], _what((place, name)), place)

    def written(self) -> tuple[LastLooks, ...]:
        """The same as it is kept."""
        at, missed = _by_place(self.looks), _by_place(self.missed)
        return tuple(
            LastLooks(place, at.get(place, ()), missed.get(place, ()))
            for place in sorted({*at, *missed})
        )

    def _miss(self, key: Key, why: Unknown, now: datetime) -> None:
        self.missed.setdefault(key, now)
        self.why[key] = why


def _in_turn(turn: str, why: Unknown, turns: Turns) -> Unknown | None:
    """Why something was not read in a turn that is over; None if the turn has read it."""
    if why.needed not in WAITING:
        return why
    most = turns.too_much.get(turn)
    return None if most is None else Unknown(Reason.NOT_ASKED, MORE.format(number=most))


def not_read(ages: Ages, shown: frozenset[str], now: datetime) -> tuple[NotRead, ...]:
    """What a cycle should have read and did not, what takes an alert first.

    Args:
        ages: after the cycle.
        shown: the names of what an alert has shown.
    """
    late = {key for key in ages.late(now) if missed_name(key) not in shown}
    groups: dict[tuple[str, Unknown], list[Key]] = {}
    for key, why in ages.why.items():
        groups.setdefault((_what(key), why), []).append(key)
    found = [
        NotRead(
            what,
            tuple(sorted({place for place, _ in keys})),
            why,
            min((ages.looks[key] for key in keys if key in ages.looks), default=None),
            alert=not late.isdisjoint(keys),
        )
        for (what, why), keys in groups.items()
    ]
    return tuple(sorted(found, key=lambda one: (not one.alert, one.why.needed, one.what)))


def missed_name(key: Key) -> str:
    """By what it is known again that an alert was about something that is not read."""
    place, name = key
    return f"{MISSED}{name} {place}"


def _each_cycle(key: Key) -> bool:
    change = CHANGES.get((place_kind(key[0]), key[1]))
    return change is not None and change.watch is Watch.CYCLE


def _what(key: Key) -> str:
    change = CHANGES.get((place_kind(key[0]), key[1]))
    return key[1] if change is None else change.what


def _by_place(
    times: Mapping[Key, datetime],
) -> dict[Subject, tuple[tuple[datetime, tuple[str, ...]], ...]]:
    found: dict[Subject, dict[datetime, list[str]]] = {}
    for (place, name), at in sorted(times.items()):
        found.setdefault(place, {}).setdefault(at, []).append(name)
    return {
        place: tuple((at, tuple(names)) for at, names in sorted(some.items()))
        for place, some in found.items()
    }
