"""The repositories of packages: what is asked about them, beside what is asked about targets."""

from __future__ import annotations

from dataclasses import dataclass

from hardenme.collectors.github.client import GitHub
from hardenme.collectors.protocol import Collector
from hardenme.collectors.transport.origin import Origin
from hardenme.engine.plan import Plan
from hardenme.facts.github.site import DEFAULT_WEB
from hardenme.model.fact import Fact


@dataclass(frozen=True, slots=True)
class Joins:
    """What a run wants to know of repositories.

    Attributes:
        joined: of those that belong to a package.
        direct: of those that are targets.
        asked: whether the GitHub that is asked is the one that packages name.
    """

    joined: frozenset[type[Fact]]
    direct: frozenset[type[Fact]]
    asked: bool = True

    @classmethod
    def of(cls, plan: Plan, github: GitHub | None) -> Joins:
        """As a plan needs it, as deep as it goes.

        npm knows the repositories of github.com alone: those of another server that have the same
        names are not theirs. A server on this machine stands for github.com.
        """
        origin = Origin.of(DEFAULT_WEB if github is None else github.web)
        here = origin == Origin.of(DEFAULT_WEB) or origin.on_this_machine
        return cls(plan.joined() & plan.facts, plan.direct(), here)

    @property
    def covered(self) -> bool:
        """Whether a repository that was a target was asked for all that its packages need."""
        return self.joined <= self.direct

    def wants(self, collector: Collector, *, joined: bool) -> bool:
        """Whether a collector has something to ask of such a repository."""
        return not (self.joined if joined else self.direct).isdisjoint(collector.gives)
