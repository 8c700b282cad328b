"""The inventory of a run: what each answer shows, place by place.

As with findings, the items of a repository go to the store when the repository is judged. What is
above repositories, and which repositories there are, stays in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, overload

from hardenme.collectors.fact_store import FactStore
from hardenme.engine.results import ResultStore
from hardenme.facts.github.repository import DeployKey, Repository
from hardenme.model.fact import Answer
from hardenme.model.inventory import Place
from hardenme.model.subject import Subject

if TYPE_CHECKING:
    from hardenme.derive.inventory import Gathered

OWNERS = frozenset({"user", "org"})
"""Kinds of what owns repositories."""


class Inventory:
    """Takes what a run learns, as it is judged.

    Args:
        result_store: keeps what is in repositories.
        roots: what the run looks at; called once all of it is known.
    """

    def __init__(self, result_store: ResultStore, roots: Callable[[], Iterable[Subject]]) -> None:
        self._result_store = result_store
        self._roots = roots
        self._above: dict[Subject, Gathered] = {}
        self._repositories: set[Subject] = set()
        self._joined: dict[Subject, Place] = {}

    def seen(self, repository: Subject, scoped: FactStore) -> tuple[Place, ...]:
        """What a repository's answers show about itself, and about what belongs to its owner."""
        from hardenme.derive.inventory import gather  # noqa: PLC0415 (start-up is a feature)

        found: dict[Subject, Gathered] = {}
        fact = scoped.fact(Repository, repository)
        gather(_placed(scoped), found, None if fact is None else self._owner(fact))
        return tuple(found[subject].place() for subject in sorted(found))

    def take(self, repository: Subject, places: Iterable[Place]) -> None:
        """Add the items seen in a repository; its own ones are in the store."""
        for place in places:
            if place.subject == repository:
                self._repositories.add(repository)
            else:
                self._of_owner(place)

    def leave(self, repository: Subject, scoped: FactStore) -> None:
        """Take that there is a repository which is not looked at."""
        from hardenme.derive.inventory import (  # noqa: PLC0415 (start-up is a feature)
            archived,
            gather,
        )

        found: dict[Subject, Gathered] = {}
        answer = scoped.get(Repository, repository)
        keys = scoped.get(DeployKey, repository)
        for fact in () if answer is None else answer.facts:
            gather([(answer, repository)], found, fact.within)  # type: ignore[list-item]
            if fact.within in found:
                found[fact.within].add(archived(fact, () if keys is None else keys.facts))
        for subject in sorted(found):
            self._of_owner(found[subject].place())

    def join(self, repository: Subject, scoped: FactStore) -> None:
        """Add what is known about a repository that is not a target, for the sake of a package."""
        from hardenme.derive.inventory import together  # noqa: PLC0415 (start-up is a feature)

        for place in self.seen(repository, scoped):
            old = self._joined.get(place.subject)
            self._joined[place.subject] = place if old is None else together(old, place)

    def _owner(self, fact: Repository) -> Subject:
        """The place that a repository is listed in: its owner's, where the run looks at the owner.

        A repository that is named as well is in two answers, and either may come first.
        """
        owner = fact.subject.name.partition("/")[0].lower()
        named = (one for one in self._roots() if one.provider == fact.subject.provider)
        above = (one for one in named if one.kind in OWNERS and one.name.lower() == owner)
        return next(above, fact.within)

    def finish(self, store: FactStore) -> None:
        """Add what is above the repositories."""
        from hardenme.derive.inventory import gather  # noqa: PLC0415 (start-up is a feature)

        placed = ((answer, place) for answer, place in _placed(store) if place.kind != "repo")
        gather(placed, self._above)

    def all(self) -> SortedPlaces:
        """Everything that was taken, for reading as often as wanted."""
        above = {subject: found.place() for subject, found in self._above.items()}
        if self._joined:
            from hardenme.derive.inventory import together  # noqa: PLC0415 (start-up is a feature)
        for subject, place in self._joined.items():
            if subject not in self._repositories:
                above[subject] = together(above[subject], place) if subject in above else place
        return SortedPlaces(above, frozenset(self._repositories), self._joined, self._result_store)

    def _of_owner(self, place: Place) -> None:
        from hardenme.derive.inventory import Gathered  # noqa: PLC0415 (start-up is a feature)

        self._above.setdefault(place.subject, Gathered(place.subject)).take(place)


class SortedPlaces(Sequence[Place]):
    """All places, sorted; those of repositories are made anew each time."""

    def __init__(
        self,
        above: dict[Subject, Place],
        repositories: frozenset[Subject],
        joined: dict[Subject, Place],
        result_store: ResultStore,
    ) -> None:
        self._above = above
        self._repositories = repositories
        self._joined = joined
        self._result_store = result_store
        self._order = sorted({*above, *repositories})

    def __iter__(self) -> Iterator[Place]:
        return map(self._place, self._order)

    def __len__(self) -> int:
        return len(self._order)

    @overload
    def __getitem__(self, index: int) -> Place: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Place]: ...
    def __getitem__(self, index: Any) -> Any:
        found = self._order[index]
        return self._place(found) if isinstance(found, Subject) else tuple(map(self._place, found))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self._order))

    def _place(self, subject: Subject) -> Place:
        if subject not in self._repositories:
            return self._above[subject]
        from hardenme.derive.inventory import together  # noqa: PLC0415 (start-up is a feature)

        kept = self._result_store.places(subject)
        place = next(one for one in kept if one.subject == subject)
        also = self._joined.get(subject)
        return place if also is None else together(place, also)


def _placed(store: FactStore) -> Iterator[tuple[Answer[Any], Subject]]:
    """The answers of a store, each with the place that it is about."""
    from hardenme.derive.inventory import place_of  # noqa: PLC0415 (start-up is a feature)

    for answer in store.all():
        place = place_of(store.ancestors(answer.scope, answer.scope))
        if place is not None:
            yield answer, place
