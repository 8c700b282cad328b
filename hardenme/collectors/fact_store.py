"""All answers of a run, by fact and subject; safe for many workers."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any, TypeVar

from hardenme.collectors.turn_parts import TurnParts
from hardenme.collectors.waiting_pushes import WaitingPushes
from hardenme.ground.names import FULL_NAME
from hardenme.model.depth import Depth
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer, Fact
from hardenme.model.subject import Subject

F = TypeVar("F", bound=Fact)


def named_repository(fact: Fact) -> str:
    """The GitHub repository that a fact joins to its subject; empty if it is none or not known.

    A name that GitHub could not have is none, so that it never becomes part of an address.
    """
    name = object.__getattribute__(fact, type(fact).joins) if type(fact).joins else ""
    return name if isinstance(name, str) and FULL_NAME.fullmatch(name) else ""


class FactStore:
    """Answers by type of fact and scope.

    Attributes:
        needed: the facts that the run wants to know, None for all; what else an answer holds may be
            left out.
        depth: how deep the run asks.
        above: the store of what a repository belongs to, which is looked into where this one has
            nothing; None for the first one.
        release_days: the age up to which the run judges releases.
        window: how far back the run asks what was done in repositories; None if it does not.
        pushes: which repositories wait to be asked for that; None to ask all at once.
        parts: what of the parts of a question earlier cycles of a turn have read.
    """

    def __init__(  # noqa: PLR0913, PLR0917 (what a run asks is described by this much)
        self,
        needed: frozenset[type[Fact]] | None = None,
        depth: Depth = Depth.DEEP,
        above: FactStore | None = None,
        release_days: int = 30,
        window: timedelta | None = None,
        pushes: WaitingPushes | None = None,
        parts: TurnParts | None = None,
    ) -> None:
        self.needed = needed
        self.depth = depth
        self.above = above
        self.release_days = release_days
        self.window = window
        self.pushes = pushes
        self.parts = parts or TurnParts()
        self._answers: dict[type[Fact], dict[Subject, Answer[Any]]] = defaultdict(dict)
        self._facts: dict[tuple[type[Fact], Subject], tuple[Any, Answer[Any]]] = {}
        self._within: dict[Subject, Subject] = {}
        self._joins: dict[Subject, str] = {}
        self._lock = threading.Lock()

    def put(self, answer: Answer[Any]) -> None:
        """Write an answer down; a later one for the same fact and scope takes its place."""
        with self._lock:
            self._answers[answer.kind][answer.scope] = answer
            for fact in answer.facts:
                self._facts[answer.kind, fact.subject] = (fact, answer)
                if fact.within != fact.subject:
                    self._within[fact.subject] = fact.within
                if type(fact).joins:
                    self._joins[fact.subject] = named_repository(fact)

    def set_parent(self, subject: Subject, within: Subject) -> None:
        """Set what a subject belongs to, where no answer shows it."""
        with self._lock:
            self._within[subject] = within

    def scoped(
        self,
        needed: frozenset[type[Fact]] | None = None,
        depth: Depth | None = None,
        window: timedelta | None = None,
        pushes: WaitingPushes | None = None,
        parts: TurnParts | None = None,
    ) -> FactStore:
        """A store for one repository, which also reads this one and is dropped once judged.

        Args:
            needed: the facts wanted about that repository, if they are fewer than about others.
            depth: how deep the run asks about it, where that is another depth than for others.
            window: the same of how far back the run asks what was done in it.
            pushes: which repositories wait to be asked for that; None to ask all at once.
            parts: what of the parts of a question earlier cycles of a turn have read.
        """
        wanted = self.needed if needed is None else needed
        back = self.window if window is None else window
        return FactStore(wanted, depth or self.depth, self, self.release_days, back, pushes, parts)

    def joined(self, subject: Subject) -> str | None:
        """The repository that belongs to a subject, as `owner/name`.

        Empty text if the subject has no repository on GitHub, or it is not known; None if nothing
        is recorded about its contents.
        """
        found = self._joins.get(subject)
        return self.above.joined(subject) if found is None and self.above else found

    def joined_to(self, repository: str) -> frozenset[Subject]:
        """The subjects that a repository belongs to.

        Args:
            repository: its `owner/name`, in any case of letters.
        """
        with self._lock:
            wanted = repository.lower()
            own = frozenset(one for one, name in self._joins.items() if name.lower() == wanted)
        return own | self.above.joined_to(repository) if self.above else own

    def joins(self) -> frozenset[str]:
        """All repositories that belong to a subject, in lower case."""
        with self._lock:
            return frozenset(name.lower() for name in self._joins.values() if name)

    def wants(self, *kinds: type[Fact]) -> bool:
        """Whether the run wants to know one of these facts."""
        return self.needed is None or not self.needed.isdisjoint(kinds)

    def get(self, kind: type[F], scope: Subject) -> Answer[F] | None:
        """The answer of that kind for a scope, if it was asked."""
        found = self._answers.get(kind, {}).get(scope)
        return self.above.get(kind, scope) if found is None and self.above else found

    def fact(self, kind: type[F], subject: Subject) -> F | None:
        """The fact of that kind about a subject, in whatever scope it was listed."""
        found = self._kept(kind, subject)
        return found[0] if found else None

    def evidence(self, kind: type[Fact], subject: Subject) -> tuple[Atom, ...]:
        """What the fact of that kind about a subject was read from."""
        found = self._kept(kind, subject)
        return found[1].evidence if found else ()

    def _kept(self, kind: type[Fact], subject: Subject) -> tuple[Any, Answer[Any]] | None:
        found = self._facts.get((kind, subject))
        return self.above._kept(kind, subject) if found is None and self.above else found  # noqa: SLF001 (another store)

    def answers(self, kind: type[F]) -> Iterable[Answer[F]]:
        """All answers of that kind in this store alone, in the order of their scopes."""
        found = self._answers.get(kind, {})
        return [found[scope] for scope in sorted(found)]

    def all(self) -> Iterator[Answer[Any]]:
        """Every answer in this store alone."""
        for kind in list(self._answers):
            yield from self.answers(kind)

    def ancestors(self, subject: Subject, within: Subject) -> tuple[Subject, ...]:
        """The subject, what it is within, what that is within, and so on."""
        chain = [subject]
        for step in (within, *self._climb(within)):
            if step not in chain:
                chain.append(step)
        return tuple(chain)

    def _climb(self, subject: Subject) -> Iterator[Subject]:
        seen = {subject}
        while (step := self._within_of(subject)) is not None and step not in seen:
            seen.add(step)
            yield step
            subject = step

    def _within_of(self, subject: Subject) -> Subject | None:
        found = self._within.get(subject)
        return self.above._within_of(subject) if found is None and self.above else found  # noqa: SLF001 (another store)
