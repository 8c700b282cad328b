"""What no answer dates: how it differs from a stored run, or that a person has to look at it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from hardenme.derive.inventory.repository import CHANGED
from hardenme.derive.recent.found import place_kind, time_of
from hardenme.derive.recent.grades import loosened, signs, to_confirm
from hardenme.derive.recent.identity import change_identity
from hardenme.derive.recent.sources import BY_PLACE, Source
from hardenme.derive.recent.urgency import still_of_change
from hardenme.derive.recent.wording import Hosts, page_of
from hardenme.model.access import OWNERS, ROLE, WHEN, weight_of
from hardenme.model.drift import ItemChange, Turn
from hardenme.model.inventory import ACCESS, CODE_OWNERS, DELIVERY, InventoryItem, Place
from hardenme.model.recent import Undated

TURNS = frozenset({Turn.APPEARED, Turn.CHANGED, Turn.VANISHED})
OF_ITSELF = frozenset({DELIVERY, "newest release", "workflow", "push", "workflow run"})
"""What changes with every release and every push, and is dated by what changes it."""
FILE = "workflow"
UNLISTED = frozenset({ACCESS, CODE_OWNERS, "release tag", "package"})
"""Kinds that are compared and never listed: there are many, and none says more than its name."""
BLOB = "blob"
"""The field of a workflow file that has git's digest of it."""
EXPIRY = "expires_at"
OLDER = "it is older than the earlier run, which did not have it"
VERSION = "version"
HELD = (ACCESS, CODE_OWNERS, VERSION)
"""Kinds that no drift compares, and of which a change shows what an attacker did."""


def changed(
    changes: Iterable[ItemChange],
    hosts: Hosts,
    places: Sequence[Place] = (),
    before: Sequence[Place] = (),
    then: datetime | None = None,
) -> list[Undated]:
    """How what no answer dates differs from the stored run, the most important first.

    Args:
        changes: of the inventories, as drift has them.
        hosts: whom pages name.
        places: what this run saw.
        before: what the stored run saw.
        then: when that was.
    """
    told = [(one, _older(one, then)) for one in map(_without_nearer_end, changes)]
    dated = {one.subject for one in places if one.lists.get(CHANGED, one) is None}
    told = [
        (one, older)
        for one, older in told
        if older or _counts(one) or (one.kind == FILE and one.place not in dated and _turned(one))
    ]
    told += [(one, False) for one in _held(places, before)]
    found = [_changed(change, hosts, older=older) for change, older in told]
    return sorted(found, key=lambda one: (not one.marks, -one.weight, one.kind, one.place))


def _without_nearer_end(change: ItemChange) -> ItemChange:
    """The change without an expiry that only comes nearer: it gives no one more than before."""
    before, after = change.before, change.after
    if change.turn is not Turn.CHANGED or before is None or after is None:
        return change
    once, now = time_of(before.state, EXPIRY), time_of(after.state, EXPIRY)
    if EXPIRY not in change.fields or now is None or (once is not None and now > once):
        return change
    fields = tuple(name for name in change.fields if name != EXPIRY)
    return replace(change, fields=fields, turn=Turn.CHANGED if fields else Turn.SEEN)


def _turned(change: ItemChange) -> bool:
    """Whether a workflow file came, went or has another content."""
    if change.turn not in TURNS or change.whole:
        # A list that is no longer shown says nothing of its files.
        return False
    return change.turn is not Turn.CHANGED or BLOB in change.fields


def _counts(change: ItemChange) -> bool:
    source = BY_PLACE.get((place_kind(change.place), change.kind))
    if change.turn not in TURNS or change.kind in OF_ITSELF or change.whole:
        return False
    if source is None:
        # Settings of the account, the organization or the repository as a whole.
        return change.turn is Turn.CHANGED
    if change.kind == "release tag" and change.turn is Turn.APPEARED:
        return False
    # An item with a date is shown with its date. It is listed here only if it is gone, or if it
    # changed while its time stayed, as where GitHub has no time for that field.
    gone = change.turn is Turn.VANISHED
    untimed = change.turn is Turn.CHANGED and source.changed not in change.fields
    return not source.dated or gone or untimed or bool(loosened(change) or signs(change))


