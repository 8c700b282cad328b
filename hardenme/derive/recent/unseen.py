"""What was not looked at, compared with what an attacker can leave: empty is not an answer.

A list that was read shows what was added lately only where an answer has its time. The rest takes a
run from before the window: what has no time, and all that was removed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from hardenme.derive.attacker_changes import AttackerChange, Visible, changes_in
from hardenme.derive.inventory.account import MEMBER
from hardenme.derive.inventory.gathered import SOME
from hardenme.derive.inventory.repository import CHANGED, PUSH, RUN
from hardenme.derive.recent.found import place_kind, time_of
from hardenme.derive.recent.sources import BEYOND_LISTS, SEEN_BELOW, depth_of
from hardenme.derive.recent.wording import Hosts, page_of
from hardenme.model.access import ROLE
from hardenme.model.depth import BEYOND, Depth
from hardenme.model.inventory import InventoryItem, Place
from hardenme.model.recent import Unseen
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

AS_TARGET = "naming it as a target, too"
BY_RECENT = "`hardenme recent`, which alone reads it"
FILE = "workflow"
NO_DATE = "a token that sees when they were added"
EARLIER = Unknown(
    Reason.NOT_ASKED, "a kept run from before the window (`hardenme check` keeps one for next time)"
)
"""Why what has no time cannot be dated."""
REMOVED = "whatever was removed"
DECIDING = {MEMBER: (ROLE,)}
"""Fields of listed items that decide whether they are called ordinary: someone without a known role
is not an owner in the list."""


@dataclass(slots=True)
class Looked:
    """What of the changes was looked at.

    Attributes:
        whole: how many lists and settings were read to their end.
        unseen: what was not looked at, or cannot be dated.
    """

    whole: int = 0
    unseen: list[Unseen] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Measure:
    """What a run is measured by.

    Attributes:
        depth: how deep it asked.
        hosts: whom pages name.
        earlier: what a kept run from before the window saw; none if there is none.
        stood_in: what an earlier run shows in place of this one: the place and the kind.
        cut: packages of which older versions may lie within the window.
        activity: the run asked for pushes, runs and what changed workflow files; a check does not.
    """

    depth: Depth
    hosts: Hosts = Hosts()
    earlier: Sequence[Place] = ()
    stood_in: frozenset[tuple[Subject, str]] = frozenset()
    cut: Iterable[Subject] = ()
    activity: bool = True


@dataclass(frozen=True, slots=True)
class _Gap:
    where: str
    what: str
    why: Unknown
    page: str = ""
    unreadable: bool = False


def looked_at(places: Sequence[Place], given: Measure) -> Looked:
    """Count what was read, and name what was not and what cannot be dated.

    Args:
        places: what this run saw.
        given: what it is measured by.
    """
    found = Looked()
    gaps: dict[_Gap, list[tuple[Subject, str]]] = {}
    counts: dict[tuple[str, str], int] = {}
    earlier = {place.subject: place for place in given.earlier}
    for place in places:
        where = place_kind(place.subject)
        for change in changes_in(where):
            counts[where, change.what] = counts.get((where, change.what), 0) + 1
            then = earlier.get(place.subject)
            why = _missing(place, change, given)
            if change.kind == CHANGED and why is not None and _same_files(place, then):
                why = None
            found.whole += change.read and why is None
            if why is not None:
                page = "" if change.read else change.page
                gap = _Gap(where, change.what, why, page, unreadable=not change.read)
                gaps.setdefault(gap, []).append((place.subject, change.kind))
            elif change.compared and not _comparable(place, then, change):
                for what in _undatable(change):
                    gap = _Gap(where, what, EARLIER)
                    gaps.setdefault(gap, []).append((place.subject, change.kind))
    found.unseen += _named(gaps, counts, given)
    cut = tuple(sorted(given.cut))
    if cut:
        why = Unknown(Reason.NOT_ASKED, "versions beyond the newest 20: npm view NAME time")
        found.unseen.append(Unseen("versions", cut, why, len(cut)))
    found.unseen.sort(key=_order)
    return found


def readable(
    places: Iterable[Place], given: Measure
) -> Iterator[tuple[Subject, AttackerChange, Unknown | None]]:
    """Each change that hardenme can read, by its place, with why it was not read there."""
    for place in places:
        where = place_kind(place.subject)
        for change in changes_in(where):
            if change.read and (where, change.kind) not in SEEN_BELOW:
                yield place.subject, change, _missing(place, change, given)


def _order(one: Unseen) -> tuple[bool, str, int, str]:
    return one.unreadable, one.why.needed, -len(one.places), one.source


def _named(
    gaps: Mapping[_Gap, Sequence[tuple[Subject, str]]],
    counts: Mapping[tuple[str, str], int],
    given: Measure,
) -> Iterator[Unseen]:
    for gap, lost in gaps.items():
        subjects = tuple(sorted({subject for subject, _ in lost}))
        yield Unseen(
            gap.what,
            subjects,
            gap.why,
            counts.get((gap.where, gap.what), len(subjects)),
            stored=any(one in given.stood_in for one in lost),
            page=page_of(gap.page, subjects[0], given.hosts) if len(subjects) == 1 else "",
            unreadable=gap.unreadable,
        )


def _undatable(change: AttackerChange) -> Iterator[str]:
    """What of a change has no time."""
    if not change.made:
        yield change.what
        return
    if change.removed is Visible.COMPARED:
        yield REMOVED
    if change.changed is Visible.COMPARED and change.fields:
        yield f"changes of {change.what}"


def _same_files(place: Place, then: Place | None) -> bool:
    """Whether the workflow files of two runs can be compared with each other, one by one."""
    if then is None or {place.lists.get(FILE, SOME), then.lists.get(FILE, SOME)} != {None}:
        return False
    return all("blob" in one.state for one in (*place.items, *then.items) if one.kind == FILE)


def _missing(place: Place, change: AttackerChange, given: Measure) -> Unknown | None:
    """Why a change is not looked at in a place, or has no time; None if it is."""
    depth = given.depth
    if not change.read:
        return Unknown(Reason.NOT_ASKED, change.why)
    if not change.dated and change.depth > depth:
        return BEYOND[change.depth]
    where = place_kind(place.subject)
    if (where, change.kind) in SEEN_BELOW:
        return Unknown(Reason.NOT_ASKED, change.why)
    items = [item for item in place.items if item.kind == change.kind]
    why = place.lists.get(change.kind, None if items else SOME)
    if (where, change.kind) in BEYOND_LISTS and change.kind not in place.lists:
        why = None
    if change.kind not in place.lists and not items and why is not None:
        return _not_asked(place, change, given)
    if why is not None:
        needed = change.why if why == SOME else why.needed
        return Unknown(why.reason, needed or why.needed)
    if not change.dated:
        return _unread_field(change, items)
    # What has no time of its last change may have changed a minute ago.
    times = tuple(filter(None, (change.made, change.updated)))
    if all(time_of(item.state, name) for item in items for name in times):
        return _unread_field(change, items)
    deeper = Depth.STANDARD if depth < Depth.STANDARD else None
    return BEYOND[deeper] if deeper else Unknown(Reason.NOT_VISIBLE, NO_DATE)


def _not_asked(place: Place, change: AttackerChange, given: Measure) -> Unknown:
    """Why the run did not ask for a kind of change in a place."""
    least = max(change.depth, depth_of(place_kind(place.subject), change.kind))
    if change.kind == RUN and PUSH in place.lists:
        # Where nothing was pushed, a shallow run does not ask for it.
        least = Depth.STANDARD
    if least > given.depth:
        return BEYOND[least]
    by_recent = change.kind in {PUSH, RUN, CHANGED} and not given.activity
    return Unknown(Reason.NOT_ASKED, BY_RECENT if by_recent else AS_TARGET)


def _unread_field(change: AttackerChange, items: Iterable[InventoryItem]) -> Unknown | None:
    """Why a field of the items is not known, of settings any, else what decides how they show."""
    names = change.fields if change.added is None else DECIDING.get(change.kind, ())
    if all(name in item.state for item in items for name in names):
        return None
    return Unknown(Reason.NOT_VISIBLE, change.permissions)


def _comparable(place: Place, then: Place | None, change: AttackerChange) -> bool:
    """Whether the run from before the window saw what has to be compared."""
    if then is None:
        return False
    if change.added is not None and (place.lists.get(change.kind, SOME) is not None):
        return False
    if change.added is not None and (then.lists.get(change.kind, SOME) is not None):
        return False
    before = {one.identity: one for one in then.items if one.kind == change.kind}
    now = [one for one in place.items if one.kind == change.kind]
    if change.added is None and now and not before:
        return False
    shared = [(one, before[one.identity]) for one in now if one.identity in before]
    return all(
        name in new.state and name in old.state for new, old in shared for name in change.fields
    )
