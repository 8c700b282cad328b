"""One list in a safe order for when someone leaves, hands over, or has their account stolen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from hardenme.model.completeness import Completeness
from hardenme.model.fact import Attestation


class Mode(StrEnum):
    """Why someone's access ends."""

    LEAVES = "leaves"
    STOLEN = "stolen"
    HANDS_OVER = "hands over"


class Stage(StrEnum):
    """When a task is done; the order is that of a person who leaves."""

    FIRST = "First: someone else needs the rights"
    ASK = "Ask before they go: no API shows it"
    MOVE = "Move to someone else"
    REMOVE = "Take away"
    ROTATE = "Rotate: they could read it"


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do.

    Attributes:
        stage: when.
        text: what, as a sentence that starts with a verb.
        commands: that do it; none if a page does, or a person.
        page: where it is done; empty if there is none.
        breaks: what stops working; empty if nothing does.
        needs: who can do it; empty where anyone can who reads this.
        topic: the word of a question that no API answers; empty for other tasks.
        question: what has to be true in the end.
        attested: who answered it with yes, as long as that counts; None if no one did.
        stale: why the answer on record does not count; empty if there is none.
        record: the command that records a yes.
    """

    stage: Stage
    text: str
    commands: tuple[str, ...] = ()
    page: str = ""
    breaks: str = ""
    needs: str = ""
    topic: str = ""
    question: str = ""
    attested: Attestation | None = None
    stale: str = ""
    record: str = ""


@dataclass(frozen=True, slots=True)
class Handover:
    """All of it.

    Attributes:
        login: whose access ends, on GitHub.
        npm: the same person's npm account; empty if nothing links one.
        mode: why.
        successor: who takes over; empty for no one.
        tasks: in the order in which they are safe to take.
        extent: what may be missing from them.
        found: the person was seen somewhere.
        looked: something was read at all.
    """

    login: str
    npm: str
    mode: Mode
    successor: str
    tasks: Sequence[Task]
    extent: Completeness
    found: bool
    looked: bool

    @property
    def unseen(self) -> tuple[str, ...]:
        """What was not looked at, each with what it takes."""
        return self.extent.gaps
