"""What a cycle of a watch reads: some facts about everything, the others in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.protocol import Collector
from hardenme.collectors.transport.request_limit import LATER, RequestLimit
from hardenme.collectors.waiting_pushes import WaitingPushes
from hardenme.facts.github.changes import RepositoryChange
from hardenme.model.depth import BEYOND, Depth
from hardenme.model.fact import Answer, Fact
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

ABOVE = ""
"""The name under which what is above the repositories has its turn."""
READ_BEFORE = Unknown(Reason.NOT_ASKED, "nothing: an earlier cycle of the same turn read it")
"""The reason for what a turn that goes over several cycles reads once."""


@dataclass(frozen=True, slots=True)
class Begun:
    """How far a turn has come.

    Attributes:
        read: the collectors that have asked all of it.
        cut: those that were refused a request.
    """

    read: frozenset[str] = frozenset()
    cut: frozenset[str] = frozenset()


def _unlimited(_repositories: int) -> None:
    """No limit."""


@dataclass(frozen=True, slots=True)
class CycleTurn:
    """One cycle's share of what takes a request for each repository.

    Attributes:
        each: the facts that every cycle reads, of everything.
        turns: what has its turn, in this order: repositories as `owner/name` in lower case, and
            `ABOVE`.
        begun: those of them that an earlier cycle began.
        windows: how far back pushes are read, by the repository's name.
        pushes: which repositories wait to be asked for what was done; None to ask all at once.
        most: the most requests of the cycle, by the number of repositories; None for any number.
        limit: counts the requests, and refuses those above that.
        ended: what the cycle asked about what has its turn; filled by the run.
    """

    each: frozenset[type[Fact]]
    turns: tuple[str, ...] = ()
    begun: Mapping[str, Begun] = field(default_factory=dict)
    windows: Mapping[str, timedelta] = field(default_factory=dict)
    pushes: WaitingPushes | None = None
    most: Callable[[int], int | None] = _unlimited
    limit: RequestLimit = field(default_factory=RequestLimit)
    ended: dict[str, Begun] = field(default_factory=dict)

    def has(self, repository: Subject) -> bool:
        """Whether a repository has its turn."""
        return repository.name.lower() in self.turns

    def depth(self, repository: Subject) -> Depth:
        """How deep the cycle asks about a repository."""
        return Depth.DEEP if self.has(repository) else Depth.FAST

    def asks(self, collector: Collector, repository: Subject | None) -> bool:
        """Whether the cycle asks a question.

        Args:
            collector: who would ask.
            repository: the repository of it; None for what is above them.
        """
        if self.read_before(collector, repository):
            return False
        if repository is not None:
            return collector.depth <= self.depth(repository)
        return ABOVE in self.turns or not self.each.isdisjoint(collector.gives)

    def read_before(self, collector: Collector, repository: Subject | None) -> bool:
        """Whether an earlier cycle of the same turn has asked."""
        name = turn_name(repository)
        begun = self.begun.get(name) if name in self.turns else None
        return begun is not None and collector.name in begun.read

    def waits(self, collector: Collector, repository: Subject | None) -> bool:
        """Whether a question comes after all that each cycle asks."""
        if repository is None:
            return self.each.isdisjoint(collector.gives)
        lately = RepositoryChange in collector.gives
        return self.has(repository) and (lately or collector.depth > Depth.FAST)


def turn_name(repository: Subject | None) -> str:
    """The name under which a repository has its turn, or what is above them all."""
    return ABOVE if repository is None else repository.name.lower()


def asks(
    turn: CycleTurn | None, collector: Collector, repository: Subject | None, store: FactStore
) -> bool:
    """Whether a run goes so deep, or a cycle asks that question in this turn."""
    if turn is None:
        return collector.depth <= store.depth
    return turn.asks(collector, repository)


def store_of(turn: CycleTurn | None, store: FactStore, repository: Subject) -> FactStore:
    """The store of a repository that is looked at."""
    if turn is None:
        return store.scoped()
    window = turn.windows.get(repository.name.lower())
    pushes = None if turn.has(repository) else turn.pushes
    return store.scoped(depth=turn.depth(repository), window=window, pushes=pushes)


def mark_unasked(
    turn: CycleTurn | None,
    unasked: Iterable[tuple[Collector, Subject]],
    store: FactStore,
    repository: Subject | None,
) -> None:
    """Record what only a deeper run or a later cycle asks, if nothing else showed it."""
    for collector, subject in unasked:
        for kind in collector.gives:
            if kind.listed_by not in collector.gives and store.get(kind, subject) is None:
                why = BEYOND[Depth(collector.depth)]
                if turn is not None:
                    why = READ_BEFORE if turn.read_before(collector, repository) else LATER
                store.put(Answer(kind, subject, (), (), why))
