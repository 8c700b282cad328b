"""The scenarios: data next to this module, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

NAMES = (
    "axios-approach",
    "fake-2fa-mail",
    "recruiter-repository",
    "hurried-co-maintainer",
    "moved-tag",
    "leaked-token",
    "lost-laptop",
    "takeover-offer",
)
INCIDENT = "incident"


@dataclass(frozen=True, slots=True)
class DrillChoice:
    """What a person can do.

    Attributes:
        text: in their words.
        why: its consequence.
        good: whether it is what to do.
    """

    text: str
    why: str
    good: bool = False


@dataclass(frozen=True, slots=True)
class DrillScene:
    """A moment at which a person decides.

    Attributes:
        text: what happens.
        source: where the case is described.
        choices: one of them is good.
    """

    text: str
    source: str
    choices: tuple[DrillChoice, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A few scenes of one case.

    Attributes:
        name: as the command takes it.
        title: in a few words.
        case: whose it was, and when.
        scenes: in their order.
    """

    name: str
    title: str
    case: str
    scenes: tuple[DrillScene, ...]


@dataclass(frozen=True, slots=True)
class Inject:
    """Something that happens at a minute of the tabletop, and what is asked about it.

    Attributes:
        minute: of the attack.
        seconds: for the answer.
        text: what happens.
        why: why the expected answer is right.
        choices: what can be done, where no command is asked for.
        command: the pattern of a good command; empty if only a page does it.
        page: the beginning of an address that is as good; empty for none.
        expected: the command or page, with the names of the last run in braces.
        names: the kind of thing in the inventory that the command has to name; empty for none.
        key: the name of the time of a good answer in the summary; empty if it is not recorded.
    """

    minute: int
    seconds: int
    text: str
    ask: str
    why: str = ""
    choices: tuple[DrillChoice, ...] = ()
    command: str = ""
    page: str = ""
    expected: str = ""
    names: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Tabletop:
    """All injects of an attack.

    Attributes:
        title: in a few words.
        case: whose it was, and when.
        source: where it is described.
        injects: in their order.
    """

    title: str
    case: str
    source: str
    injects: tuple[Inject, ...]


@cache
def scenario(name: str) -> Scenario:
    """The scenario of that name, which is one of `NAMES`."""
    raw = _raw(name)
    scenes = (DrillScene(one["text"], one["source"], _choices(one)) for one in raw["scene"])
    return Scenario(name, raw["title"], raw["case"], tuple(scenes))


@cache
def tabletop() -> Tabletop:
    """The tabletop."""
    raw = _raw(INCIDENT)
    injects = (
        Inject(**{key: one[key] for key in one if key != "choice"}, choices=_choices(one))
        for one in raw["inject"]
    )
    return Tabletop(raw["title"], raw["case"], raw["source"], tuple(injects))


def _choices(raw: Mapping[str, Any]) -> tuple[DrillChoice, ...]:
    return tuple(
        DrillChoice(one["text"], one["why"], bool(one.get("good"))) for one in raw.get("choice", ())
    )


def _raw(name: str) -> dict[str, Any]:
    file = resources.files(__package__).joinpath("cases", f"{name}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
