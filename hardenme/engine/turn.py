"""What a cycle of a watch reads: some facts about everything, the others in turn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.protocol import Collector
from hardenme.collectors.push_quota import LATER, PushQuota
from hardenme.model.depth import BEYOND, Depth
from hardenme.model.fact import Answer, Fact
from hardenme.model.subject import Subject


@dataclass(frozen=True, slots=True)
class CycleTurn:
    """One cycle's share of what takes a request for each repository.

    Attributes:
        each: the facts that every cycle reads, of everything.
        repositories: those that have their turn, as `owner/name`.
        above: it is also the turn of what is above the repositories.
        windows: how far back pushes are read, by the repository's name.
        pushed: how many repositories that were pushed to are asked for what was done; None for all.
    """

    each: frozenset[type[Fact]]
    repositories: frozenset[str] = frozenset()
    above: bool = False
    windows: Mapping[str, timedelta] = field(default_factory=dict)
    pushed: PushQuota | None = None

    def has(self, repository: Subject) -> bool:
        """Whether a repository has its turn."""
        return repository.name.lower() in self.repositories

    def depth(self, repository: Subject) -> Depth:
        """How deep the cycle asks about a repository."""
        return Depth.DEEP if self.has(repository) else Depth.FAST

    def asks(self, collector: Collector, repository: Subject | None) -> bool:
        """Whether the cycle asks a question.

        Args:
            collector: who would ask.
            repository: the repository of it; None for what is above them.
        """
        if repository is not None:
            return collector.depth <= self.depth(repository)
        return self.above or not self.each.isdisjoint(collector.gives)


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
    quota = None if turn.has(repository) else turn.pushed
    return store.scoped(depth=turn.depth(repository), window=window, quota=quota)


def mark_unasked(
    turn: CycleTurn | None, unasked: Iterable[tuple[Collector, Subject]], store: FactStore
) -> None:
    """Record what only a deeper run or a later cycle asks, if nothing else showed it."""
    for collector, subject in unasked:
        for kind in collector.gives:
            if kind.listed_by not in collector.gives and store.get(kind, subject) is None:
                why = BEYOND[Depth(collector.depth)] if turn is None else LATER
                store.put(Answer(kind, subject, (), (), why))
