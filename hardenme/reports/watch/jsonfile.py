"""A cycle of a watch as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hardenme.codec.shape import OrNull
from hardenme.model.recent import Event, Undated
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason
from hardenme.model.watch import NotRead
from hardenme.reports.printed import PrintedDocument, as_json, printed
from hardenme.reports.style import Style
from hardenme.reports.watch.shown import CycleShown, change_line, remedies


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedChange:
    """Something that differs from the cycle before.

    Attributes:
        kind: what the inventory calls it, like `deploy key`.
        place: the account, organization or repository that it is in.
        text: what differs, in a sentence.
        at: when, where an answer has its time; null elsewhere.
        by: who did it; null if no answer shows it.
        marks: why it looks like an attack; none if it does not.
        confirm: why a person has to confirm that they know it; none if it needs no one.
        commands: what undoes or stops it.
        page: where it is undone; null if there is no page.
    """

    kind: str
    place: Subject
    text: str
    at: datetime | None
    by: OrNull
    marks: tuple[str, ...]
    confirm: tuple[str, ...]
    commands: tuple[str, ...]
    page: OrNull


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedGap:
    """What a cycle was to read and did not.

    Attributes:
        source: what is read there, in the plural, like `webhooks`.
        places: the accounts, organizations or repositories.
        reason: one of the reasons for not knowing.
        needed: what it takes to see it.
        last_read: when it was read last; null for never.
        alert: whether it was read before and is not for too long, which no cycle has shown.
    """

    source: str
    places: tuple[Subject, ...]
    reason: Reason
    needed: str
    last_read: datetime | None
    alert: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchDocument(PrintedDocument):
    """One cycle of a watch.

    Attributes:
        version: of hardenme.
        targets: what is watched.
        at: when the cycle was.
        since: when the one before it was; null for the first one.
        sentence: what it comes to.
        could_not_look: why it saw nothing at all; null if it did.
        oldest_look: when that was looked at which was not for the longest time; null for nothing.
        oldest_look_of: what that is, and where; null for nothing.
        repositories: how many are watched.
        turns: how many had their turn.
        round_seconds: how long it takes until each had its turn; null if that is not known.
        requests: how many were sent.
        not_modified: how many of the answers were "not modified".
        remarks: what else a reader has to know.
        marked: how many changes look like an attack.
        changes: what looks like an attack, and what a person has to confirm.
        other: what else differs.
        not_read: what the cycle was to read and did not.
    """

    version: str
    targets: tuple[str, ...]
    at: datetime
    since: datetime | None
    sentence: str
    could_not_look: OrNull
    oldest_look: datetime | None
    oldest_look_of: OrNull
    repositories: int
    turns: int
    round_seconds: int | None
    requests: int
    not_modified: int
    remarks: tuple[str, ...]
    marked: int
    changes: tuple[WatchedChange, ...]
    other: tuple[WatchedChange, ...]
    not_read: tuple[WatchedGap, ...]


FORM = printed()


def render(shown: CycleShown, _style: Style) -> str:
    """All of it."""
    cycle = shown.cycle
    oldest = cycle.oldest
    return as_json(
        WatchDocument(
            version=shown.version,
            targets=shown.targets,
            at=cycle.at,
            since=cycle.since,
            sentence=shown.sentence,
            could_not_look=cycle.why_blind,
            oldest_look=None if oldest is None else oldest.at,
            oldest_look_of="" if oldest is None else f"{oldest.what} of {oldest.place}",
            repositories=cycle.repositories,
            turns=cycle.turns,
            round_seconds=None if cycle.round is None else int(cycle.round.total_seconds()),
            requests=cycle.requests,
            not_modified=cycle.spared,
            remarks=(*cycle.remarks, *cycle.standing),
            marked=len(cycle.marked),
            changes=tuple(map(_change, cycle.alerts)),
            other=tuple(map(_change, cycle.notes)),
            not_read=tuple(map(_gap, cycle.not_read)),
        ),
        FORM,
    )


def _change(one: Event | Undated) -> WatchedChange:
    return WatchedChange(
        kind=one.kind,
        place=one.place,
        text=change_line(one),
        at=one.at if isinstance(one, Event) else None,
        by=one.by if isinstance(one, Event) else "",
        marks=one.marks,
        confirm=one.confirm,
        commands=tuple(remedies(one)),
        page=one.page,
    )


def _gap(one: NotRead) -> WatchedGap:
    return WatchedGap(
        source=one.what,
        places=one.places,
        reason=one.why.reason,
        needed=one.why.needed,
        last_read=one.since,
        alert=one.alert,
    )
