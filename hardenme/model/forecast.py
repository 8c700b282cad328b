"""The forecast of a run's requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ForecastRequest:
    """One kind of request.

    Attributes:
        what: what is asked, in words.
        endpoint: the address, in the words of the provider's documentation.
        bucket: whose hour it counts in: `rest`, `graphql`, `npm`, or empty if nothing is sent.
        requests: how many.
        per: what each is sent for, like `each public repository`.
        at_most: some may be spared, which only shows on the way.
        checks: the codes that rest on it.
        at_least: how many are sent all the same, where some may be spared.
    """

    what: str
    endpoint: str
    bucket: str
    requests: int
    per: str
    at_most: bool
    checks: tuple[str, ...]
    at_least: int = 0

    @property
    def least(self) -> int:
        """How many are sent in any case."""
        return self.at_least if self.at_most else self.requests


@dataclass(frozen=True, slots=True)
class Blind:
    """Something that the token in use cannot read.

    Attributes:
        needs: what it takes, in words.
        seen: how that is known.
        checks: the codes that will be unknown.
    """

    needs: str
    seen: str
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """A run before it runs.

    Attributes:
        targets: as the user named them.
        depth: `fast`, `standard` or `deep`.
        sizes: how much there is, by what, like `repositories`.
        questions: what would be asked.
        left: requests that remain in this hour, by bucket, where the server gives them.
        usable: how many of these the run may use, by bucket.
        seconds: how long it takes at the speed that was seen, waiting left out.
        hours: how many hours' budgets it takes; more than one means waiting.
        blind: what the present token cannot read.
        not_selected: checks left out, by why.
        notes: sentences about what could not be forecast.
    """

    targets: tuple[str, ...]
    depth: str
    sizes: Mapping[str, int]
    questions: tuple[ForecastRequest, ...]
    left: Mapping[str, int]
    seconds: float
    hours: int
    blind: tuple[Blind, ...] = ()
    not_selected: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    usable: Mapping[str, int] = field(default_factory=dict)

    def most(self, bucket: str) -> int:
        """How many requests of a bucket at most."""
        return sum(item.requests for item in self.questions if item.bucket == bucket)

    def least(self, bucket: str) -> int:
        """How many at least: those that nothing spares."""
        return sum(item.least for item in self.questions if item.bucket == bucket)
