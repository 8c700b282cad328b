"""What was not looked at, source by source, and what it takes: an empty list is no answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from hardenme.derive.inventory.gathered import SOME
from hardenme.derive.recent.found import place_kind, time_of
from hardenme.derive.recent.sources import BEYOND_LISTS, Source, depth_of, places_of
from hardenme.model.depth import BEYOND, Depth
from hardenme.model.inventory import Place
from hardenme.model.recent import Unseen
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

AS_TARGET = "naming it as a target, too"
NO_DATE = "a token that sees when they were added"


@dataclass(slots=True)
class Looked:
    """What of the sources was read.

    Attributes:
        whole: how many lists were read to their end.
        unseen: what was not.
    """

    whole: int = 0
    unseen: list[Unseen] = field(default_factory=list)


def looked_at(
    places: Sequence[Place],
    depth: Depth,
    since_of_versions: Iterable[Subject],
    stored: frozenset[tuple[Subject, str]],
) -> Looked:
    """Count what was read, and name what was not.

    Args:
        places: what this run saw.
        depth: how deep it asked.
        since_of_versions: packages of which older versions may lie within the window.
        stored: what an earlier run tells in place of this one: the place and the kind.
    """
    found = Looked()
    gaps: dict[tuple[str, str, Unknown], list[tuple[Subject, str]]] = {}
    counts: dict[tuple[str, str], int] = {}
    for place in places:
        where = place_kind(place.subject)
        for source in places_of(where):
            told = place.lists.get(source.kind, SOME)
            if (where, source.kind) in BEYOND_LISTS and told == SOME:
                continue
            name = where, source.plural
            counts[name] = counts.get(name, 0) + 1
            why = _missing(place, source, depth)
            if why is None:
                found.whole += 1
            else:
                gaps.setdefault((*name, why), []).append((place.subject, source.kind))
    cut = tuple(sorted(since_of_versions))
    if cut:
        why = Unknown(Reason.NOT_ASKED, "versions beyond the newest 20: npm view NAME time")
        found.unseen.append(Unseen("versions", cut, why, len(cut)))
    for (where, plural, why), lost in gaps.items():
        subjects = tuple(sorted(subject for subject, _ in lost))
        stands = any(one in stored for one in lost)
        found.unseen.append(Unseen(plural, subjects, why, counts[where, plural], stored=stands))
    found.unseen.sort(key=lambda one: (one.why.needed, -len(one.places), one.source))
    return found


def _missing(place: Place, source: Source, depth: Depth) -> Unknown | None:
    """Why a list is not known to its end, or not dated; None where it is."""
    where = place_kind(place.subject)
    if source.kind not in place.lists:
        least = depth_of(where, source.kind)
        if least > depth:
            return BEYOND[least]
        return Unknown(Reason.NOT_ASKED, AS_TARGET)
    why = place.lists[source.kind]
    if why is not None:
        return Unknown(why.reason, why.needed)
    if not source.dated:
        return None
    items = [item for item in place.items if item.kind == source.kind]
    # What has no time of its last change may have changed a minute ago.
    fields = tuple(filter(None, (source.made, source.changed)))
    if all(time_of(item.state, name) for item in items for name in fields):
        return None
    deeper = Depth.STANDARD if depth < Depth.STANDARD else None
    return BEYOND[deeper] if deeper else Unknown(Reason.NOT_VISIBLE, NO_DATE)
