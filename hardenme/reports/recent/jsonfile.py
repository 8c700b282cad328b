"""What appeared or changed, as JSON."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from hardenme.codec.layout import Layout
from hardenme.codec.shape import OrNull, ParagraphsOrNull
from hardenme.model.confirm import ConfirmLine
from hardenme.model.recent import Event, Ordinary, Still, Undated, Unseen
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason
from hardenme.reports.form import EMPTY
from hardenme.reports.printed import PrintedDocument, as_json, printed
from hardenme.reports.recent.view import RecentView
from hardenme.reports.style import Style


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedChange:
    """Something that appeared or changed at a time that an answer gives.

    Attributes:
        at: when.
        kind: what the inventory calls it, like `deploy key`.
        place: the account, organization, repository or package that it is in.
        subject: its id.
        text: what happened, as a sentence.
        by: who did it; null if no answer shows it.
        allows: what it allows; null if that goes without saying.
        undo: the command that undoes it; null if a page does, or nothing.
        find: the command that prints the one that undoes it; null if that one is known, or none.
        page: where it is undone; null if there is no page.
        marks: why it looks like an attack; none if it does not.
        confirm: why a person has to confirm that they know it; none if it needs no one.
        from_stored_run: whether it was read by an earlier run, and not now.
        identity: the digest of everything that was read of it.
        confirmed: who confirmed it, and when; null if no one did.
        still: what it can still do, and so how soon it is stopped.
    """

    at: datetime
    kind: str
    place: Subject
    subject: Subject
    text: str
    by: OrNull
    allows: OrNull
    undo: ParagraphsOrNull
    find: OrNull
    page: OrNull
    marks: tuple[str, ...]
    confirm: tuple[str, ...]
    from_stored_run: bool
    identity: str
    confirmed: OrNull
    still: Still


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedConfirmLine:
    """What one actor changed and a person has to confirm.

    Attributes:
        id: of exactly these changes.
        provider: `github` or `npm`.
        actor: the login; null if no answer shows it.
        account: for which account it is confirmed; null if no credential shows one.
        command: what records that a person knows of it; null if no account is known.
        changes: what changed and where.
    """

    id: str
    provider: str
    actor: OrNull
    account: OrNull
    command: OrNull
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedUnseen:
    """What was not looked at, or not as a whole.

    Attributes:
        source: what is read there, in the plural, like `webhooks`.
        places: the accounts, organizations, repositories or packages.
        of: the number of such places.
        reason: one of the reasons for not knowing.
        needed: what it takes to see it.
        from_stored_run: whether an earlier run read it in some of them.
        page: where a person can look instead; null if there is no page.
        unreadable: whether hardenme cannot read it, whatever the token and the depth.
    """

    source: str
    places: tuple[Subject, ...]
    of: int
    reason: Reason
    needed: str
    from_stored_run: bool
    page: OrNull
    unreadable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentDocument(PrintedDocument):
    """What appeared or changed within a window of time.

    Attributes:
        version: of hardenme.
        targets: what was looked at.
        since: the start of the window.
        until: its end.
        partial: why the run is incomplete; null if it is.
        verdict: the word for it.
        marked: how many look like an attack.
        to_confirm: how many a person has still to confirm.
        confirmed: how many a person has confirmed.
        marked_shown_before: how many that look like an attack are left out by `--once`.
        to_confirm_shown_before: how many of the others are.
        to_confirm_by: the same, a line for each actor.
        notes: the warnings and notes of the run.
        requests: how many were sent.
        compared_with: when the run was made that this was compared with; null for none.
        compared_with_is_proof: whether that run shows what was not there.
        stored_run: when the run was made of which events were read; null for none.
        next: what comes next, in a sentence; null for nothing.
        events: what has a time.
        undated: what has none.
        not_looked_at: what may hide more.
        lists_read: how many lists were read.
        ordinary: work of every day, which is counted and not listed.
    """

    version: str
    targets: tuple[str, ...]
    since: datetime
    until: datetime
    partial: OrNull
    verdict: str
    marked: int
    to_confirm: int
    confirmed: int
    marked_shown_before: int
    to_confirm_shown_before: int
    to_confirm_by: tuple[PrintedConfirmLine, ...]
    notes: tuple[str, ...]
    requests: int
    compared_with: datetime | None
    compared_with_is_proof: bool
    stored_run: datetime | None
    next: OrNull
    events: tuple[PrintedChange, ...]
    undated: tuple[Undated, ...]
    not_looked_at: tuple[PrintedUnseen, ...]
    lists_read: int
    ordinary: Ordinary


NAMES = tuple(one.name for one in fields(Undated) if one.name != "subject")
"""The members of a change without a date; `names` and `place` say what it is about."""
FORM = printed(
    {Undated: Layout(NAMES, shapes={"change": EMPTY, "page": EMPTY, "confirmed": EMPTY})}
)


def render(told: RecentView, _style: Style) -> str:
    """All of it."""
    recent = told.recent
    return as_json(
        RecentDocument(
            version=told.version,
            targets=told.targets,
            since=recent.since,
            until=recent.until,
            partial=told.partial,
            verdict=told.verdict,
            marked=len(recent.marked),
            to_confirm=len(recent.to_confirm),
            confirmed=len(recent.confirmed),
            marked_shown_before=told.before.marked,
            to_confirm_shown_before=told.before.others,
            to_confirm_by=tuple(map(_line, told.to_confirm)),
            notes=told.notes,
            requests=told.requests,
            compared_with=recent.compared,
            compared_with_is_proof=recent.proven,
            stored_run=recent.stored,
            next=told.step.text or told.step.command,
            events=tuple(map(_change, recent.events)),
            undated=tuple(recent.undated),
            not_looked_at=tuple(map(_unseen, recent.unseen)),
            lists_read=recent.looked,
            ordinary=recent.ordinary,
        ),
        FORM,
    )


def _change(event: Event) -> PrintedChange:
    return PrintedChange(
        at=event.at,
        kind=event.kind,
        place=event.place,
        subject=event.subject,
        text=event.text,
        by=event.by,
        allows=event.allows,
        undo=event.undo,
        find=event.find,
        page=event.page,
        marks=event.marks,
        confirm=event.confirm,
        from_stored_run=event.stored,
        identity=event.identity,
        confirmed=event.confirmed,
        still=event.still,
    )


def _line(one: ConfirmLine) -> PrintedConfirmLine:
    return PrintedConfirmLine(
        id=one.id,
        provider=one.provider,
        actor=one.actor,
        account=one.account,
        command=one.command,
        changes=one.texts,
    )


def _unseen(one: Unseen) -> PrintedUnseen:
    return PrintedUnseen(
        source=one.source,
        places=one.places,
        of=one.all,
        reason=one.why.reason,
        needed=one.why.needed,
        from_stored_run=one.stored,
        page=one.page,
        unreadable=one.unreadable,
    )
