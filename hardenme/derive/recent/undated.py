"""What no answer dates: how it differs from a stored run, or that a person has to look at it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from hardenme.derive.recent.found import place_kind
from hardenme.derive.recent.sources import BY_PLACE, Source
from hardenme.derive.recent.wording import Hosts, page_of
from hardenme.derive.release_names import VERSION
from hardenme.model.access import OWNERS, ROLE, weight_of
from hardenme.model.drift import ItemChange, Turn
from hardenme.model.inventory import InventoryItem, Place
from hardenme.model.recent import Undated

TURNS = frozenset({Turn.APPEARED, Turn.CHANGED, Turn.VANISHED})
OF_ITSELF = frozenset(
    {"dist-tag", "release tag", "newest release", "workflow", "version", "push", "workflow run"}
)
"""What changes with every release and every push: a stored run that lacks it tells nothing."""

MOVED = "what is released under that name is another commit"


def changed(changes: Iterable[ItemChange], hosts: Hosts) -> list[Undated]:
    """How what no answer dates differs from the stored run, the weightiest first."""
    found = [_changed(change, hosts) for change in changes if _counts(change)]
    return sorted(found, key=lambda one: (-one.weight, one.kind, one.place))


def _counts(change: ItemChange) -> bool:
    source = BY_PLACE.get((place_kind(change.place), change.kind))
    if _moved(change):
        return True
    if change.turn not in TURNS or change.kind in OF_ITSELF:
        return False
    if source is None:
        # Settings of the account or the organization as a whole.
        return change.turn is Turn.CHANGED
    # A thing that an answer dates is told with its date, but for that it is gone, and for what
    # changed of a repository.
    gone = change.turn is Turn.VANISHED
    return not source.dated or gone or (change.kind == "repository" and not change.whole)


def _changed(change: ItemChange, hosts: Hosts) -> Undated:
    item = change.after or change.before
    source = BY_PLACE.get((place_kind(change.place), change.kind))
    name = "" if item is None else item.label or item.identity
    fields = ", ".join(_field(item, field) for field in change.fields if item is not None)
    text = f"{name}: {fields}" if fields and change.turn is Turn.CHANGED else name
    page = "" if source is None else page_of(source.page, change.place, hosts)
    return Undated(
        change.kind,
        change.place,
        (text,),
        change.severity,
        change.turn.value,
        page,
        (MOVED,) if _moved(change) else (),
    )


def _moved(change: ItemChange) -> bool:
    """Whether the tag of a version leads elsewhere; one like `v4` is moved with each release."""
    item = change.after
    named = item is not None and change.kind == "release tag" and VERSION.fullmatch(item.label)
    return bool(named) and change.turn is Turn.CHANGED and "commit" in change.fields


def _field(item: InventoryItem | None, field: str) -> str:
    value = None if item is None else item.state.get(field)
    shown = " ".join(value) if isinstance(value, tuple) else value
    return f"{field.replace('_', ' ')} is {shown}" if shown is not None else field


def listed(places: Sequence[Place], before: Sequence[Place], hosts: Hosts) -> list[Undated]:
    """What is there of it, the weightiest first, but for what is held against the stored run."""
    known = {
        (place.subject, kind)
        for place in before
        for kind, why in place.lists.items()
        if why is None
    }
    found = [
        one
        for place in places
        for source in BY_PLACE.values()
        if not source.dated and place_kind(place.subject) in source.places
        if not (
            (place.subject, source.kind) in known and place.lists.get(source.kind, place) is None
        )
        for one in _listed(place, source, hosts)
    ]
    return sorted(found, key=lambda one: (-one.weight, one.kind, one.place))


def _listed(place: Place, source: Source, hosts: Hosts) -> Iterator[Undated]:
    items = [item for item in place.items if item.kind == source.kind]
    ranked = source.kind == "member"
    owners = [item for item in items if ranked and item.state.get(ROLE) in OWNERS]
    others = [item for item in items if item not in owners]
    page = page_of(source.page, place.subject, hosts)
    for kind, some in (("owner", owners), (source.kind, others)):
        if some:
            names = tuple(_name(item) for item in some)
            weight = max(weight_of("appeared", kind, item, ()) for item in some)
            yield Undated(kind, place.subject, names, weight, page=page)


def _name(item: InventoryItem) -> str:
    name = item.label or item.identity
    if item.kind == "trusted publisher":
        told = [item.state.get(part) for part in ("repository", "workflow")]
        return " ".join(part for part in told if isinstance(part, str) and part) or name
    if item.kind == "dist-tag":
        return f"{name} is {item.state.get('version', 'not known')}"
    return name
