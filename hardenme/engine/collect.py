"""Runs the collectors that a plan needs, by a bounded number of workers.

What is above the repositories, such as an organization and its members, is asked first and stays in
memory. Repositories come page by page. Each is passed on as soon as everything is asked about it,
so that a run holds a bounded number of them.
"""

from __future__ import annotations

import queue
import threading
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.protocol import Collector
from hardenme.engine.asker import Asker
from hardenme.engine.filter import RepositoryFilter
from hardenme.engine.joins import Joins
from hardenme.engine.progress import Progress, Silent, report_remaining
from hardenme.engine.step import CollectStep, Home, Message, stops
from hardenme.engine.turn import CycleTurn, asks, mark_unasked, store_of
from hardenme.engine.waiting_steps import WaitingSteps
from hardenme.facts.github.changes import RepositoryChange
from hardenme.facts.github.repository import Repository
from hardenme.model.fact import Answer, Fact
from hardenme.model.grant import PROVIDERS
from hardenme.model.stop import Terminated
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

OPEN = 200
"""Repositories that are asked about at once; the listing waits while there are as many."""
LISTERS = 4
"""Listings that go on at once. They wait for room, so they have threads of their own."""


def stopped_by(stop: KeyboardInterrupt) -> str:
    """What ended a run before its end, in one word."""
    return "terminated" if isinstance(stop, Terminated) else "interrupted"


