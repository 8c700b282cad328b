"""The fields of an item of the inventory in words: what each was, and what it is."""

from __future__ import annotations

from hardenme.model.drift import ItemChange
from hardenme.model.inventory import State

NAMED = {"two_factor": "2FA"}
"""What people call a field where its name alone does not say it."""
SWITCHES = frozenset({"two_factor"})
"""Fields that are on or off."""
LONGEST = 40
"""Characters of a value that is shown before and after."""


def value(one: ItemChange, name: str) -> str:
    """What a field was and is."""
    before, after = one.before, one.after
    if before is None or after is None:
        return name
    if name not in after.state:
        old, new = (before.label, after.label) if name == "name" else ("", str(one.place))
    else:
        was, now = before.state.get(name), after.state[name]
        if isinstance(was, tuple) and isinstance(now, tuple) and set(was) != set(now):
            return f"{words(name)}: {_difference(was, now)}"
        if name in SWITCHES:
            was, now = _switched(was), _switched(now)
        old, new = _shown(was), _shown(now)
    return f"{words(name)} is {new or 'empty'}, was {old or 'empty'}"


def words(field: str) -> str:
    """A field of an item's state, as people say it."""
    return NAMED.get(field, field.replace("_", " "))


def _switched(value: State) -> State:
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else value


def _difference(was: tuple[str, ...], now: tuple[str, ...]) -> str:
    """What came into a list of values, and what went: the list itself may be long."""
    came, went = sorted(set(now) - set(was)), sorted(set(was) - set(now))
    parts = (("with", came), ("without", went))
    told = (f"{word} {_shown(tuple(values))}" for word, values in parts if values)
    return ", ".join(told)


def _shown(value: State) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = ", ".join(value) if isinstance(value, tuple) else str("none" if value is None else value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
