"""What to do on the day of an attack, made on a quiet one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto

from hardenme.model.inventory import InventoryItem, State
from hardenme.model.subject import Subject

THING, LIST, STEP, GIVEN, UNLISTED = "thing", "list", "step", "given", "unlisted"
"""Prefixes of the keys of rows: something that a list shows, a list, a step, a token that was
given, something that no list shows."""


def row_key(kind: str, text: str) -> str:
    """By what a row is found again. No part of it looks like a token, whatever the text holds."""
    return f"{kind}-{hashlib.sha256(text.encode(errors='surrogatepass')).hexdigest()[:20]}"


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
class ListedKind:
    """A kind of thing that is ended, or put right, on the day of an attack.

    Attributes:
        kind: as the inventory has it.
        plural: how a list of it is called.
        place: in what it is, as `provider:kind`.
        page: the page where it is ended, by its name; empty for none.
        who: who can end it, and who can read the list.
        ends: it is ended by a command where there is one.
        together: the names of one place make one line.
        state: for what no answer lists, the field of the state that says whether there is any.
        remains: what may still be where it is in the list no longer; empty if it is surely over.
    """

    kind: str
    plural: str
    place: str
    page: str
    who: str
    ends: bool = True
    together: bool = False
    state: str = ""
    remains: str = ""


class ShownBy(Enum):
    """What shows that a step was taken, where no one has to say so."""

    INCIDENT = auto()
    """That there is one."""
    NOTE = auto()
    RUN = auto()
    """A later one, of the same accounts."""


@dataclass(frozen=True, slots=True)
class RunbookThing:
    """What a step ends or puts right, by which a later run finds it again.

    Attributes:
        kind: what it is.
        place: in what.
        item: as a run saw it.
        text: what it is called, with its place; names in it are untrusted.
        wants: the state that it is to have; empty if it is to be gone.
    """

    kind: ListedKind
    place: Subject
    item: InventoryItem
    text: str
    wants: Mapping[str, State] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What identifies it in every run."""
        return row_key(THING, f"{self.kind.kind} {self.item.identity} of {self.place}")


@dataclass(frozen=True, slots=True)
class EndedList:
    """A list of what a step ends, in every place that a run knows of.

    Attributes:
        kind: of what.
        unread: where it was not read to its end. With no place at all it is not known which there
            are.
        read: where it was.
    """

    kind: ListedKind
    unread: tuple[Subject, ...] = ()
    read: tuple[Subject, ...] = ()

    @property
    def places(self) -> tuple[Subject, ...]:
        """All of them."""
        return (*self.unread, *self.read)

    @property
    def key(self) -> str:
        """What identifies it in every run."""
        return row_key(LIST, f"{self.kind.plural} of {self.kind.place}")


@dataclass(frozen=True, slots=True)
class RunbookItem:
    """One thing that a step is about.

    Attributes:
        text: what it is and where; names in it are untrusted.
        commands: those that do the step to it.
        page: where it is done by hand; empty if the step's own page does.
        things: what in it a later run can find again.
    """

    text: str
    commands: tuple[str, ...] = ()
    page: str = ""
    things: tuple[RunbookThing, ...] = ()


@dataclass(frozen=True, slots=True)
class RunbookStep:
    """One thing to do.

    Attributes:
        chapter: when.
        text: what, as a sentence that starts with a verb.
        who: who can do it; empty for anyone who reads it.
        notes: what to know for it, in sentences.
        items: what it is done to.
        commands: that do it where it is about no single thing.
        page: where it is done; empty if there is none.
        acts: it is done whatever was seen; elsewhere to its items alone.
        unlisted: the credentials that it ends and that no one lists.
        lists: those of what it ends, as far as it is known that there are any.
        shown_by: what shows that it was taken; None if nothing does.
        tokens: the provider whose tokens it ends; empty for other steps.
    """

    chapter: Chapter
    text: str
    who: str = ""
    notes: tuple[str, ...] = ()
    items: tuple[RunbookItem, ...] = ()
    commands: tuple[str, ...] = ()
    page: str = ""
    acts: bool = True
    unlisted: tuple[str, ...] = ()
    lists: tuple[EndedList, ...] = ()
    shown_by: ShownBy | None = None
    tokens: str = ""


@dataclass(frozen=True, slots=True)
class Runbook:
    """All of it.

    Attributes:
        steps: in the order in which to take them.
        missing: the lists that were not read, or not to their end: what it takes and who can do it.
    """

    steps: tuple[RunbookStep, ...]
    missing: tuple[str, ...]
