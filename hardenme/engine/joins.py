"""Related subjects of the targets: packages' repositories and publishers, and organizations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hardenme.collectors.github.client import GitHub
from hardenme.collectors.protocol import Collector
from hardenme.collectors.transport.origin import Origin
from hardenme.engine.plan import Selection
from hardenme.model.fact import Fact
from hardenme.model.pages import GITHUB_WEB
from hardenme.model.subject import Subject


@dataclass(frozen=True, slots=True)
class Joins:
    """What a run wants to know of repositories.

    Attributes:
        joined: of those that belong to a package.
        direct: of those that are targets.
        of_packages: of the npm account that asks, and of a package's organization, if these are not
            targets and the package is.
        of_repositories: of a repository's organization, where that is not a target and it is.
        asked: whether the GitHub that is asked is the one that packages name.
        beside: this account and these organizations.
    """

    joined: frozenset[type[Fact]]
    direct: frozenset[type[Fact]]
    of_packages: frozenset[type[Fact]] = frozenset()
    of_repositories: frozenset[type[Fact]] = frozenset()
    asked: bool = True
    beside: frozenset[Subject] = frozenset()

    @classmethod
    def of(cls, plan: Selection, github: GitHub | None, beside: Iterable[Subject]) -> Joins:
        """As a plan needs it, as deep as it goes.

        npm only knows repositories on github.com: those of another server with the same names are
        not theirs. A server on this machine is treated as github.com.
        """
        origin = Origin.of(GITHUB_WEB if github is None else github.web)
        here = origin == Origin.of(GITHUB_WEB) or origin.on_this_machine
        return cls(
            plan.joined() & plan.facts,
            plan.direct(),
            plan.of_packages(),
            plan.of_repositories(),
            here,
            frozenset(beside),
        )

    @property
    def covered(self) -> bool:
        """Whether a repository that was a target was asked for all that its packages need."""
        return self.joined <= self.direct

    def wants(self, collector: Collector, subject: Subject, *, joined: bool) -> bool:
        """Whether a collector has something to ask of a subject.

        Args:
            collector: who would ask.
            joined: it is in a repository that is not a target.
        """
        if subject in self.beside:
            wanted = self.of_repositories if subject.provider == "github" else self.of_packages
            return not (collector.discovers or wanted.isdisjoint(collector.gives))
        if subject.provider != "github":
            return True
        return not (self.joined if joined else self.direct).isdisjoint(collector.gives)