def _older(change: ItemChange, then: datetime | None) -> bool:
    """Whether something is new to a place, and not new: it was made before the stored run.

    A repository that was transferred or made visible again is such an item: its own date does not
    show it.
    """
    source = BY_PLACE.get((place_kind(change.place), change.kind))
    if source is None or not source.dated or change.after is None or then is None:
        return False
    if change.turn is not Turn.APPEARED or change.kind in OF_ITSELF or change.whole:
        return False
    made = time_of(change.after.state, source.made)
    return made is None or made < then


def _held(places: Sequence[Place], before: Sequence[Place]) -> Iterator[ItemChange]:
    """How what no drift compares differs, where both runs saw it."""
    then = {place.subject: place for place in before}
    for place in places:
        old = then.get(place.subject)
        if old is not None:
            for kind in HELD:
                yield from _held_kind(place, old, kind)


def _held_kind(place: Place, old: Place, kind: str) -> Iterator[ItemChange]:
    now = {one.identity: one for one in place.items if one.kind == kind}
    once = {one.identity: one for one in old.items if one.kind == kind}
    whole = place.lists.get(kind, place) is None
    if kind != VERSION and old.lists.get(kind, old) is None:
        # A version has its date.
        for identity in now.keys() - once.keys():
            yield ItemChange(Turn.APPEARED, kind, place.subject, None, now[identity])
    for identity, item in once.items():
        if identity not in now:
            if whole:
                yield ItemChange(Turn.VANISHED, kind, place.subject, item, None)
            continue
        new = now[identity]
        fields = tuple(
            name
            for name, value in item.state.items()
            if name in new.state and new.state[name] != value
        )
        if fields:
            yield ItemChange(Turn.CHANGED, kind, place.subject, item, new, fields)


def _changed(change: ItemChange, hosts: Hosts, *, older: bool) -> Undated:
    item = change.after or change.before
    source = BY_PLACE.get((place_kind(change.place), change.kind))
    name = "" if item is None else item.label or item.identity
    told = () if item is None else tuple(one for one in change.fields if one != WHEN)
    fields = ", ".join(_field(change, field) for field in told)
    text = f"{name}: {fields}" if fields and change.turn is Turn.CHANGED else name
    where = "repo-workflows" if change.kind == FILE else source.page if source else ""
    page = page_of(where, change.place, hosts, label=name)
    marks = signs(change)
    confirm = () if marks else (*to_confirm(change), *[OLDER] * older)
    return Undated(
        change.kind,
        change.place,
        (text,),
        change.severity,
        change.turn.value,
        page,
        marks,
        confirm,
        change_identity(change, confirm),
        still=still_of_change(change, hosts.web),
        subject=None if item is None else item.subject,
    )


def _field(change: ItemChange, field: str) -> str:
    if field == BLOB:
        return "another content"
    item = change.after
    value = None if item is None else item.state.get(field)
    once = None if change.before is None else change.before.state.get(field)
    name = field.replace("_", " ")
    if isinstance(value, tuple) and isinstance(once, tuple):
        added = [f"+{one}" for one in value if one not in once]
        return f"{name} {' '.join([*added, *(f'-{one}' for one in once if one not in value)])}"
    if isinstance(value, bool):
        return f"{name} is {'on' if value else 'off'}"
    shown = " ".join(value) if isinstance(value, tuple) else value
    return f"{name} is {shown}" if shown is not None else name


def listed(places: Sequence[Place], before: Sequence[Place], hosts: Hosts) -> list[Undated]:
    """The current items, the most important first, without those compared with the stored run."""
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
        if not source.dated and source.kind not in UNLISTED
        if place_kind(place.subject) in source.places
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
    role = item.state.get(ROLE)
    if item.kind == "member" and item.subject.provider == "npm" and role == "admin":
        # An admin of npm may do what an owner may, but is not the one to call.
        return f"{name} ({role})"
    return name
