"""What to do about one person, as JSON."""

from __future__ import annotations

from dataclasses import dataclass

from hardenme.codec.shape import OrNull
from hardenme.model.fact import Attestation
from hardenme.model.handover import Mode, Task
from hardenme.reports.handover.view import HandoverView
from hardenme.reports.printed import PrintedDocument, as_json
from hardenme.reports.style import Style


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedTask:
    """One thing to do.

    Attributes:
        stage: when: `first`, `ask`, `move`, `remove` or `rotate`.
        text: what, as a sentence that starts with a verb.
        commands: that do it; none if a page does, or a person.
        page: where it is done; null if there is none.
        breaks: what stops working; null if nothing does.
        needs: who can do it; null where anyone can who reads this.
        topic: the word of a question that no API answers; null for other tasks.
        question: what has to be true in the end.
        attested: who answered it with yes, as long as that counts; null if no one did.
        answer_does_not_count: why the answer on record does not; null if there is none.
        record: the command that records a yes.
    """

    stage: str
    text: str
    commands: tuple[str, ...]
    page: OrNull
    breaks: OrNull
    needs: OrNull
    topic: OrNull
    question: OrNull
    attested: Attestation | None
    answer_does_not_count: OrNull
    record: OrNull


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverDocument(PrintedDocument):
    """What to do about a person whose access ends.

    Attributes:
        version: of hardenme.
        run: whose run it is and how old; null for one that was just made.
        partial: why the run is incomplete; null if it is.
        login: whose access ends, on GitHub.
        npm: the same person's npm account; null if nothing links one.
        mode: why it ends.
        successor: who takes over; null for no one.
        found: whether the person was seen somewhere.
        complete: whether everything was looked at.
        warnings: what a reader of the run has to know.
        notes: what the run did not look at as a whole, and what was left out of it.
        tasks: in the order in which they are safe to take.
        not_looked_at: each with what it takes.
    """

    version: str
    run: OrNull
    partial: OrNull
    login: str
    npm: OrNull
    mode: Mode
    successor: OrNull
    found: bool
    complete: bool
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    tasks: tuple[PrintedTask, ...]
    not_looked_at: tuple[str, ...]


def document(told: HandoverView, _style: Style) -> str:
    """All of it."""
    found = told.found
    return as_json(
        HandoverDocument(
            version=told.version,
            run=told.run,
            partial=told.partial,
            login=found.login,
            npm=found.npm,
            mode=found.mode,
            successor=found.successor,
            found=found.found,
            complete=found.extent.complete,
            warnings=tuple(told.warnings),
            notes=tuple(told.notes),
            tasks=tuple(map(_task, found.tasks)),
            not_looked_at=found.unseen,
        )
    )


def _task(task: Task) -> PrintedTask:
    return PrintedTask(
        stage=task.stage.name.lower(),
        text=task.text,
        commands=task.commands,
        page=task.page,
        breaks=task.breaks,
        needs=task.needs,
        topic=task.topic,
        question=task.question,
        attested=task.attested,
        answer_does_not_count=task.stale,
        record=task.record,
    )
