"""What to do on the day of an attack, made on a quiet one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Chapter(StrEnum):
    """The parts of a runbook, in the order in which they are taken."""

    FIRST = "First five minutes"
    NPM = "Contain npm"
    GITHUB = "Contain GitHub"
    BACK = "Roll back"
    SUPPORT = "Ask for support in two ways"
    ADVISORIES = "Publish advisories"
    INFORM = "Inform people"


@dataclass(frozen=True, slots=True)
class RunbookItem:
    """One thing that a step is about.

    Attributes:
        text: what it is and where; names in it are untrusted.
        commands: those that do the step to it.
        page: where it is done by hand; empty where the step's own page does.
    """

    text: str
    commands: tuple[str, ...] = ()
    page: str = ""


@dataclass(frozen=True, slots=True)
class RunbookStep:
    """One thing to do.

    Attributes:
        chapter: when.
        text: what, as a sentence that starts with a verb.
        who: who can do it; empty for whoever reads it.
        notes: what to know for it, in sentences.
        items: what it is done to.
        commands: that do it where it is about no single thing.
        page: where it is done; empty where there is none.
        acts: it is done whatever was seen; elsewhere to its items alone.
    """

    chapter: Chapter
    text: str
    who: str = ""
    notes: tuple[str, ...] = ()
    items: tuple[RunbookItem, ...] = ()
    commands: tuple[str, ...] = ()
    page: str = ""
    acts: bool = True


@dataclass(frozen=True, slots=True)
class Runbook:
    """All of it.

    Attributes:
        steps: in the order in which to take them.
        missing: the lists that were not read, or not to their end: what it takes and who can do it.
    """

    steps: tuple[RunbookStep, ...]
    missing: tuple[str, ...]
