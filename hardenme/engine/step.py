"""One question of a run, and a repository that questions are asked about."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.protocol import Collector
from hardenme.facts.github.repository import Repository
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown


@dataclass(frozen=True, slots=True)
class CollectStep:
    """One question.

    Attributes:
        collector: who asks.
        home: the repository that it belongs to; None above the repositories.
        waits: it is asked after all that each cycle of a watch asks.
    """

    collector: Collector
    subject: Subject
    home: Subject | None = None
    waits: bool = False

    @property
    def lists(self) -> bool:
        """Whether it lists repositories, which come before it ends."""
        return self.home is None and self.collector.discovers and Repository in self.collector.gives

    def names(self, answer: Answer[Any]) -> bool:
        """Whether a listing names a repository by this answer, which takes room."""
        return self.lists and answer.kind is Repository and bool(answer.facts)

    def unknown(self, why: Unknown) -> list[Answer[Any]]:
        """The answer if none came."""
        given = self.collector.gives
        kinds = (kind for kind in given if kind.listed_by not in given)
        return [Answer(kind, self.subject, (), why.evidence, why) for kind in kinds]


Message = tuple[CollectStep, "Answer[Any] | None"]
"""An answer of a step, or None at its end."""


@dataclass(slots=True)
class Home:
    """A repository that is asked about.

    Attributes:
        store: what was learnt about it.
        left: how many questions are open.
        waiting: how many of them are asked after all that each cycle of a watch asks.
        parked: nothing else of it is open, so that it takes no room.
        listed: it is known to be one that is looked at.
        named: its name is known, so that questions can be asked about its contents.
        early: what came before that, and leads on only then.
        asked: the questions, by their collectors' names and their subjects.
        deeper: what only a deeper run asks of it.
        joined: it is not a target, and is only asked about for the sake of a package of its.
    """

    store: FactStore
    left: int = 0
    waiting: int = 0
    parked: bool = False
    listed: bool = False
    named: bool = False
    early: list[Answer[Any]] = field(default_factory=list)
    asked: set[tuple[str, Subject]] = field(default_factory=set)
    deeper: list[tuple[Collector, Subject]] = field(default_factory=list)
    joined: bool = False


STOPPING = frozenset({Reason.REJECTED, Reason.RATE_LIMITED})
"""With these no other question to a provider is worth asking."""


def stops(missing: Unknown, client: Any) -> bool:
    """Whether nothing more is worth asking in a lane after this.

    One that continues without its token still reads public data, whatever else is refused.
    """
    dropped = getattr(client, "secret", ...) is None
    return missing.reason in STOPPING and not (dropped and missing.reason is Reason.REJECTED)
