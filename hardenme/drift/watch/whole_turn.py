"""What a turn that goes over several cycles saw in all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from hardenme.derive.attacker_changes import AttackerChange, Watch, changes_in
from hardenme.derive.recent.found import place_kind
from hardenme.drift.names import Renames, key_of
from hardenme.engine.turn import ABOVE
from hardenme.model.inventory import Place, State
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown
from hardenme.model.watch import LATER, READ_BEFORE, UnfinishedTurn

WAITING = frozenset({LATER.needed, READ_BEFORE.needed})


def turn_of(place: Subject) -> str:
    """The name under which a place has its turn."""
    return place.name.lower() if place.kind == "repo" else ABOVE


def whole_turns(
    places: Iterable[Place], unfinished: Iterable[UnfinishedTurn], names: Renames
) -> tuple[Place, ...]:
    """Places as all cycles of their turns saw them.

    Args:
        places: what this cycle saw.
        unfinished: the turns that it continues.
        names: what has another name since then.
    """
    earlier = {names.key(seen.subject): seen for turn in unfinished for seen in turn.seen}
    return tuple(
        _together(earlier[key], place) if (key := key_of(place.subject)) in earlier else place
        for place in places
    )


def seen_in_turn(places: Iterable[Place], turn: UnfinishedTurn) -> tuple[Place, ...]:
    """What a turn has seen, without what each cycle reads.

    Args:
        places: all places, as the cycles of the turn saw them together.
        turn: with what it had seen before. That stays of a place which this cycle did not see.
    """
    found = {key_of(place.subject): place for place in turn.seen}
    found |= {
        key_of(place.subject): _in_turn(place)
        for place in places
        if turn_of(place.subject) == turn.name
    }
    return tuple(found.values())


def _together(earlier: Place, now: Place) -> Place:
    """One place, by an earlier cycle of the turn and by this one."""
    kinds = {one.kind for one in _changes(now.subject) if one.added is not None}
    lists = dict(now.lists)
    parts = set[str]()
    for kind in kinds & lists.keys():
        if lists[kind] is not None:
            parts.add(kind)
            lists[kind] = _reason(earlier.lists.get(kind), lists[kind])
    found = {(item.kind, item.subject): item for item in now.items}
    for once in earlier.items:
        key = once.kind, once.subject
        if key in found:
            found[key] = replace(found[key], state={**once.state, **found[key].state})
        elif once.kind in parts:
            found[key] = once
    items = sorted(found.values(), key=lambda one: (one.kind, one.identity, str(one.subject)))
    return Place(now.subject, lists, tuple(items))


def _reason(once: Unknown | None, why: Unknown | None) -> Unknown | None:
    """Why a list is not whole after two cycles, each of which read some of it.

    A failure of either stays one. What waits in this cycle waits; what the turn has read before is
    as it was read.
    """
    if why is None or why.needed not in WAITING:
        return why
    if once is not None and once.needed not in WAITING:
        return once
    return None if why.needed == READ_BEFORE.needed else why


def _in_turn(place: Place) -> Place:
    changes = _changes(place.subject)
    fields: dict[str, set[str]] = {}
    for one in changes:
        fields.setdefault(one.kind, set()).update(one.fields, filter(None, (one.made, one.updated)))
    listed = {one.kind for one in changes if one.added is not None}
    lists = {kind: why for kind, why in place.lists.items() if kind in listed}
    items = tuple(
        item if item.kind in listed else replace(item, state=_some(item.state, fields[item.kind]))
        for item in place.items
        if item.kind in fields
    )
    return Place(place.subject, lists, items)


def _some(state: Mapping[str, State], names: set[str]) -> dict[str, State]:
    return {name: value for name, value in state.items() if name in names}


def _changes(place: Subject) -> list[AttackerChange]:
    """The kinds of change that are read in turn in a place."""
    return [one for one in changes_in(place_kind(place)) if one.watch is Watch.ROTATION]
