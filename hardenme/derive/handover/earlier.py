"""What a kept run saw in lists that a new one could not read; what was read anew counts alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hardenme.model.inventory import ALL_REPOSITORIES, REPOSITORY, InventoryItem, Place
from hardenme.model.report import Report
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

EARLIER = Unknown(Reason.STALE, "a run that reads it again")
PACKAGE = "package"


def with_earlier(report: Report, kept: Report) -> Report:
    """A report with what a kept run saw in the lists that this one did not read to their end.

    A list that was read is taken as it is: what was removed since does not come back. So is each
    field of an item that was read.
    """
    places = {place.subject: place for place in report.inventory}
    for place in kept.inventory:
        now = places.get(place.subject)
        if now is not None:
            places[place.subject] = _joined(now, place)
        elif not _is_gone(report, place.subject):
            lists = dict.fromkeys(place.lists, EARLIER)
            places[place.subject] = Place(place.subject, lists, place.items)
    return replace(report, inventory=sorted(places.values(), key=lambda one: one.subject))


def _joined(now: Place, earlier: Place) -> Place:
    """A place with what an earlier look saw of the kinds that were not read to their end.

    A field of an item that was not seen now is as it was, like a member's teams.
    """
    before = {(one.kind, one.identity): one for one in earlier.items}
    items = (_filled(one, before.get((one.kind, one.identity))) for one in now.items)
    return replace(now, items=(*items, *_lost(now, earlier)))


def _filled(now: InventoryItem, earlier: InventoryItem | None) -> InventoryItem:
    return now if earlier is None else replace(now, state={**earlier.state, **now.state})


def _lost(now: Place, earlier: Place) -> Iterator[InventoryItem]:
    seen = {(one.kind, one.identity) for one in now.items}
    for one in earlier.items:
        whole = one.kind in now.lists and now.lists[one.kind] is None
        if not whole and (one.kind, one.identity) not in seen:
            yield one


def _is_gone(report: Report, subject: Subject) -> bool:
    """Whether a list that was read to its end no longer has a repository or a package."""
    listed = {("github", "repo"): REPOSITORY, ("npm", "package"): PACKAGE}
    kind = listed.get((subject.provider, subject.kind))
    if kind is None:
        return False
    owner = subject.name.partition("/")[0].removeprefix("@").lower()
    for place in report.inventory:
        above = place.subject.kind in {"org", "user"} and place.subject.name.lower() == owner
        if place.subject.provider != subject.provider or not above:
            continue
        whole = kind in place.lists and place.lists[kind] is None
        if whole and place.lists.get(ALL_REPOSITORIES) is None:
            return subject not in {one.subject for one in place.items if one.kind == kind}
    return False
