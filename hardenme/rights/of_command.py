"""The facts that commands read, as needs for which the least token is computed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

from hardenme.collectors.github.pull_requests import PULL_REQUESTS
from hardenme.derive.handover import FACTS as OF_A_PERSON
from hardenme.derive.inventory import TABLE
from hardenme.derive.recent import FACTS
from hardenme.engine.plan import makers
from hardenme.facts.github.changes import WorkflowRun
from hardenme.facts.github.environments import EnvironmentSecret
from hardenme.facts.github.files import RepositoryActionFiles
from hardenme.facts.github.repository import RepositoryFact
from hardenme.model.check import Check, Parameter
from hardenme.model.fact import Fact, fact_name
from hardenme.model.severity import Severity
from hardenme.model.verdict import NotApplicable, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedRequest(RepositoryFact):
    """A pull request, of which `exposed` reads the merge commit; here for its right alone."""

    requirement = PULL_REQUESTS
    source = "POST /graphql repository.object.associatedPullRequests"
    noun = "pull request"


OF_RUNS: tuple[type[Fact], ...] = (
    EnvironmentSecret,
    MergedRequest,
    RepositoryActionFiles,
    WorkflowRun,
)
"""Facts that take the rights of `exposed`, which reads the same endpoints and some next to them."""
COMMANDS = {"recent": FACTS, "person": OF_A_PERSON, "exposed": OF_RUNS}
"""The facts that a command reads, by its name."""


@cache
def needs_of_command(command: str) -> tuple[Check, ...]:
    """One need for each fact that a command reads.

    Raises:
        KeyError: no such command asks for more than checks do.
    """
    kinds = sorted(COMMANDS[command], key=fact_name)
    return tuple(_need(kind) for kind in kinds if not makers(kind))


@dataclass(frozen=True, kw_only=True)
class FactNeed(Check):
    """A need of one fact in the form of a check, since the least token is computed over checks.

    Attributes:
        kind: the fact that the command reads.
    """

    kind: type[Fact]

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The fact alone."""
        return (Parameter("fact", self.kind),)


def _need(kind: type[Fact]) -> FactNeed:
    name = kind.noun or TABLE[kind][0].kind
    return FactNeed(
        code=name,
        slug=fact_name(kind),
        title=name,
        severity=Severity.INFO,
        since="0.1",
        function=_not_judged,
        kind=kind,
    )


def _not_judged(fact: Fact) -> Verdict:
    return NotApplicable("it is read, and not judged", {"fact": fact.label})
