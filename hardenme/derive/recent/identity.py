"""What a change is found again by: a digest of everything that was read of it."""

from __future__ import annotations

import hashlib
import json

from hardenme.derive.recent import wording
from hardenme.derive.recent.found import Found
from hardenme.model.drift import ItemChange
from hardenme.model.inventory import InventoryItem

DIGITS, WORD = 32, 8
"""Hex digits of a digest, and of each of its words: so that none looks like a token."""


def event_identity(one: Found, why: tuple[str, ...]) -> str:
    """The digest of something that has a time.

    Args:
        one: what appeared or changed.
        why: why a person has to confirm it, which follows from what is around it.
    """
    people = (one.added_people, one.removed_people)
    return _digest(
        *(str(one.place), one.at.isoformat(), one.appeared, one.by, wording.text(one)),
        *(wording.allows(one), why, people, _item(one.item)),
    )


def change_identity(change: ItemChange, why: tuple[str, ...]) -> str:
    """The digest of a change that has no time: what was there before, and what is now."""
    return _digest(
        *(str(change.place), change.turn.value, change.kind, change.fields, why),
        *(_item(change.before), _item(change.after)),
    )


def _item(item: InventoryItem | None) -> object:
    if item is None:
        return None
    return [item.kind, str(item.subject), item.label, item.identity, dict(item.state)]


def _digest(*parts: object) -> str:
    text = json.dumps(parts, ensure_ascii=True, sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return "-".join(digest[start : start + WORD] for start in range(0, DIGITS, WORD))
