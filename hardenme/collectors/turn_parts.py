"""Which parts of one question a turn of a watch has read, where each takes requests of its own."""

from __future__ import annotations

from collections.abc import Collection

from hardenme.model.fact import Fact
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown
from hardenme.model.watch import LATER, TurnQuestion


class TurnParts:
    """The environments of a repository, for example: a turn that is cut continues with the next.

    Args:
        before: what earlier cycles of the turn read; nothing in any other run.
    """

    def __init__(self, before: Collection[TurnQuestion] = ()) -> None:
        self._before = frozenset(before)
        self._read: set[TurnQuestion] = set()

    @property
    def read(self) -> frozenset[TurnQuestion]:
        """What this cycle read."""
        return frozenset(self._read)

    def read_before(self, kind: type[Fact], subject: Subject) -> bool:
        """Whether an earlier cycle of the same turn read a part."""
        return TurnQuestion(kind.__qualname__, subject) in self._before

    def note(self, kind: type[Fact], subject: Subject, answer: object) -> None:
        """Take that a part was asked; if its answer is that it waits, a later cycle asks it."""
        if not (isinstance(answer, Unknown) and answer.needed == LATER.needed):
            self._read.add(TurnQuestion(kind.__qualname__, subject))
