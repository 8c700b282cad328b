"""What a watch knows after a cycle: what the cycle saw, over what was seen before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from hardenme.drift.lists import by_identity
from hardenme.drift.names import Renames, identity_of, key_of
from hardenme.model.inventory import ACCESS, CODE_OWNERS, UNCOMPARED, InventoryItem, Place
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown

FORGOTTEN = UNCOMPARED - {ACCESS, CODE_OWNERS}
"""Kinds that have their own time and are not compared, so that nothing of them is kept."""
TAG, COMMIT = "release tag", "commit"
MOST_TAGS = 20_000
"""Tags that are gone, of which the commit is kept: the newest."""
MOST_UNSEEN = 2_000
"""Items of one kind in one place that are kept without being seen again."""
REPOSITORY = "repository"
OWNERS = frozenset({"org", "user"})


def merged(before: Sequence[Place], after: Iterable[Place], names: Renames) -> tuple[Place, ...]:
    """All that is known, place by place.

    A list that was not read to its end keeps what it had. A place goes only where the whole list
    of its owner's repositories does not name it.
    """
    known = {names.key(place.subject): place for place in before}
    seen = tuple(after)
    found = {
        key_of(place.subject): _place(known.get(key_of(place.subject)), place, names)
        for place in seen
    }
    gone = _gone(seen)
    for key, old in known.items():
        if key not in found and not gone(names.subject(old.subject)):
            found[key] = _renamed(old, names)
    return tuple(sorted(found.values(), key=lambda place: place.subject))


def _place(old: Place | None, new: Place, names: Renames) -> Place:
    """One place after a cycle."""
    once = _kinds(() if old is None else _items(old, new.subject, names))
    now = _kinds(new.items)
    lists = dict(new.lists)
    items: list[InventoryItem] = []
    for kind in sorted({*once, *now}):
        if kind in FORGOTTEN:
            continue
        known, seen = once.get(kind, {}), now.get(kind, {})
        whole = kind in new.lists and new.lists[kind] is None
        items += _listed(known, seen, whole=whole)
    for kind, why in ({} if old is None else old.lists).items():
        if why is None or kind not in lists:
            lists[kind] = why
    kept = {kind: why for kind, why in sorted(lists.items()) if kind not in FORGOTTEN}
    return Place(new.subject, kept, tuple(items))


def _listed(
    known: Mapping[str, InventoryItem], seen: Mapping[str, InventoryItem], *, whole: bool
) -> Iterator[InventoryItem]:
    """The items of one kind, those that are known for longest first.

    What a list that is not whole does not name may still be there. Of this the longest known is
    kept, so that many new things cannot push out an old one.
    """
    unseen = 0
    for name, item in known.items():
        if name in seen:
            yield _over(item, seen[name])
        elif not whole and unseen < MOST_UNSEEN:
            unseen += 1
            yield item
    yield from (item for name, item in seen.items() if name not in known)


def _renamed(place: Place, names: Renames) -> Place:
    present = names.subject(place.subject)
    return Place(present, place.lists, tuple(_items(place, present, names)))


def _items(place: Place, present: Subject, names: Renames) -> Iterator[InventoryItem]:
    """The items of a place under its present name; what bears the place's name has the new one."""
    for item in map(names.item, place.items):
        own = item.label == place.subject.name
        yield replace(item, label=present.name) if own else item


def _kinds(items: Iterable[InventoryItem]) -> dict[str, dict[str, InventoryItem]]:
    found: dict[str, list[InventoryItem]] = {}
    for item in items:
        found.setdefault(item.kind, []).append(item)
    return {
        kind: by_identity((identity_of(item), item) for item in some)
        for kind, some in found.items()
    }


def _over(once: InventoryItem | None, item: InventoryItem) -> InventoryItem:
    """An item with its earlier state where the cycle did not read it."""
    if once is None or not (once.state.keys() - item.state.keys()):
        return item
    return replace(item, state={**once.state, **item.state})


class _gone:  # noqa: N801 (a predicate)
    """Whether a repository is known to be there no more."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._named = dict[str, set[str]]()
        for place in places:
            whole = place.lists.get(REPOSITORY, Unknown) is None
            if place.subject.kind in OWNERS and whole:
                self._named[place.subject.name.lower()] = {
                    key_of(item.subject) for item in place.items if item.kind == REPOSITORY
                }

    def __call__(self, place: Subject) -> bool:
        owner = place.name.partition("/")[0].lower()
        named = self._named.get(owner)
        return place.kind == "repo" and named is not None and key_of(place) not in named


def tags_gone(
    known: Mapping[str, str], before: Iterable[Place], after: Iterable[Place]
) -> dict[str, str]:
    """The commits of tags that are gone, so that one which comes back elsewhere has moved."""
    once, now = dict(_tags(before)), dict(_tags(after))
    found = {**known, **{tag: commit for tag, commit in once.items() if tag not in now}}
    found = {tag: commit for tag, commit in found.items() if tag not in now}
    return dict(list(found.items())[-MOST_TAGS:])


def _tags(places: Iterable[Place]) -> Iterator[tuple[str, str]]:
    for place in places:
        for item in place.items:
            commit = item.state.get(COMMIT)
            if item.kind == TAG and isinstance(commit, str):
                yield key_of(item.subject), commit
