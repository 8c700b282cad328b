"""The inventories of two reports compared with each other, list by list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from hardenme.drift.lists import Listed, Remembered, by_identity, of_list
from hardenme.drift.names import HOLDERS, Renames, identity_of, key_of
from hardenme.drift.visibility import Visibility, whole
from hardenme.model.drift import ItemChange, Turn
from hardenme.model.inventory import InventoryItem, Place
from hardenme.model.report import Report
from hardenme.model.subject import Subject
from hardenme.model.unknown import WHAT_TO_DO, Reason, Unknown

NEVER = Unknown(Reason.INCOMPLETE, "the whole list, which no run has read")
"""Why a list is not known of which some items are remembered."""
ORDER = {turn: place for place, turn in enumerate(Turn)}


@dataclass(slots=True)
class Inventoried:
    """How inventories changed.

    Attributes:
        kept: what the later run could not read, and stays to be remembered.
        first: how many places the later run saw for the first time.
        unlooked: how many lists are not compared, because the later run was not to look there.
    """

    changes: list[ItemChange] = field(default_factory=list)
    kept: list[Place] = field(default_factory=list)
    first: int = 0
    unlooked: int = 0

    def told(self) -> list[ItemChange]:
        """The changes, those that weigh most first."""
        return sorted(self.changes, key=_order)


def _order(one: ItemChange) -> tuple[int, int, str, str, str]:
    item = one.after or one.before
    name = "" if item is None else f"{item.label} {item.identity}"
    return -one.severity, ORDER[one.turn], one.kind, str(one.place), name


def inventoried(before: Report, after: Report, names: Renames, sight: Visibility) -> Inventoried:
    """Hold the inventories against each other; what vanished is put down in `sight`.

    Args:
        before: the earlier report, with what it carries.
        after: the later one.
        names: what has another id in it.
        sight: what the later run could see.
    """
    found = Inventoried()
    once = {names.key(one.subject): one for one in before.inventory}
    carried = {names.key(one.subject): one for one in before.carried.places}
    unheard = set[str]()
    for place in after.inventory:
        key = key_of(place.subject)
        pair = once.pop(key, None), carried.pop(key, None)
        if pair == (None, None):
            unheard.add(key)
        elif pair != (place, None):
            told = (pair[0] is None and sight.told(key)) or not whole(before)
            known = _memory(*pair, names, told=told)
            missed = sight.told(key) and not sight.once_narrow
            for one in known.values():
                one.missed = missed and one.asked
            _compared(found, known, place, looked=not sight.unasked(key))
    _moved(found)
    sight.gone.update(_gone(found, after, names))
    for key in dict.fromkeys((*once, *carried)):
        _out_of_sight(found, once.get(key), carried.get(key), after, names, sight)
    if before.inventory or before.carried.places:
        found.first = len(unheard.difference(_appeared(found)))
    return found


def _compared(
    found: Inventoried, memory: dict[str, Remembered], place: Place, *, looked: bool
) -> None:
    """Compare a place with what is known about it, kind by kind."""
    present: dict[str, list[InventoryItem]] = {}
    for one in place.items:
        present.setdefault(one.kind, []).append(one)
    lists: dict[str, Unknown | None] = {}
    items: list[InventoryItem] = []
    for kind in sorted({*memory, *present, *place.lists}):
        listed = Listed(
            kind,
            place.subject,
            kind in place.lists,
            place.lists.get(kind),
            by_identity((identity_of(one), one) for one in present.get(kind, ())),
        )
        known = memory.get(kind, Remembered())
        result = of_list(known, listed, looked=looked)
        found.changes += result.changes
        found.unlooked += result.unlooked
        items += result.kept
        if not listed.whole and (known.whole or (known.asked and result.kept)):
            lists[kind] = None if known.whole else NEVER
    _keep(found, place.subject, lists, items)


def _memory(
    first: Place | None, kept: Place | None, names: Renames, *, told: bool = False
) -> dict[str, Remembered]:
    """What is known about each kind at a place: from the earlier report, and carried by it.

    Args:
        kept: the same as it is carried.
        names: what has another id in the later report.
        told: whether what the earlier report lacks was reported as no longer visible.
    """
    memory: dict[str, Remembered] = {}
    for place in (kept, first):
        if place is None:
            continue
        kinds: dict[str, list[InventoryItem]] = {}
        for one in map(names.item, place.items):
            kinds.setdefault(one.kind, []).append(one)
        for kind in dict.fromkeys((*kinds, *place.lists)):
            known = memory.setdefault(kind, Remembered())
            items = by_identity((identity_of(one), one) for one in kinds.get(kind, ()))
            (known.carry if place is kept else known.see)(items)
            if kind in place.lists:
                (known.carried if place is kept else known.listed)(place.lists[kind])
    for known in memory.values():
        known.told |= told and known.whole and not known.fresh
    return memory


def _keep(
    found: Inventoried,
    subject: Subject,
    lists: dict[str, Unknown | None],
    items: list[InventoryItem],
) -> None:
    if lists or items:
        items.sort(key=lambda one: (one.kind, one.identity, str(one.subject)))
        found.kept.append(Place(subject, lists, tuple(items)))


def _out_of_sight(  # noqa: PLR0913, PLR0917 (a place and its surroundings)
    found: Inventoried,
    first: Place | None,
    kept: Place | None,
    after: Report,
    names: Renames,
    sight: Visibility,
) -> None:
    """Report a place that is not in the later report."""
    once = first or kept
    if once is None or sight.vanished(names.key(once.subject)):
        return
    subject = names.subject(once.subject)
    unlooked = sight.unasked(key_of(subject))
    needed = WHAT_TO_DO[after.halted] if after.halted else ""
    lists: dict[str, Unknown | None] = {}
    items: list[InventoryItem] = []
    for kind, known in sorted(_memory(first, kept, names).items()):
        if known.whole or (known.asked and known.items):
            lists[kind] = None if known.whole else NEVER
        items += known.items.values()
        if known.fresh and unlooked:
            found.unlooked += 1
        elif known.fresh:
            found.changes.append(ItemChange(Turn.LOST, kind, subject, needed=needed))
        elif known.asked and not known.whole and not unlooked:
            lost = map(names.item, known.seen.values())
            found.changes += (
                ItemChange(Turn.LOST, kind, subject, one, needed=needed) for one in lost
            )
    _keep(found, subject, lists, items)


def _moved(found: Inventoried) -> None:
    """Make one change of what vanished in one place and appeared in another, being the same."""
    turns = {Turn.APPEARED: dict[tuple[str, str], ItemChange](), Turn.VANISHED: {}}
    for one in found.changes:
        item = one.after or one.before
        if one.turn in turns and item is not None and item.subject.kind in HOLDERS:
            turns[one.turn][one.kind, identity_of(item)] = one
    for same in turns[Turn.APPEARED].keys() & turns[Turn.VANISHED].keys():
        new, old = turns[Turn.APPEARED][same], turns[Turn.VANISHED][same]
        found.changes.remove(new)
        found.changes.remove(old)
        moved = ItemChange(Turn.CHANGED, new.kind, new.place, old.before, new.after, ("place",))
        found.changes.append(moved)


def _appeared(found: Inventoried) -> Iterator[str]:
    """The keys of what appeared."""
    for one in found.changes:
        if one.turn is Turn.APPEARED and one.after is not None:
            yield key_of(one.after.subject)


def _gone(found: Inventoried, after: Report, names: Renames) -> Iterator[str]:
    """The keys of what vanished and is in no other list of the later report."""
    items = [one.before for one in found.changes if one.turn is Turn.VANISHED and one.before]
    kinds = {one.subject.kind for one in items}
    present: dict[str, list[InventoryItem]] = {}
    for place in after.inventory if kinds else ():
        for one in place.items:
            if one.subject.kind in kinds:
                present.setdefault(key_of(one.subject), []).append(one)
    for one in items:
        others = present.get(key_of(one.subject), ())
        # One of the same kind with another number has its name, and is another thing.
        if all(one.kind == other.kind and one.identity != other.identity for other in others):
            yield names.gone(one.subject)
