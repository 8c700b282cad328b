"""What a cycle of a watch reads: some facts about everything, the others in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.single_request import needs_single_request
from hardenme.collectors.protocol import Collector
from hardenme.collectors.transport.request_limit import RequestLimit
from hardenme.collectors.turn_parts import TurnParts
from hardenme.collectors.waiting_pushes import WaitingPushes
from hardenme.facts.github.changes import RepositoryChange
from hardenme.model.depth import BEYOND, Depth
from hardenme.model.fact import Answer, Fact
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown
from hardenme.model.watch import LATER, READ_BEFORE, TurnQuestion

ABOVE = ""
"""The name under which what is above the repositories has its turn."""


@dataclass(frozen=True, slots=True)
class Begun:
    """How far a turn has come.

    Attributes:
        read: what was asked to its end.
        cut: what was refused a request after it had sent some.
        refused: all that was refused one.
        given_up: what takes more requests than a cycle has for it.
    """

    read: frozenset[TurnQuestion] = frozenset()
    cut: frozenset[TurnQuestion] = frozenset()
    refused: frozenset[TurnQuestion] = frozenset()
    given_up: frozenset[TurnQuestion] = frozenset()


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
        parts: of what has its turn, by its name: the parts of questions; filled by the run.
        ended: what the cycle asked about what has its turn; filled by the run.
    """

    each: frozenset[type[Fact]]
    turns: tuple[str, ...] = ()
    begun: Mapping[str, Begun] = field(default_factory=dict)
    windows: Mapping[str, timedelta] = field(default_factory=dict)
    pushes: WaitingPushes | None = None
    most: Callable[[int], int | None] = _unlimited
    limit: RequestLimit = field(default_factory=RequestLimit)
    parts: dict[str, TurnParts] = field(default_factory=dict)
    ended: dict[str, Begun] = field(default_factory=dict)

    def has(self, repository: Subject) -> bool:
        """Whether a repository has its turn."""
        return repository.name.lower() in self.turns

    def depth(self, repository: Subject) -> Depth:
        """How deep the cycle asks about a repository."""
        return Depth.DEEP if self.has(repository) else Depth.FAST

    def asks(self, collector: Collector, subject: Subject, repository: Subject | None) -> bool:
        """Whether the cycle asks a question.

        Args:
            collector: who would ask.
            subject: about what.
            repository: the repository of it; None for what is above them.
        """
        begun, question = self._begun(repository), TurnQuestion(collector.name, subject)
        if question in begun.read or question in begun.given_up:
            return False
        if repository is not None:
            return collector.depth <= self.depth(repository)
        return ABOVE in self.turns or not self.each.isdisjoint(collector.gives)

    def why_unasked(
        self, collector: Collector, subject: Subject, repository: Subject | None
    ) -> Unknown:
        """Why the cycle does not ask a question."""
        read = TurnQuestion(collector.name, subject) in self._begun(repository).read
        return READ_BEFORE if read else LATER

    def parts_of(self, repository: Subject) -> TurnParts | None:
        """The parts of what is asked about a repository; None if it does not have its turn."""
        if not self.has(repository):
            return None
        name = turn_name(repository)
        return self.parts.setdefault(name, TurnParts(self._begun(repository).read))

    def _begun(self, repository: Subject | None) -> Begun:
        name = turn_name(repository)
        return self.begun.get(name, Begun()) if name in self.turns else Begun()

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
    turn: CycleTurn | None,
    collector: Collector,
    subject: Subject,
    repository: Subject | None,
    store: FactStore,
) -> bool:
    """Whether a run goes so deep, or a cycle asks that question in this turn."""
    if turn is None:
        return collector.depth <= store.depth
    return turn.asks(collector, subject, repository)


def store_of(turn: CycleTurn | None, store: FactStore, repository: Subject) -> FactStore:
    """The store of a repository that is looked at."""
    if turn is None:
        return store.scoped()
    window = turn.windows.get(repository.name.lower())
    pushes = None if turn.has(repository) else turn.pushes
    parts = turn.parts_of(repository)
    return store.scoped(depth=turn.depth(repository), window=window, pushes=pushes, parts=parts)


def mark_unasked(
    turn: CycleTurn | None,
    unasked: Iterable[tuple[Collector, Subject]],
    store: FactStore,
    repository: Subject | None,
) -> None:
    """Record what only a deeper run or a later cycle asks, if nothing else showed it."""
    each = frozenset[type[Fact]]() if turn is None else turn.each
    for collector, subject in unasked:
        why = BEYOND[Depth(collector.depth)]
        if turn is not None:
            why = turn.why_unasked(collector, subject, repository)
        for kind in collector.gives:
            if kind.listed_by in collector.gives:
                continue
            held = store.get(kind, subject)
            if held is None:
                store.put(Answer(kind, subject, (), (), why))
            elif why == READ_BEFORE and kind not in each and needs_single_request(held.missing):
                # What a batch left open, a single request of the earlier cycle has shown.
                store.put(Answer(kind, subject, held.facts, held.evidence, why))
