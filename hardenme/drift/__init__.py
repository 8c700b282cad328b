"""What changed from one report to the next, and what has to be remembered for the one after.

A finding is identified by its check and its subject, an item by the provider's number for it. What
was known and is not known counts as no longer visible, never as fixed. It is carried from report to
report until it is known again. So a change in between is reported once, by the first run that sees
it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from hardenme.drift.comparable import incomparable, notes, targets
from hardenme.drift.findings import Matched, matched
from hardenme.drift.names import Renames, key_of
from hardenme.drift.places import Inventoried, inventoried
from hardenme.drift.visibility import Visibility, beyond, left_out, owners_listed, whole
from hardenme.model.drift import Drift
from hardenme.model.inventory import UNCOMPARED, Place
from hardenme.model.last_known import LastKnown
from hardenme.model.report import Report

__all__ = ["carry", "compare", "follow"]


def compare(before: Report | None, after: Report) -> Drift:
    """What changed.

    Args:
        before: the earlier report, as it was stored: with what it carries. None if there is none;
            then all of the later one is a baseline.
        after: the later one; what it carries is not looked at.
    """
    return _Comparison.of(before, after).drift()


def carry(before: Report | None, after: Report) -> Report:
    """The later report with all that the earlier one knew, or carried, and the later one does not.

    This is the one to store, and to hold the next one against.
    """
    return _Comparison.of(before, after).carried()


def follow(before: Report | None, after: Report) -> tuple[Drift, Report]:
    """Both: what changed, and the later report to be stored."""
    comparison = _Comparison.of(before, after)
    return comparison.drift(), comparison.carried()


@dataclass(frozen=True, slots=True)
class _Comparison:
    """The comparison of two reports; its result is None if they cannot be compared."""

    before: Report | None
    after: Report
    incomparable: str = ""
    names: Renames | None = None
    findings: Matched | None = None
    places: Inventoried | None = None

    @classmethod
    def of(cls, before: Report | None, after: Report) -> _Comparison:
        if before is None:
            return cls(None, after)
        if why := incomparable(before, after):
            return cls(before, after, why)
        # They are gone through several times, and a stored report makes them anew each time.
        whole = after
        before = replace(before, inventory=tuple(_compared_parts(before.inventory)))
        after = replace(after, inventory=tuple(_compared_parts(after.inventory)))
        names = Renames((*before.inventory, *before.carried.places), after.inventory)
        sight = _sight(before, after, names)
        places = inventoried(before, after, names, sight)
        return cls(before, whole, "", names, matched(before, after, names, sight), places)

    def drift(self) -> Drift:
        since = None if self.before is None else self.before.started
        until = self.after.started
        if self.before is None or self.findings is None or self.places is None:
            return Drift(since, until, incomparable=self.incomparable)
        return Drift(
            since,
            until,
            changes=self.findings.changes(self.after),
            items=self.places.told(),
            notes=tuple(notes(self.before, self.after, self.findings, self.places)),
            fresh=self.findings.fresh.total(),
        )

    def carried(self) -> Report:
        if self.names is None or self.findings is None or self.places is None:
            return replace(self.after, carried=LastKnown())
        found = LastKnown(tuple(self.findings.carried(self.names)), tuple(self.places.kept))
        return replace(self.after, carried=found)


def _compared_parts(places: Iterable[Place]) -> Iterator[Place]:
    """The places without the kinds that drift ignores; an empty place is left out."""
    for place in places:
        if not any(item.kind in UNCOMPARED for item in place.items):
            yield place
            continue
        lists = {kind: why for kind, why in place.lists.items() if kind not in UNCOMPARED}
        items = tuple(item for item in place.items if item.kind not in UNCOMPARED)
        if lists or items:
            yield replace(place, lists=lists, items=items)


def _sight(before: Report, after: Report, names: Renames) -> Visibility:
    shallow, once_shallow = beyond(after), beyond(before)
    return Visibility(
        elsewhere=targets(before) != targets(after),
        ended=whole(after),
        narrow=bool(set(before.checks) - set(after.checks)),
        once_narrow=bool(set(after.checks) - set(before.checks)),
        shallow=shallow and not once_shallow,
        once_shallow=once_shallow and not shallow,
        looked=frozenset(key_of(place.subject) for place in after.inventory),
        left_out=left_out(after.inventory, key_of),
        once_left_out=left_out(before.inventory, names.key),
        once_ended=whole(before),
        once_seen=frozenset(
            names.key(place.subject) for place in (*before.inventory, *before.carried.places)
        ),
        once_whole=owners_listed(before.inventory),
    )
