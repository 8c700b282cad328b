"""Makes the texts of items fit for every report: no secrets, and nothing that hides in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from hardenme.model.finding import LONGEST
from hardenme.model.inventory import InventoryItem, State
from hardenme.model.plainness import all_plain
from hardenme.model.secret import redact
from hardenme.model.subject import Subject
from hardenme.model.text import LONGEST as LONGEST_NAME
from hardenme.model.text import visible

TOGETHER = 32
"""Items that are looked through at once."""


def clean(text: str) -> str:
    """A text as every report shows it: read back from a report, it is the same."""
    return visible(redact(text), longest=LONGEST)


def cleaned(subject: Subject) -> Subject:
    """A subject with such a name."""
    return Subject(subject.provider, subject.kind, clean(subject.name))


def fit(items: Sequence[InventoryItem]) -> Iterator[InventoryItem]:
    """The items with such texts.

    Nearly all are fit as they are, which is found out of many at once.
    """
    for start in range(0, len(items), TOGETHER):
        some = items[start : start + TOGETHER]
        yield from some if _all_fit(some) else map(_fitted, some)


def _all_fit(items: Sequence[InventoryItem]) -> bool:
    texts = [(one.subject.name, one.label, one.identity, tuple(one.state.items())) for one in items]
    return all_plain(texts, LONGEST_NAME)


def _fitted(item: InventoryItem) -> InventoryItem:
    return replace(
        item,
        subject=cleaned(item.subject),
        label=visible(redact(item.label)),
        identity=clean(item.identity),
        state={name: _value(value) for name, value in item.state.items()},
    )


def _value(value: State) -> State:
    if isinstance(value, str):
        return clean(value)
    return tuple(sorted(map(clean, value))) if isinstance(value, tuple) else value
