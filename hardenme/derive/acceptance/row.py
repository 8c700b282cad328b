"""A row of the table of causes: what must hold so that a release is accepted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hardenme.derive.acceptance.attempt import Attempt, RowResult, Unsettled
from hardenme.model.unknown import NotKnownError
from hardenme.model.way import Way

WORKFLOW = frozenset({Way.PUBLISHER, Way.SECRET})
PUBLISHER = frozenset({Way.PUBLISHER})
SECRET = frozenset({Way.SECRET})
PERSON = frozenset({Way.PERSON})
EVERY = WORKFLOW | PERSON
ABSENT = "A package that npm does not show is not a target of a run."
"""Why no row about a package that is not there is met."""


def _always(_attempt: Attempt) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class CauseRow:
    """One cause.

    Attributes:
        number: stable, like `E5`.
        asks: what must hold, in one sentence.
        ways: the ways to release that it is about.
        judge: its verdict on an attempt; None where it does not decide.
        covered: the rows that decide in its place.
        unseen: what was not looked at; an accepted way names it, where it may matter.
        matters: whether it may matter to an attempt.
        outside: why no way that a run shows can meet it, in one sentence.
    """

    number: str
    asks: str
    ways: frozenset[Way] = EVERY
    judge: Callable[[Attempt], RowResult] | None = None
    covered: tuple[str, ...] = ()
    unseen: str = ""
    matters: Callable[[Attempt], bool] = _always
    outside: str = ""

    def said(self, attempt: Attempt) -> RowResult:
        """What it says; what it could not read is a question."""
        if self.judge is None or attempt.way not in self.ways:
            return None
        try:
            return self.judge(attempt)
        except NotKnownError as error:
            return Unsettled(error.unknown.needed, error.unknown.reason)

    def unlooked(self, attempt: Attempt) -> str:
        """What was not looked at and may refuse the attempt; empty for nothing."""
        if not self.unseen or attempt.way not in self.ways:
            return ""
        try:
            return self.unseen if self.matters(attempt) else ""
        except NotKnownError:
            return self.unseen
