"""What a configuration file may say, by how far it is trusted; all else is refused, with why."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hardenme.config import elsewhere, waivers
from hardenme.config.kinds import Kind
from hardenme.config.settings import SETTINGS, Setting
from hardenme.config.trust import Trust
from hardenme.config.waivers import Proposal
from hardenme.ground import clock
from hardenme.model.text import visible
from hardenme.model.waiver import Waiver

MOST_REFUSALS = 80
LONGEST_KEY = 60
"""Characters of a key that are shown, and up to which a similar name is looked for."""
FOLDER_SETTINGS = tuple(name for name, item in SETTINGS.items() if item.least is Trust.FOLDER)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something in a file that does not count.

    Attributes:
        key: its name, safe to show; never its value.
        why: what is wrong, without the name.
        where: the places that may set it; empty if it is an error in any place.
        beyond: it is a setting, and takes more trust than the file has.
    """

    key: str
    why: str
    where: str = ""
    beyond: bool = False

    def __str__(self) -> str:
        return f"{self.key} {self.why}" + (f"; set it in: {self.where}" if self.where else "")


_NONE = Refusal("another", "is not a setting of hardenme")


@dataclass(frozen=True, slots=True)
class Admission:
    """What of a file counts.

    Attributes:
        values: the admitted settings; lists as tuples, each text unchanged.
        waivers: findings that are accepted; none of a file in a folder that is not trusted.
        proposals: findings that such a file wants accepted.
        refusals: what does not count; the first fifty, and then one with the number of the others.
    """

    values: Mapping[str, Any]
    waivers: tuple[Waiver, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    refusals: tuple[Refusal, ...] = ()


def admit(document: Mapping[str, Any], trust: Trust, today: date | None = None) -> Admission:
    """The settings of a file that its trust admits.

    A setting is identified by its exact name at the top of the file; a table, a dotted key or
    another spelling sets none. Values are literal: `${NAME}` is not expanded.

    Args:
        document: the file as `tomllib` reads it.
        trust: how far the file is trusted.
        today: in UTC; by this machine's clock if left out.
    """
    today = today or clock.today()
    values: dict[str, Any] = {}
    accepted: list[Waiver] = []
    refused: list[Refusal] = []
    for key, value in document.items():
        setting = SETTINGS.get(key)
        if setting is None:
            # A file may hold any number of them, and looking for a similar name takes its time.
            refused.append(_unknown(key) if len(refused) < MOST_REFUSALS else _NONE)
        elif not setting.is_for(trust):
            refused.append(_above(setting, trust))
        elif why := setting.wrong(value):
            refused.append(Refusal(key, why))
        elif setting.kind is Kind.WAIVERS:
            refused.extend(_wrong_waivers(value, today))
            right = (item for item in value if not any(waivers.wrong(item, today)))
            accepted.extend(waivers.waiver(item) for item in right)
        else:
            values[key] = tuple(value) if isinstance(value, list) else value
    proposed = trust <= Trust.FOLDER
    return Admission(
        values=values,
        waivers=() if proposed else tuple(accepted),
        proposals=tuple(map(Proposal, accepted)) if proposed else (),
        refusals=_bounded(refused),
    )


def _above(setting: Setting, trust: Trust) -> Refusal:
    if setting.guard is not None:
        why = f"is refused: {trust} never decides {setting.guard}"
    elif trust < Trust.USER:
        why = f"is refused: {trust} sets these alone: {', '.join(FOLDER_SETTINGS)}"
    else:
        why = "is refused: it is said for one run"
    return Refusal(setting.name, why, setting.where, beyond=True)


def _unknown(key: str) -> Refusal:
    shown = visible(key, longest=LONGEST_KEY) if key else '""'
    name = elsewhere.plain(key[:LONGEST_KEY])
    if name in SETTINGS:
        why = f"is not a setting; {name} is, spelled just so"
        return Refusal(shown, why, SETTINGS[name].where)
    guard = elsewhere.NAMES.get(name)
    if guard is not None:
        why = f"is not a setting of hardenme: it would decide {guard}"
        return Refusal(shown, why, elsewhere.INSTEAD[guard])
    similar = difflib.get_close_matches(name, SETTINGS, 1) if len(key) <= LONGEST_KEY else []
    if similar:
        return Refusal(shown, f"is not a setting; did you mean {similar[0]}?")
    return Refusal(shown, _NONE.why)


def _wrong_waivers(entries: list[dict[str, Any]], today: date) -> Iterator[Refusal]:
    for number, entry in enumerate(entries, start=1):
        for key, why in waivers.wrong(entry, today):
            yield Refusal(f"waivers[{number}].{visible(key, longest=LONGEST_KEY)}", why)


def _bounded(refused: list[Refusal]) -> tuple[Refusal, ...]:
    more = len(refused) - MOST_REFUSALS
    if more <= 0:
        return tuple(refused)
    return (*refused[:MOST_REFUSALS], Refusal(f"{more} more", "are refused, too"))
