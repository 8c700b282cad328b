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


@dataclass(frozen=True, slots=True)
class CauseRow:
    """One cause.

    Attributes:
        number: stable, like `E5`.
        asks: what must hold, in one sentence.
        ways: the ways to release that it is about.
        judge: its verdict on an attempt; None where it never decides.
        undecided: why it never decides, in one sentence.
    """

    number: str
    asks: str
    ways: frozenset[Way] = EVERY
    judge: Callable[[Attempt], RowResult] | None = None
    undecided: str = ""

    def said(self, attempt: Attempt) -> RowResult:
        """What it says; what it could not read is a question."""
        if self.judge is None or attempt.way not in self.ways:
            return None
        try:
            return self.judge(attempt)
        except NotKnownError as error:
            return Unsettled(error.unknown.needed)
