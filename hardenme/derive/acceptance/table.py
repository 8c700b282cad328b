"""Every cause by which a release is refused, in the order in which npm and GitHub ask."""

from __future__ import annotations

from hardenme.derive.acceptance import (
    by_hand,
    clients,
    exchange,
    jobs,
    manifests,
    tokens,
    triggers,
    upload,
)
from hardenme.derive.acceptance.attempt import Attempt, Note, Obstacle, Unsettled, WayEnd
from hardenme.derive.acceptance.row import CauseRow
from hardenme.model.acceptance import RefusedCause, ReleaseWay, UnreadCause, UnseenCause, verdict_of
from hardenme.model.known import field
from hardenme.model.unknown import Unknown
from hardenme.model.way import Way

ROWS = (
    *triggers.ROWS,
    *jobs.ROWS,
    *clients.ROWS,
    *exchange.ROWS,
    *upload.ROWS,
    *manifests.ROWS,
    *tokens.ROWS,
    *by_hand.ROWS,
)


def judged(attempt: Attempt, *, key: str, name: str) -> ReleaseWay:
    """What all rows together say of an attempt.

    Args:
        attempt: all that it meets.
        key: of its publish path.
        name: what the way is called.
    """
    refused: list[RefusedCause] = []
    unread: dict[Unsettled, list[CauseRow]] = {}
    notes: list[str] = []
    ends: list[WayEnd] = []
    for row in ROWS:
        said = row.said(attempt)
        if isinstance(said, Obstacle):
            refused.append(RefusedCause(row.number, said.cause, said.repair))
        elif isinstance(said, Unsettled):
            unread.setdefault(said, []).append(row)
        elif isinstance(said, Note):
            notes.append(said.text)
        elif isinstance(said, WayEnd):
            ends.append(said)
    open_ = (
        ()
        if refused
        else tuple(
            UnreadCause(
                tuple(row.number for row in rows),
                one.needed,
                one.reason,
                tuple(row.asks for row in rows),
            )
            for one, rows in unread.items()
        )
    )
    first = min(ends, key=lambda end: end.until, default=None)
    job = field(attempt, "job")
    command = field(attempt, "command")
    return ReleaseWay(
        key=key,
        way=attempt.way,
        name=name,
        verdict=verdict_of(tuple(refused), open_),
        refused=tuple(refused),
        unread=open_,
        unseen=tuple(
            UnseenCause(row.number, what) for row in ROWS if (what := row.unlooked(attempt))
        ),
        notes=tuple(dict.fromkeys(notes)),
        stages=not isinstance(command, Unknown)
        and attempt.way is not Way.PERSON
        and command.stages,
        until=None if first is None else first.until,
        ends="" if first is None else first.why,
        job=job.name if attempt.by_workflow and not isinstance(job, Unknown) else "",
    )
