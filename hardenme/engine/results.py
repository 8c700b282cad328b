"""The findings of a run in progress: few in memory, those about repositories in a store.

A run may judge ten thousand repositories, and each has dozens of findings. So the findings of a
repository go into a store, which may be a file, and come back one repository at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol, overload

from hardenme.model.depth import is_beyond
from hardenme.model.finding import CountedFindings, Finding, Tally
from hardenme.model.inventory import Place
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

PASSING = frozenset(
    {Reason.RATE_LIMITED, Reason.UNREACHABLE, Reason.INCOMPLETE, Reason.REJECTED, Reason.NOT_ASKED}
)
"""Reasons that a later try may do away with: what is unknown for one of these is asked again."""


HELD = 10_000
"""Findings that stay in memory once they are read: a report is made in several passes."""


class ResultStore(Protocol):
    """Keeps the findings about each repository, and what was seen in it."""

    def put(
        self,
        repository: Subject,
        findings: tuple[Finding, ...],
        places: tuple[Place, ...] = (),
        *,
        final: bool,
    ) -> None:
        """Keep them; `final` is whether asking again would show no more."""

    def get(self, repository: Subject) -> tuple[Finding, ...]:
        """Give the findings back."""

    def places(self, repository: Subject) -> tuple[Place, ...]:
        """Give back what was seen: in the repository, and what belongs to its owner."""

    def known(self) -> Iterable[Subject]:
        """The repositories that an earlier run has left final findings of."""


class MemoryResultStore:
    """A store that is not a file."""

    def __init__(self) -> None:
        self._kept: dict[Subject, tuple[tuple[Finding, ...], tuple[Place, ...]]] = {}

    def put(
        self,
        repository: Subject,
        findings: tuple[Finding, ...],
        places: tuple[Place, ...] = (),
        *,
        final: bool,
    ) -> None:
        """Keep them."""
        del final
        self._kept[repository] = findings, places

    def get(self, repository: Subject) -> tuple[Finding, ...]:
        """Give the findings back."""
        return self._kept[repository][0]

    def places(self, repository: Subject) -> tuple[Place, ...]:
        """Give back what was seen."""
        return self._kept[repository][1]

    def known(self) -> Iterable[Subject]:
        """None: what is in memory goes with the run."""
        return ()


class Results:
    """Takes findings as they are made.

    Questions for a person are stored as such, and are settled whenever they are read: a resumed run
    uses what is on record then.

    Attributes:
        tally: how many there are of each result and severity.
        beyond: how many answers only a deeper run would give; these are not findings.
    """

    def __init__(
        self, store: ResultStore, settled: Callable[[Finding], Finding] = lambda finding: finding
    ) -> None:
        self.tally: Tally = Counter()
        self.beyond = 0
        self._store = store
        self._settled = settled
        self._above: tuple[Finding, ...] = ()
        self._repositories: list[Subject] = []

    @property
    def counts(self) -> Counter[str]:
        """How many there are of each result."""
        found = Counter[str]()
        for (result, _), number in self.tally.items():
            found[result] += number
        return found

    def add_above(self, findings: Iterable[Finding]) -> None:
        """Add the findings about what is above repositories."""
        self._above = self._count(findings)

    def add(
        self, repository: Subject, findings: Iterable[Finding], places: tuple[Place, ...] = ()
    ) -> None:
        """Take the findings about a repository, and what was seen in it."""
        counted = self._count(findings)
        final = not any(
            isinstance(item.outcome, Unknown) and item.outcome.reason in PASSING for item in counted
        )
        self._store.put(repository, counted, places, final=final)
        self._repositories.append(repository)

    def resume(self, repository: Subject) -> None:
        """Take what an earlier run found of a repository."""
        self._count(self._store.get(repository))
        self._repositories.append(repository)

    def all(self) -> Findings:
        """Everything that was taken, for reading as often as wanted."""
        repositories = tuple(sorted(self._repositories))
        return Findings(self._above, repositories, self._store, self._settled, Counter(self.tally))

    def _count(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        kept = []
        for finding in findings:
            if isinstance(finding.outcome, Unknown) and is_beyond(finding.outcome):
                self.beyond += 1
                continue
            kept.append(finding)
            told = self._settled(finding)
            self.tally[told.result, told.severity] += 1
        return tuple(kept)


class Findings(CountedFindings):
    """All findings: those above repositories, then repository by repository.

    Within each of these they are sorted by code and subject.
    """

    def __init__(
        self,
        above: tuple[Finding, ...],
        repositories: tuple[Subject, ...],
        store: ResultStore,
        settled: Callable[[Finding], Finding],
        tally: Tally,
    ) -> None:
        self._settled = settled
        self._above = above
        self._repositories = repositories
        self._store = store
        self._held: dict[Subject, tuple[Finding, ...]] = {}
        self._room = HELD
        self._tally = tally

    @property
    def tally(self) -> Tally:
        """How many there are."""
        return self._tally

    def __iter__(self) -> Iterator[Finding]:
        yield from map(self._settled, self._above)
        for repository in self._repositories:
            yield from map(self._settled, self._of(repository))

    def _of(self, repository: Subject) -> tuple[Finding, ...]:
        """The findings about a repository, as the store has them."""
        held = self._held.get(repository)
        if held is None:
            held = self._store.get(repository)
            if len(held) <= self._room:
                self._room -= len(held)
                self._held[repository] = held
        return held

    def __len__(self) -> int:
        return self._tally.total()

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Finding]: ...
    def __getitem__(self, index: Any) -> Any:
        return tuple(self)[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))
