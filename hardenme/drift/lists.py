"""Compares one list of the inventory with what is known about it, item by item."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from hardenme.drift.names import AGAIN
from hardenme.model.access import ENFORCED, ENFORCEMENT
from hardenme.model.drift import ItemChange, Turn
from hardenme.model.inventory import OF_THE_PLACE, InventoryItem
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown

NAME = "name"
"""What an item's own name is called among the fields that changed."""


@dataclass(slots=True)
class Remembered:
    """What is known about a list before the later report.

    Attributes:
        whole: whether it was known to its end once.
        fresh: whether the earlier report itself knows it to its end.
        asked: whether the earlier report, or what it carries, has the list at all.
        why: why the earlier report does not know it to its end; None if it does, or did not ask.
        told: whether the list was reported as no longer visible.
        missed: whether missing items of it were reported as no longer visible.
        items: by what they are found again by, each with all that was ever seen of its state.
        seen: those of them that the earlier report saw itself, as it saw them.
    """

    whole: bool = False
    fresh: bool = False
    asked: bool = False
    why: Unknown | None = None
    told: bool = False
    missed: bool = False
    items: dict[str, InventoryItem] = field(default_factory=dict)
    seen: dict[str, InventoryItem] = field(default_factory=dict)

    def carry(self, items: Mapping[str, InventoryItem]) -> None:
        """Items that the earlier report carries."""
        self.items.update(items)

    def see(self, items: Mapping[str, InventoryItem]) -> None:
        """Items that the earlier report saw."""
        for identity, item in items.items():
            self.seen[identity] = item
            self.items[identity] = _over(self.items.get(identity), item)

    def carried(self, why: Unknown | None) -> None:
        """How far the list was known before the earlier report."""
        self.asked, self.whole = True, why is None

    def listed(self, why: Unknown | None) -> None:
        """How far the earlier report knows the list, after its items."""
        self.asked, self.why = True, why
        if why is None:
            self.whole = self.fresh = True
            self.items = {identity: self.items[identity] for identity in self.seen}
        else:
            self.told = self.whole


@dataclass(frozen=True, slots=True)
class Listed:
    """A list in the later report.

    Attributes:
        kind: what its items are called.
        asked: whether it was asked for.
        why: why it is incomplete; None if it is, or was not asked for.
        items: by what they are found again by.
    """

    kind: str
    place: Subject
    asked: bool
    why: Unknown | None
    items: Mapping[str, InventoryItem]

    @property
    def whole(self) -> bool:
        """Whether every item is in it."""
        return self.asked and self.why is None

    def turn(
        self, turn: Turn, before: InventoryItem | None = None, after: InventoryItem | None = None
    ) -> ItemChange:
        """A change of an item of it, or of the list itself."""
        needed = self.why.needed if turn is Turn.LOST and self.why is not None else ""
        return ItemChange(turn, self.kind, self.place, before, after, needed=needed)


@dataclass(slots=True)
class Result:
    """How a list changed.

    Attributes:
        changes: of its items, and of the list itself.
        kept: items to be remembered: those that it may still have, and those whose state is not
            seen as a whole.
        unlooked: whether the later run was not to look at it, and the earlier one did.
    """

    changes: list[ItemChange] = field(default_factory=list)
    kept: list[InventoryItem] = field(default_factory=list)
    unlooked: bool = False


def by_identity(items: Iterable[tuple[str, InventoryItem]]) -> dict[str, InventoryItem]:
    """Items by what they are found again by. Of several that share it none is left out."""
    found: dict[str, InventoryItem] = {}
    for identity, item in items:
        name = identity
        while name in found:
            name += AGAIN
        found[name] = item
    return found


def of_list(known: Remembered, listed: Listed, *, looked: bool) -> Result:
    """Compare a list with what is known about it.

    Args:
        looked: whether the later run was to ask for it, if the earlier one did.
    """
    result = Result()
    for identity, item in listed.items.items():
        once = known.items.get(identity)
        if once is not None:
            result.changes += _of_item(known, known.seen.get(identity), once, item, listed)
        elif known.whole:
            result.changes.append(listed.turn(Turn.APPEARED, None, item))
        over = _over(once, item)
        if over is not item:
            result.kept.append(over)
    missing = [name for name in known.items if name not in listed.items]
    if listed.whole:
        gone = (listed.turn(Turn.VANISHED, known.items[name]) for name in missing)
        result.changes += gone
        if known.told and not result.changes:
            result.changes.append(listed.turn(Turn.SEEN))
    elif known.asked or listed.asked or not listed.items:
        result.kept += (known.items[name] for name in missing)
        _out_of_sight(result, known, listed, missing, looked=looked)
    # What remains is a list of a selection, like the newest tags: absence from it means nothing.
    return result


def _out_of_sight(
    result: Result, known: Remembered, listed: Listed, missing: list[str], *, looked: bool
) -> None:
    if known.fresh and (listed.asked or looked):
        result.changes.append(listed.turn(Turn.LOST))
    elif known.fresh:
        result.unlooked = True
    elif not known.whole and (listed.asked or (known.asked and looked)):
        lost = (known.items[name] for name in missing if name in known.seen)
        result.changes += (listed.turn(Turn.LOST, one) for one in lost)


def _of_item(
    known: Remembered,
    seen: InventoryItem | None,
    once: InventoryItem,
    item: InventoryItem,
    listed: Listed,
) -> Iterator[ItemChange]:
    """What changed about an item, what of it went out of sight, and what came back as it was."""

    def turned(turn: Turn, fields: Iterable[str]) -> ItemChange:
        return replace(listed.turn(turn, once, item), fields=tuple(sorted(fields)))

    both = [name for name in item.state if name in once.state]
    changed = {name for name in both if item.state[name] != once.state[name]}
    if NAME not in item.state and once.label != item.label and item.kind not in OF_THE_PLACE:
        changed.add(NAME)
    lost = {name for name in once.state if name not in item.state}
    switched = ENFORCEMENT in changed
    if switched and item.state[ENFORCEMENT] != ENFORCED:
        # No one asks further about rules that are not in force, such as who may bypass them.
        lost.clear()
    if changed:
        yield turned(Turn.CHANGED, changed)
    if seen is not None:
        # What the earlier report itself lacks was reported then.
        lost &= seen.state.keys()
        back = {name for name in both if name not in seen.state} - changed
        if back and not switched:
            yield turned(Turn.SEEN, back)
    elif not known.whole and (known.why is not None or known.missed) and not changed:
        yield turned(Turn.SEEN, ())
    if lost:
        yield turned(Turn.LOST, lost)


def _over(once: InventoryItem | None, item: InventoryItem) -> InventoryItem:
    """An item with its earlier state where the new one is not visible."""
    if once is None or not (once.state.keys() - item.state.keys()):
        return item
    return replace(item, state={**once.state, **item.state})
