"""Passes on what a run learns, so that it can be judged again without any request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from hardenme.collectors.fact_store import FactStore
from hardenme.engine.judge import Judge
from hardenme.facts.github.repository import Repository
from hardenme.model.fact import Answer
from hardenme.model.report import Identity, Traffic
from hardenme.model.statement import Statement
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown


@dataclass(frozen=True, slots=True)
class RunContext:
    """The inputs of a judgement other than the facts.

    Attributes:
        version: the version of hardenme that asked.
        started: when, in UTC.
        targets: as the user named them.
        profile: as the user named it; empty if it is chosen from what is seen.
        depth: how deep the run asked.
        opted_in: the options that were given, of those that facts ask for.
        facts: the names of the types that were asked for.
        release_days: the age up to which releases are judged; None for what the profile says.
        roots: the subjects that the targets led to.
        beside: what was asked about for the sake of targets.
        owners: lower-case logins that are targets as a whole.
        repositories: lower-case names of the repositories that are targets.
        lanes: owners that were asked about with a token of their own.
        accounts: for which account each lane answered, where that is known.
        statements: what people have stated.
        refused: why none of these counts; None if they do.
        timeless: why the time is not known; None if it is.
    """

    version: str
    started: datetime
    targets: tuple[str, ...]
    profile: str
    depth: int
    opted_in: tuple[str, ...]
    facts: frozenset[str]
    release_days: int | None
    roots: tuple[Subject, ...]
    beside: tuple[Subject, ...]
    owners: frozenset[str]
    repositories: frozenset[str]
    lanes: tuple[str, ...]
    accounts: Mapping[str, str]
    statements: tuple[Statement, ...]
    refused: Unknown | None = None
    timeless: Unknown | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run went.

    Attributes:
        partial: why it did not go to its end; empty if it did.
        halted: why a provider was asked nothing further; None if all was asked.
        left_out: how many repositories were left out by name or as archived.
        traffic: what it cost.
        identities: for whom the providers answered.
        warnings: sentences that a reader of the report has to know.
    """

    partial: str
    halted: Reason | None
    left_out: int
    traffic: Traffic
    identities: tuple[Identity, ...]
    warnings: tuple[str, ...]


class Recorder(Protocol):
    """Takes what a run learns, in the order in which it is judged."""

    def begin(self, context: RunContext, answers: Iterable[Answer[Any]]) -> None:
        """What is known about everything above the repositories, before the first one is judged."""

    def repository(
        self, repository: Subject, answers: Iterable[Answer[Any]], *, joined: bool
    ) -> None:
        """What is known about a repository; `joined` if it is known only for a package."""

    def left_out(self, repository: Subject, answers: Iterable[Answer[Any]]) -> None:
        """What is known about a repository that is not looked at."""

    def end(self, answers: Iterable[Answer[Any]], ending: Ending) -> None:
        """What came to be known of all above the repositories since, and how the run went."""


@dataclass(slots=True)
class RecordingJudge:
    """Wraps the judge, and lets a recorder see what the collection passes to it.

    Attributes:
        recorder: None if no one wants to see it.
        judge: who judges.
        store: what is learned about everything above the repositories.
        context: what the judgement goes by; asked once the run knows it.
    """

    recorder: Recorder | None
    judge: Judge
    store: FactStore
    context: Callable[[], RunContext]
    _answers_given: dict[tuple[type, Subject], Answer[Any]] = field(default_factory=dict)
    _begun: bool = False
    _early: list[tuple[Subject, tuple[Answer[Any], ...]]] = field(default_factory=list)

    def begin(self) -> None:
        """All above the repositories is known."""
        if self.recorder is not None:
            answers = tuple(self.store.all())
            self._answers_given = {(answer.kind, answer.scope): answer for answer in answers}
            self.recorder.begin(self.context(), answers)
            for repository, shown in self._early:
                self.recorder.left_out(repository, shown)
            self._early.clear()
        self._begun = True
        self.judge.begin()

    def settle(self, repository: Subject, scoped: FactStore) -> None:
        """A repository is known."""
        if self.recorder is not None:
            self.recorder.repository(repository, scoped.all(), joined=False)
        self.judge.settle(repository, scoped)

    def join(self, repository: Subject, scoped: FactStore) -> None:
        """A repository is known that is not a target."""
        if self.recorder is not None:
            self.recorder.repository(repository, scoped.all(), joined=True)
        self.judge.join(repository, scoped)

    def leave(self, repository: Subject, scoped: FactStore) -> None:
        """A repository was left out; the recorder is called once it knows the context."""
        if self.recorder is not None:
            answer = scoped.get(Repository, repository)
            shown = () if answer is None else (answer,)
            if self._begun:
                self.recorder.left_out(repository, shown)
            else:
                self._early.append((repository, shown))
        self.judge.leave(repository, scoped)

    def end(self, ending: Ending) -> None:
        """The run is over."""
        if self.recorder is not None:
            self.recorder.end(self._since(), ending)

    def _since(self) -> Iterable[Answer[Any]]:
        """What is in the store beyond what it held at the beginning."""
        for answer in self.store.all():
            if self._answers_given.get((answer.kind, answer.scope)) is not answer:
                yield answer
