"""Runs the collectors that a plan needs, by a bounded number of workers."""

from __future__ import annotations

import fnmatch
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from typing import Any

from hardenme.collectors.book import Book
from hardenme.collectors.protocol import Collector
from hardenme.facts.github.repository import Repository
from hardenme.model.fact import Answer, Fact
from hardenme.model.stop import Terminated
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

LOG = logging.getLogger(__name__)
Progress = Callable[[int, int, str], None]
"""Called with how many steps are done, how many are known of, and the newest one's name."""


def stopped_by(stop: KeyboardInterrupt) -> str:
    """What ended a run before its end, in one word."""
    return "terminated" if isinstance(stop, Terminated) else "interrupted"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which repositories of a listing are looked at.

    Attributes:
        include: patterns of `owner/name` or `name`, of which one must match; none for all.
        exclude: patterns of which none may match.
        archived: whether archived ones are looked at.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    archived: bool = False

    def keeps(self, fact: Fact) -> bool:
        """Whether a fact that a listing gave is looked at."""
        if not isinstance(fact, Repository):
            return True
        if not self.archived and "archived" not in fact.unknown_fields() and fact.archived:
            return False
        return (not self.include or _any(self.include, fact)) and not _any(self.exclude, fact)


def _any(patterns: Iterable[str], fact: Fact) -> bool:
    full = fact.subject.name.lower()
    names = (full, full.partition("/")[2])
    return any(fnmatch.fnmatchcase(name, p.lower()) for p in patterns for name in names)


