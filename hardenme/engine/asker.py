"""Puts one question, in a thread of a pool, and passes on what is answered."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.protocol import Collector
from hardenme.collectors.transport.request_limit import spending
from hardenme.engine.step import CollectStep, Message
from hardenme.engine.waiting_steps import spender
from hardenme.model.fact import Answer, Fact
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

LOG = logging.getLogger(__name__)
BREATH = 0.2
"""Seconds between two looks at whether a listing that waits for room has to stop."""


@dataclass(frozen=True, slots=True)
class Asker:
    """The state that the threads of a run share.

    Attributes:
        clients: by lane.
        refused: why a lane cannot be asked.
        lane_of: the lane in which a provider is asked about a subject.
        barred: why a collector is not asked about a subject, if it is not.
        book_of: the store of what is known for a step.
        messages: takes the answers of a step one by one, and then None.
        room: for how many repositories there is room.
        stopped: set where nothing more is to be asked.
    """

    clients: Mapping[str, Any]
    refused: Mapping[str, Unknown]
    lane_of: Callable[[str, Subject], str]
    barred: Callable[[Collector, Subject], Unknown | None]
    book_of: Callable[[CollectStep], FactStore]
    messages: queue.SimpleQueue[Message]
    room: threading.Semaphore
    stopped: threading.Event

    def hand(self, step: CollectStep, pool: Executor) -> None:
        """Have a thread of the pool ask; what it will import is loaded here, by one thread."""
        for name in step.collector.loads(step.subject, self.book_of(step)):
            # The collector reports an extra that is not installed.
            with suppress(ImportError):
                import_module(name)
        pool.submit(self.ask, step)

    def ask(self, step: CollectStep) -> None:
        """Ask, and pass each answer on as it comes."""
        given: set[tuple[type[Fact], Subject]] = set()
        try:
            with spending(spender(step)) if step.waits else nullcontext():
                for answer in self._read(step):
                    given.add((answer.kind, answer.scope))
                    if step.names(answer):
                        self._wait_for_room()
                    self.messages.put((step, answer))
        except Exception as error:
            # Whatever a hostile answer provokes, the other facts are still worth having.
            LOG.exception("collector %s failed", step.collector.name)
            why = Unknown(
                Reason.MALFORMED,
                f"report this: reading {step.collector.name} failed with {type(error).__name__}",
                seen=type(error).__name__,
            )
            for answer in step.unknown(why):
                if (answer.kind, answer.scope) not in given:
                    self.messages.put((step, answer))
        finally:
            self.messages.put((step, None))

    def _read(self, step: CollectStep) -> Iterable[Answer[Any]]:
        collector, subject = step.collector, step.subject
        lane = self.lane_of(collector.provider, subject)
        refused = self.refused.get(lane) or self.barred(collector, subject)
        if refused is not None:
            yield from step.unknown(refused)
            return
        store = self.book_of(step)
        given: set[type[Fact]] = set()
        for answer in collector.read(self.clients[lane], subject, store):
            given.add(answer.kind)
            yield answer
        for kind in collector.gives:
            inner = kind.listed_by in collector.gives
            if kind not in given and not inner and store.get(kind, subject) is None:
                why = Unknown(Reason.NOT_VISIBLE, f"an answer about {kind.noun or kind.__name__}")
                yield Answer(kind, subject, (), (), why)

    def _wait_for_room(self) -> None:
        while not self.room.acquire(timeout=BREATH):
            if self.stopped.is_set():
                return
