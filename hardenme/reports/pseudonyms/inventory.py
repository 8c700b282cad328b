"""What a run saw, with pseudonyms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hardenme.model.inventory import CODE_OWNERS, InventoryItem, Place, State
from hardenme.model.last_known import LastKnown
from hardenme.model.unknown import Unknown
from hardenme.reports.pseudonyms.findings import finding, learn_finding, learn_subject, subject
from hardenme.reports.pseudonyms.shared import Pseudonymous
from hardenme.reports.pseudonyms.words import Pseudonyms


def learn_places(places: Iterable[Place], names: Pseudonyms) -> None:
    """The names in them."""
    for place in places:
        learn_subject(place.subject, names)
        for item in place.items:
            learn_subject(item.subject, names)
            # A file of code owners is in one of the places that GitHub reads.
            if item.kind != CODE_OWNERS:
                names.learn(item.label)


def learn_carried(carried: LastKnown, names: Pseudonyms) -> None:
    """The names in what is carried."""
    for one in carried.findings:
        learn_finding(one, names)
    learn_places(carried.places, names)


def place(one: Place, names: Pseudonyms) -> Place:
    """A place with pseudonyms."""
    return Place(
        subject=subject(one.subject, names),
        lists={kind: _missing(why, names) for kind, why in one.lists.items()},
        items=tuple(_item(item, names) for item in one.items),
    )


def carried(all_of_it: LastKnown, names: Pseudonyms) -> LastKnown:
    """What is carried, with pseudonyms."""
    return LastKnown(
        Pseudonymous(all_of_it.findings, lambda one: finding(one, names)),
        Pseudonymous(all_of_it.places, lambda one: place(one, names)),
    )


def _item(item: InventoryItem, names: Pseudonyms) -> InventoryItem:
    # A provider's id reveals whose something is, as a name does.
    ours = item.identity == item.kind
    return replace(
        item,
        subject=subject(item.subject, names),
        label=names.label(item.label),
        identity=item.identity if ours else names.name(item.identity),
        state={name: _value(value, names) for name, value in item.state.items()},
    )


def _value(value: State, names: Pseudonyms) -> State:
    if isinstance(value, str):
        return names.text(value)
    if isinstance(value, tuple):
        return tuple(map(names.text, value))
    return value


def _missing(why: Unknown | None, names: Pseudonyms) -> Unknown | None:
    return None if why is None else Unknown(why.reason, names.text(why.needed))