@dataclass(slots=True)
class Collection:
    """One run of the collectors.

    Attributes:
        collectors: those that the plan needs.
        needed: the facts that the plan needs.
        clients: a provider's client by the provider's name; None where it cannot be asked, with
            the reason in `refused`.
        refused: why a provider cannot be asked.
        chosen: which repositories of a listing are looked at.
        workers: how many requests run at once.
        progress: told of each step.
        book: what was learnt.
        left_out: how many repositories the filter left out.
        partial: why the run did not go to its end; empty where it did.
    """

    collectors: tuple[Collector, ...]
    needed: frozenset[type[Fact]]
    clients: Mapping[str, Any]
    refused: dict[str, Unknown]
    chosen: Filter = field(default_factory=Filter)
    workers: int = 4
    progress: Progress = lambda _done, _known, _name: None
    book: Book = field(default_factory=Book)
    left_out: int = 0
    partial: str = ""
    _pending: dict[Future[list[Answer[Any]]], tuple[Collector, Subject]] = field(
        default_factory=dict
    )
    _scheduled: set[tuple[str, Subject]] = field(default_factory=set)
    _done: set[tuple[str, Subject]] = field(default_factory=set)
    _dropped: set[Subject] = field(default_factory=set)

    def run(self, roots: Iterable[Subject]) -> Book:
        """Ask for everything that the plan needs about the roots and what they lead to.

        An interrupt stops the workers and keeps what was learnt; what they still wait for is not
        waited for.
        """
        pool = ThreadPoolExecutor(self.workers, thread_name_prefix="collector")
        first = [
            (collector, root)
            for root in roots
            for collector in self.collectors
            if f"{root.provider}:{root.kind}" in collector.roots
        ]
        try:
            for collector, root in first:
                self._schedule(pool, collector, root)
            self._drain(pool)
        except KeyboardInterrupt as stop:
            self.partial = stopped_by(stop)
            self.stop()
            self._give_up(first)
        finally:
            pool.shutdown(wait=not self._pending, cancel_futures=True)
        return self.book

    def _schedule(self, pool: ThreadPoolExecutor, collector: Collector, subject: Subject) -> None:
        name = (collector.name, subject)
        if name not in self._scheduled:
            self._scheduled.add(name)
            self._pending[pool.submit(self._ask, collector, subject)] = (collector, subject)

    def _drain(self, pool: ThreadPoolExecutor) -> None:
        done = 0
        while self._pending:
            finished, _ = wait(self._pending, return_when=FIRST_COMPLETED)
            for future in finished:
                collector, subject = self._pending[future]
                # All answers are written down before anything that may read them is started.
                taken = [self._take(answer) for answer in future.result()]
                for answer in taken:
                    self._lead_on(pool, answer)
                self._done.add((collector.name, subject))
                del self._pending[future]
                done += 1
                self.progress(done, done + len(self._pending), collector.name)

    def stop(self) -> None:
        """Let no further request be sent."""
        for client in self.clients.values():
            if client is not None and hasattr(client, "session"):
                client.session.stopped.set()

    def _take(self, answer: Answer[Any]) -> Answer[Any] | None:
        if answer.scope in self._dropped:
            return None
        # What the user named is looked at, whatever it is; the filter is for what listings add.
        kept = tuple(
            fact for fact in answer.facts if fact.subject == answer.scope or self.chosen.keeps(fact)
        )
        if len(kept) < len(answer.facts):
            self.left_out += len(answer.facts) - len(kept)
            self._dropped |= {fact.subject for fact in answer.facts} - {f.subject for f in kept}
            answer = replace(answer, facts=kept)
        self.book.put(answer)
        self._watch(answer)
        return answer

    def _lead_on(self, pool: ThreadPoolExecutor, answer: Answer[Any] | None) -> None:
        """Start what is asked of the subjects that an answer named."""
        for collector, subject in self._led_to(answer) if answer else ():
            self._schedule(pool, collector, subject)

    def _led_to(self, answer: Answer[Any]) -> Iterator[tuple[Collector, Subject]]:
        for fact in answer.facts:
            for collector in self.collectors:
                if answer.kind in collector.of:
                    yield collector, fact.subject

    def _watch(self, answer: Answer[Any]) -> None:
        """A credential that is rejected in the middle is not tried again and again."""
        missing = answer.missing
        if missing is None or missing.reason is not Reason.REJECTED:
            return
        provider = answer.scope.provider
        if provider not in self.refused:
            self.refused[provider] = missing
            if any(known.facts for known in self.book.all() if known.scope.provider == provider):
                self.partial = f"the {provider} credential was rejected during the run"

    def _ask(self, collector: Collector, subject: Subject) -> list[Answer[Any]]:
        refused = self.refused.get(collector.provider)
        if refused is not None:
            return self._unknown(collector, subject, refused)
        try:
            answers = list(collector.read(self.clients[collector.provider], subject, self.book))
        except Exception as error:
            # Whatever a hostile answer provokes, the other facts are still worth having.
            LOG.exception("collector %s failed", collector.name)
            why = Unknown(
                Reason.MALFORMED,
                f"report this: reading {collector.name} failed with {type(error).__name__}",
                seen=type(error).__name__,
            )
            return self._unknown(collector, subject, why)
        given = {answer.kind for answer in answers}
        for kind in collector.gives:
            inner = kind.listed_by in collector.gives
            if kind not in given and not inner and self.book.get(kind, subject) is None:
                why = Unknown(Reason.NOT_VISIBLE, f"an answer about {kind.noun or kind.__name__}")
                answers.append(Answer(kind, subject, (), (), why))
        return answers

    def _give_up(self, first: Iterable[tuple[Collector, Subject]]) -> None:
        """Write down as unknown what would have been asked, so that nothing is left out."""
        why = Unknown(Reason.INCOMPLETE, "the run was interrupted; run again")
        led_to = [step for answer in self.book.all() for step in self._led_to(answer)]
        for collector, subject in (*first, *led_to):
            if (collector.name, subject) in self._done:
                continue
            for answer in self._unknown(collector, subject, why):
                if self.book.get(answer.kind, subject) is None:
                    self.book.put(answer)

    def _unknown(self, collector: Collector, subject: Subject, why: Unknown) -> list[Answer[Any]]:
        kinds = (kind for kind in collector.gives if kind.listed_by not in collector.gives)
        return [Answer(kind, subject, (), why.evidence, why) for kind in kinds]
