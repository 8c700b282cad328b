"""How much a sign of an attack says: how often ordinary releases show it.

Counted over the honest releases of the histories that `tests/worlds/incidents` plays again:
made-up releases of six projects, each made the way that project made them. Signs that were not
looked for in all of them are not counted.
"""

from __future__ import annotations

from collections.abc import Collection

ORDINARY = 3521
"""Releases before the attacks."""
SHOWN = {
    "REL101": 0,
    "REL102": 13,
    "REL103": 0,
    "REL104": 0,
    "REL107": 12,
    "REL108": 0,
    "REL109": 0,
    "REL110": 0,
    "REL111": 0,
}
"""How many of them show each sign."""


def confidence(codes: Collection[str]) -> str:
    """What ordinary releases show of these signs, in one sentence; empty if none is counted."""
    counted = {code: SHOWN[code] for code in sorted(codes) if code in SHOWN}
    if not counted:
        return ""
    never = [code for code, number in counted.items() if not number]
    told = [f"none shows {_listed(never)}"] if never else []
    told += [f"{number} show {code}" for code, number in counted.items() if number]
    return f"Of {ORDINARY:,} ordinary releases in replayed histories, {', '.join(told)}."


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