@dataclass(slots=True)
class Collection:
    """One run of the collectors.

    Attributes:
        collectors: those that give a fact of the plan, deeper ones included.
        clients: by lane: a provider's name, or `github/OWNER` where an owner has a token of its
            own. None if it cannot be asked, with the reason in `refused`.
        refused: why a lane cannot be asked.
        store: what was learned about everything above the repositories.
        chosen: which repositories of a listing are looked at.
        workers: how many requests run at once.
        progress: receives each step.
        lane_of: the lane in which a provider is asked about a subject.
        begin: called once everything above the repositories is known, before the first repository
            is passed on.
        settle: takes a repository and what was learned about it, once everything is asked.
        join: the same for one that is not a target and belongs to a package that is.
        leave: takes a repository that the filter left out, and what its listing has shown of it.
        joins: what is asked about these, and what about targets.
        known_already: whether an earlier run finished a repository; called with what the listing
            shows.
        turn: a watch's share of what is asked a repository at a time; None to ask it of all.
        barred: why a collector is not asked about a subject, if it is not.
        answered: lanes that have answered, so that a rejection there is one on the way.
        left_out: how many repositories the filter left out.
        partial: why the run did not go to its end; empty if it did.
        halted: why a provider was asked nothing further; None if all was asked.
    """

    collectors: tuple[Collector, ...]
    clients: Mapping[str, Any]
    refused: dict[str, Unknown]
    store: FactStore = field(default_factory=FactStore)
    chosen: RepositoryFilter = field(default_factory=RepositoryFilter)
    workers: int = 4
    progress: Progress = field(default_factory=Silent)
    lane_of: Callable[[str, Subject], str] = lambda provider, _subject: provider
    begin: Callable[[], None] = lambda: None
    settle: Callable[[Subject, FactStore], None] = lambda _subject, _store: None
    join: Callable[[Subject, FactStore], None] = lambda _subject, _store: None
    leave: Callable[[Subject, FactStore], None] = lambda _subject, _store: None
    joins: Joins | None = None
    known_already: Callable[[Subject, FactStore], bool] = lambda _subject, _store: False
    barred: Callable[[Collector, Subject], Unknown | None] = lambda _collector, _subject: None
    turn: CycleTurn | None = None
    answered: set[str] = field(default_factory=set)
    left_out: int = 0
    partial: str = ""
    halted: Reason | None = None
    _messages: queue.SimpleQueue[Message] = field(default_factory=queue.SimpleQueue)
    _above: deque[CollectStep] = field(default_factory=deque)
    _below: deque[CollectStep] = field(default_factory=deque)
    _asked: set[tuple[str, Subject]] = field(default_factory=set)
    _unfinished: dict[tuple[str, Subject], CollectStep] = field(default_factory=dict)
    _homes: dict[Subject, Home] = field(default_factory=dict)
    _gone: set[Subject] = field(default_factory=set)
    _joined: set[str] = field(default_factory=set)
    _ready: deque[Subject] = field(default_factory=deque)
    _deeper: list[tuple[Collector, Subject]] = field(default_factory=list)
    _flying: int = 0
    _above_open: int = 0
    _begun: bool = False
    _counts: Counter[str] = field(default_factory=Counter)
    _stopped: threading.Event = field(default_factory=threading.Event)
    _room: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(OPEN))
    _led: dict[type[Fact], list[Collector]] = field(default_factory=lambda: defaultdict(list))
    _waiting: WaitingSteps | None = None

    def run(self, roots: Iterable[Subject]) -> FactStore:
        """Ask for everything that the plan needs about the roots and what they lead to.

        An interrupt stops the workers and keeps what was learnt; what they still wait for is not
        waited for.
        """
        for collector in self.collectors:
            for kind in collector.of:
                self._led[kind].append(collector)
        if self.turn is not None:
            self._waiting = WaitingSteps(self.turn, self.workers, self._led)
        workers = ThreadPoolExecutor(self.workers, thread_name_prefix="collector")
        listers = ThreadPoolExecutor(LISTERS, thread_name_prefix="lister")
        try:
            for root in roots:
                self._root(root)
            self._drain(workers, listers)
        except KeyboardInterrupt as stop:
            self.partial = stopped_by(stop)
            self.stop()
            self._give_up()
        finally:
            over = not self._unfinished
            workers.shutdown(wait=over, cancel_futures=True)
            listers.shutdown(wait=over, cancel_futures=True)
        if self._waiting is not None:
            self._waiting.finish(self._repositories)
        self._begin()
        for home, found in list(self._homes.items()):
            # One that a listing did not come to name is part of what that listing lacks.
            if found.listed:
                self._finish(home)
        return self.store

    def stop(self) -> None:
        """Let no further request be sent."""
        self._stopped.set()
        for client in self.clients.values():
            if client is not None and hasattr(client, "session"):
                client.session.stopped.set()

    def _root(self, root: Subject) -> None:
        home = root if root.kind == "repo" else None
        if home is not None:
            self._homes[home] = Home(store_of(self.turn, self.store, home), listed=True)
            self._counts["named"] += 1
        self._begin_with(root, home)

    def _begin_with(self, root: Subject, home: Subject | None) -> None:
        for collector in self.collectors:
            rooted = f"{root.provider}:{root.kind}" in collector.roots
            if rooted and self._wants(collector, root, home):
                self._schedule(collector, root, home)

    def _wants(self, collector: Collector, subject: Subject, home: Subject | None) -> bool:
        """Whether there is something to ask; it depends on for whose sake."""
        joined = home in self._homes and self._homes[home].joined
        return self.joins is None or self.joins.wants(collector, subject, joined=joined)

    def _join_repositories(self) -> None:
        """Ask about the repositories of packages, as far as they were not asked about as targets.

        It is the last thing, since only then it is known which of them the listings showed.
        """
        if self.joins is None or not self.joins.asked:
            return
        done = {home.name.lower() for home in self._gone} if self.joins.covered else set()
        for name in sorted(self.store.joins() - done - self._joined):
            self._joined.add(name)
            home = Subject("github", "repo", name)
            self._gone.discard(home)
            scoped = self.store.scoped(self.joins.joined)
            self._homes[home] = Home(scoped, listed=True, joined=True)
            self._begin_with(home, home)

    def _schedule(self, collector: Collector, subject: Subject, home: Subject | None) -> None:
        if not asks(self.turn, collector, subject, home, self.store):
            deeper = self._homes[home].deeper if home in self._homes else self._deeper
            deeper.append((collector, subject))
            return
        name = (collector.name, subject)
        asked = self._asked if home is None else self._homes[home].asked
        if name in asked:
            return
        asked.add(name)
        waits = self.turn is not None and self.turn.waits(collector, home)
        self._open(CollectStep(collector, subject, home, waits))

    def _open(self, step: CollectStep) -> None:
        """Have a question asked when its time comes."""
        self._unfinished[step.collector.name, step.subject] = step
        if step.home is not None:
            self._homes[step.home].left += 1
            self._homes[step.home].waiting += step.waits
        if step.waits and self._waiting is not None:
            self._waiting.put(step)
        elif step.home is not None:
            self._below.append(step)
        else:
            self._above_open += not step.lists
            self._above.append(step)

    def _drain(self, workers: ThreadPoolExecutor, listers: ThreadPoolExecutor) -> None:
        done = 0
        while True:
            self._send(workers, listers)
            if not self._unfinished:
                self._join_repositories()
                self._send(workers, listers)
            if not self._unfinished:
                break
            step, answer = self._messages.get()
            if answer is not None:
                self._take(step, answer)
                continue
            done += 1
            self._end(step)
            self.progress.step(done, done + len(self._unfinished), step.collector.name)

    def _send(self, workers: ThreadPoolExecutor, listers: ThreadPoolExecutor) -> None:
        """Give the workers as much as they can do; what is above the repositories comes first."""
        asker = Asker(
            self.clients,
            self.refused,
            self.lane_of,
            self.barred,
            self._book_of,
            self._messages,
            self._room,
            self._stopped,
        )
        while self._above and (self._above[0].lists or self._flying < self.workers):
            step = self._above.popleft()
            pool = listers if step.lists else workers
            self._flying += not step.lists
            asker.hand(step, pool)
        while self._below and self._flying < self.workers:
            self._flying += 1
            asker.hand(self._below.popleft(), workers)
        waiting = self._waiting
        if waiting is None or not waiting:
            return
        if not waiting.begun and len(self._unfinished) == len(waiting):
            waiting.begin(self._repositories)
        while waiting and waiting.begun and self._flying < waiting.at_once:
            self._flying += 1
            asker.hand(waiting.next(), workers)

    def _end(self, step: CollectStep) -> None:
        self._flying -= not step.lists
        del self._unfinished[step.collector.name, step.subject]
        if step.waits and self._waiting is not None:
            self._waiting.ended(step)
        home = self._homes.get(step.home) if step.home is not None else None
        if step.home is not None and home is not None:
            home.left -= 1
            home.waiting -= step.waits
            self._ask_again(step, step.home)
            self._close(step.home)
        elif step.home is None and not (step.lists or step.waits):
            self._above_open -= 1
        self._hand_over()

    def _ask_again(self, step: CollectStep, home: Subject) -> None:
        """Have a question asked once more that waits until all else was read."""
        pushes = None if self.turn is None else self.turn.pushes
        reads = RepositoryChange in step.collector.gives
        if pushes is not None and reads and not step.waits and pushes.waits(home):
            self._open(replace(step, waits=True))

    @property
    def _repositories(self) -> int:
        """How many are looked at, as far as is known."""
        return self._counts["listed"] + self._counts["named"]

    def _park(self, home: Home) -> None:
        """Let a repository take no room of which only what comes last is open."""
        if home.listed and home.waiting and home.left == home.waiting and not home.parked:
            home.parked = True
            self._room.release()

    def _hand_over(self) -> None:
        """Pass on what is ready, once everything above the repositories is known."""
        if self._above_open == 0:
            self._begin()
            while self._ready:
                self._finish(self._ready.popleft())

    def _begin(self) -> None:
        if not self._begun:
            self._begun = True
            mark_unasked(self.turn, self._deeper, self.store, None)
            self.begin()

    def _close(self, home: Subject) -> None:
        """Make a repository ready, if all is asked of it."""
        self._park(self._homes[home])
        if self._homes[home].listed and not self._homes[home].left:
            self._ready.append(home)
            self._hand_over()

    def _finish(self, home: Subject) -> None:
        found = self._homes.pop(home, None)
        if found is None:
            return
        mark_unasked(self.turn, found.deeper, found.store, home)
        self._gone.add(home)
        if found.joined:
            self.join(home, found.store)
            return
        self.settle(home, found.store)
        if not found.parked:
            self._room.release()
        self._counts["settled"] += 1
        self.progress.repositories(self._counts["settled"], self._counts["listed"])
        report_remaining(self.progress, self.clients.values())

    def _take(self, step: CollectStep, answer: Answer[Any]) -> None:
        home = answer.scope if answer.scope.kind == "repo" else step.home
        if home in self._gone:
            if step.names(answer):
                self._room.release()
            return
        if home is not None and home not in self._homes:
            self._homes[home] = Home(store_of(self.turn, self.store, home))
        store = self.store if home is None else self._homes[home].store
        store.put(answer)
        if step.waits and self._waiting is not None:
            self._waiting.take(step, answer)
        self._watch(step, answer)
        found = self._homes[home] if home is not None else None
        if found is not None and not found.named and answer.kind is not Repository:
            # What leads on from here waits until it is known that the repository is looked at.
            found.early.append(answer)
            return
        if found is not None and home is not None and answer.kind is Repository:
            if not found.listed and not self._list(home, answer):
                return
            found.named = True
            for waiting in found.early:
                self._lead_on(waiting, home)
            found.early.clear()
        self._lead_on(answer, home)
        if found is not None and home is not None:
            self._close(home)

    def _lead_on(self, answer: Answer[Any], home: Subject | None) -> None:
        for fact in answer.facts:
            for collector in self._led[answer.kind]:
                if self._wants(collector, answer.scope, home):
                    self._schedule(collector, fact.subject, home)

    def _list(self, home: Subject, answer: Answer[Repository]) -> bool:
        """A listing named a repository, after its details; returns whether it is asked about."""
        chosen = not answer.facts or any(self.chosen.keeps(fact) for fact in answer.facts)
        if not chosen:
            self.left_out += 1
            self.leave(home, self._homes[home].store)
        if not chosen or self.known_already(home, self._homes[home].store):
            del self._homes[home]
            self._gone.add(home)
            self._room.release()
            return False
        self._counts["listed"] += 1
        self._homes[home].listed = True
        return True

    def _watch(self, step: CollectStep, answer: Answer[Any]) -> None:
        """What can only be refused again is not asked again and again."""
        missing, provider = answer.missing, step.collector.provider
        lane = self.lane_of(provider, answer.scope)
        if answer.facts:
            self.answered.add(lane)
        if missing is None or lane in self.refused or not stops(missing, self.clients.get(lane)):
            return
        self.refused[lane] = missing
        if missing.reason is Reason.RATE_LIMITED:
            asked = PROVIDERS.get(provider, "the domain registry")
            limit = f"{asked}'s rate limit was reached"
            self.partial = f"{limit}; it takes {missing.needed}"
        elif lane in self.answered:
            self.partial = f"the {provider} credential was rejected during the run"
        else:
            return
        self.halted = missing.reason

    def _book_of(self, step: CollectStep) -> FactStore:
        """Where the answers of a step are written."""
        home = self._homes.get(step.home) if step.home is not None else None
        return self.store if home is None else home.store

    def _give_up(self) -> None:
        """Write down as unknown what was not answered, so that nothing is left out."""
        why = Unknown(Reason.INCOMPLETE, "the run was interrupted; run again")
        # What the steps that were done lead to was scheduled when they ended.
        for step in list(self._unfinished.values()):
            store = self._book_of(step)
            for answer in step.unknown(why):
                if store.get(answer.kind, step.subject) is None:
                    store.put(answer)
