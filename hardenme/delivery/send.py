"""Sends messages to all notification targets in parallel, within a fixed time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hardenme.delivery.dependence import MAIL
from hardenme.delivery.notification_target import FAILED, PAUSE, TRIES, NotificationTarget
from hardenme.delivery.quiet import THREAD, Ear, listening, no_passwords
from hardenme.model.message import Message

SECONDS = 60.0
"""How long all of a delivery may take."""
LATE = "did not answer in time"
UNTITLED = "refused the title: it took the message with the title as its first line"
NAME = "hardenme"
"""The title of a message whose own one was refused."""
REFUSING = ("400", "406", "413", "414", "415", "422")
"""Answers by which a service says that it does not take what a message holds."""


@dataclass(frozen=True, slots=True)
class PendingDelivery:
    """A message that has yet to be sent.

    Attributes:
        message: what is sent.
        wanted: whether a target has yet to get it.
        done: called at once for each target that accepted it.
        note: a prefix of the title, such as the time of a delayed message.
    """

    message: Message
    wanted: Callable[[NotificationTarget], bool]
    done: Callable[[NotificationTarget], None]
    note: str = ""


@dataclass(slots=True)
class _Course:
    """The state of a delivery so far.

    Attributes:
        failed: why a target did not accept a message, by its number.
        sent: how many times a target accepted a message.
        untitled: the numbers of the targets that refused a title.
        running: the numbers of the targets that are still in progress.
        closed: no more is taken note of: time is up.
    """

    lock: threading.Lock = field(default_factory=threading.Lock)
    failed: dict[int, str] = field(default_factory=dict)
    sent: int = 0
    untitled: set[int] = field(default_factory=set)
    running: set[int] = field(default_factory=set)
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a delivery.

    Attributes:
        sent: how many times a target accepted a message.
        failures: a sentence for each target that did not accept everything.
        notes: a sentence for each target that accepted something in an unusual way.
    """

    sent: int = 0
    failures: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def send(
    jobs: Sequence[PendingDelivery], sinks: Sequence[NotificationTarget], seconds: float = SECONDS
) -> Outcome:
    """Send messages, the oldest first. A target that fails gets none of the later ones.

    Each target has a thread that ends with the process. A target that keeps its thread for longer
    than `seconds` counts as failed. It may have accepted the message without an answer, and may get
    it again.
    """
    course = _Course(running={sink.number for sink in sinks})
    ear = listening()
    threads = [
        threading.Thread(
            target=_serve,
            args=(sink, jobs, course, ear),
            name=f"{THREAD}{sink.number}",
            daemon=True,
        )
        for sink in sinks
    ]
    end = time.monotonic() + seconds
    with no_passwords():
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(max(0.0, end - time.monotonic()))
    with course.lock:
        course.closed = True
        failed = course.failed | dict.fromkeys(course.running, LATE)
    names = {sink.number: sink.name for sink in sinks}
    failures = tuple(f"{names[number]} {why}" for number, why in sorted(failed.items()))
    notes = tuple(f"{names[number]} {UNTITLED}" for number in sorted(course.untitled))
    return Outcome(course.sent, failures, notes)


def _serve(
    sink: NotificationTarget, jobs: Sequence[PendingDelivery], course: _Course, ear: Ear
) -> None:
    """Send a target what it has yet to get."""
    for job in jobs:
        if not job.wanted(sink):
            continue
        why = _give(sink, job, ear)
        untitled = bool(why) and _may_be_the_title(sink, why) and _give_untitled(sink, job, ear)
        with course.lock:
            if course.closed:
                return
            if untitled:
                course.untitled.add(sink.number)
            elif why:
                course.failed[sink.number] = why
                break
            course.sent += 1
            job.done(sink)
    with course.lock:
        course.running.discard(sink.number)


def _give(sink: NotificationTarget, job: PendingDelivery, ear: Ear) -> str:
    """Send a target one message, with a few attempts; returns why it was not accepted, if so."""
    message = job.message
    title = f"{job.note}{message.title}"
    why = ""
    for count in range(TRIES):
        if count:
            time.sleep(PAUSE * 2 ** (count - 1))
        if sink.give(title, message.lines[sink.form], urgent=message.urgent):
            return ""
        status = ear.status()
        why = f"{FAILED}: it answered {status}" if status else FAILED
        if status.startswith("3"):
            return f"{FAILED}: it redirects elsewhere ({status}), which is not followed"
    return why


def _may_be_the_title(sink: NotificationTarget, why: str) -> bool:
    """Whether a target may accept the message without its title. A mail server gives no number."""
    return why.endswith(REFUSING) or (sink.schema in MAIL and why == FAILED)


def _give_untitled(sink: NotificationTarget, job: PendingDelivery, ear: Ear) -> bool:
    """Send a target a message with the title in its text; returns whether it accepted that."""
    lines = (f"{job.note}{job.message.title}", "", *job.message.lines[sink.form])
    taken = sink.give(NAME, lines, urgent=job.message.urgent)
    ear.status()
    return taken
