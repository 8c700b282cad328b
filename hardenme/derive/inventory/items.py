"""Makes items from the known fields of facts. Their texts are unchanged from the provider."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from hardenme.model.fact import Fact
from hardenme.model.inventory import InventoryItem, State
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

EXACT = 2**53
NOTHING: Mapping[str, Any] = {}


UNTOLD = Unknown(Reason.INCOMPLETE, "a list of the same length")


class At(Enum):
    """The place of a fact's items."""

    ASKED = "asked"
    """In the account, organization, repository or package that was asked about."""
    OWNER = "owner"
    """With who owns the repository; with the repository where its owner was not asked about."""
    SUBJECT = "subject"
    """With what the fact is about."""


@dataclass(frozen=True, slots=True)
class ItemSource:
    """How one type of fact describes one kind of item.

    Attributes:
        read: the items of a fact.
        lists: a complete answer names every item of that kind. Otherwise it names some, or adds to
            those that another fact lists.
        needs: the fields without which it does not name every one.
        at: the place of the items.
        names_all: whether a fact whose needed fields are known names every one.
        cut: why the list is incomplete where it does not; None if the rest only grew old, and such
            a list is not compared as one.
    """

    kind: str
    read: Callable[[Any], Iterable[InventoryItem]]
    lists: bool = True
    needs: tuple[str, ...] = ()
    at: At = At.ASKED
    names_all: Callable[[Any], bool] = lambda _fact: True
    cut: Unknown | None = None


def known(fact: Any, name: str) -> Any:
    """A field's value, or the `Unknown` in its place."""
    return object.__getattribute__(fact, name)


def values(fact: Any, *names: str) -> dict[str, Any]:
    """Several fields by their own names."""
    return {name: known(fact, name) for name in names}


def _plain(value: Any) -> State:
    if isinstance(value, datetime):
        moment = value.astimezone(UTC).replace(tzinfo=None)
        return f"{moment.isoformat(timespec='seconds')}Z"
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        # Beyond that, readers of JSON do not agree on a number.
        return value if abs(value) <= EXACT else str(value)
    # In which order an answer names things says nothing.
    return tuple(sorted(map(str, value)))


def item(
    kind: str,
    subject: Subject,
    label: Any,
    identity: Any = None,
    state: Mapping[str, Any] = NOTHING,
) -> InventoryItem:
    """An item.

    Args:
        subject: its id.
        label: its own name; empty if it is not known.
        identity: the provider's number or name for it. Its name is used if there is none, or it is
            not known.
        state: what can change about it. What is not known is left out.
    """
    told = not (identity is None or identity == "" or isinstance(identity, Unknown))
    return InventoryItem(
        kind=kind,
        subject=subject,
        label=label if isinstance(label, str) else "",
        identity=str(identity) if told else subject.name,
        state={
            field: _plain(value) for field, value in state.items() if not isinstance(value, Unknown)
        },
    )


def thing(
    kind: str,
    *fields: str,
    identity: str = "",
    lists: bool = True,
    at: At = At.ASKED,
    **renamed: str,
) -> ItemSource:
    """A source of one item a fact: what the fact is about.

    Args:
        fields: the fields that are its state, by their own names.
        identity: the field with the provider's number or name for it.
        lists: as in `ItemSource`.
        at: as in `ItemSource`.
        renamed: fields that are in the state by another name.
    """
    names = {**{name: name for name in fields}, **renamed}

    def read(fact: Fact) -> Iterator[InventoryItem]:
        number = known(fact, identity) if identity else None
        state = {name: known(fact, field) for name, field in names.items()}
        yield item(kind, fact.subject, fact.label, number, state)

    return ItemSource(kind, read, lists, at=at)


def named(kind: str, of: str, field: str) -> ItemSource:
    """A source of one item for each name in a field.

    Args:
        of: the provider and the kind of their ids, like `npm:member`.
        field: the field with the names.
    """

    def read(fact: Fact) -> Iterator[InventoryItem]:
        for name in some(known(fact, field)):
            yield item(kind, inside(fact, of, name), name, name)

    return ItemSource(kind, read, needs=(field,))


def some(value: Any) -> Any:
    """Several values; none of them where they are not known."""
    return () if isinstance(value, Unknown) else value


def pairs(names: Any, others: Any) -> Iterator[tuple[Any, Any]]:
    """Each of several names with its counterpart in another list, as far as that is known.

    Args:
        names: the names; none if they are not known.
        others: a list of the same length, or an unknown.
    """
    found = some(names)
    told = not isinstance(others, Unknown) and len(others) == len(found)
    return zip(found, others if told else [UNTOLD] * len(found), strict=True)


def inside(fact: Fact, of: str, name: str) -> Subject:
    """The id of something within the subject of a fact."""
    provider, _, kind = of.partition(":")
    return Subject(provider, kind, f"{fact.subject.name}/{name}")
