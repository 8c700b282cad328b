"""What appeared or changed lately, and what that was looked for in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown


class Urgency(IntEnum):
    """What a change can still do: the lowest is stopped first."""

    PUBLISHES = 0
    """It can publish, or users get what it published."""
    PUSHES = 1
    """It can push, or lets pushes through."""
    RUNS = 2
    """It needs one more run or approval."""
    SPREADS = 3
    """What it did is there for everyone."""
    READS = 4
    SIGNS = 5
    NOT_KNOWN = 6


@dataclass(frozen=True, slots=True)
class Still:
    """What a change can still do.

    Attributes:
        urgency: how soon it is stopped.
        text: the same as a sentence; empty if it is not known.
        stop: the command that stops that without undoing the change; empty for none.
    """

    urgency: Urgency
    text: str
    stop: str = ""


STILL_UNKNOWN = Still(Urgency.NOT_KNOWN, "")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that appeared or changed at a time that an answer gives.

    Attributes:
        at: when, in UTC.
        kind: what the inventory calls it, like `deploy key`.
        place: the account, organization, repository or package that it is in.
        subject: its id.
        text: what happened, as a sentence without its subject's place.
        by: who did it; empty if no answer shows it.
        unread: this run did not ask who did it, and a run of another depth does.
        allows: what it allows; empty if that goes without saying.
        undo: the command that undoes it; empty if a page does, or nothing.
        find: the command that prints the one that undoes it, where that takes a number that was
            not read; else empty.
        page: where it is undone; empty if there is no page.
        marks: why it looks like an attack; none if it does not.
        confirm: why a person has to confirm that they know it; none if it needs no one.
        stored: it was read by an earlier run, and not now.
        identity: the digest of everything that was read of it; a person confirms exactly that.
        confirmed: who confirmed it, and when, in words; empty if no one did.
        still: what it can still do.
        joined: who could not publish before a version, and can with it.
        appeared: it was made in the window, and not only changed.
    """

    at: datetime
    kind: str
    place: Subject
    subject: Subject
    text: str
    by: str = ""
    allows: str = ""
    undo: str = ""
    find: str = ""
    page: str = ""
    marks: tuple[str, ...] = ()
    confirm: tuple[str, ...] = ()
    stored: bool = False
    identity: str = ""
    confirmed: str = ""
    still: Still = STILL_UNKNOWN
    joined: tuple[str, ...] = ()
    appeared: bool = True
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Undated:
    """Something that exists or changed, without a time in any answer.

    Attributes:
        kind: what the inventory calls it, like `owner`.
        place: where.
        names: of the items, or what changed about one.
        weight: what someone gains who added one.
        change: how it differs from the stored run: `appeared`, `changed` or `vanished`; empty
            without a stored run to compare with.
        page: where to look; empty if there is no page.
        marks: why it looks like an attack; none if it does not.
        confirm: why a person has to confirm that they know it; none if it needs no one.
        identity: the digest of everything that was read of the change; empty for no change.
        confirmed: who confirmed it, and when, in words; empty if no one did.
        still: what it can still do.
        subject: the one thing that it is about; None if it is about several.
    """

    kind: str
    place: Subject
    names: tuple[str, ...]
    weight: Severity
    change: str = ""
    page: str = ""
    marks: tuple[str, ...] = ()
    confirm: tuple[str, ...] = ()
    identity: str = ""
    confirmed: str = ""
    still: Still = STILL_UNKNOWN
    subject: Subject | None = None


@dataclass(frozen=True, slots=True)
class Unseen:
    """What was not looked at, or not as a whole.

    Attributes:
        source: what is read there, in the plural, like `webhooks`.
        places: the accounts, organizations, repositories or packages, in order.
        why: what it takes to see it.
        all: the number of such places.
        stored: an earlier run read it in some of them, and what it read is shown.
        page: where a person can look instead; empty if there is no page.
        unreadable: hardenme cannot read it, whatever the token and the depth.
    """

    source: str
    places: tuple[Subject, ...]
    why: Unknown
    all: int = 0
    stored: bool = False
    page: str = ""
    unreadable: bool = False


@dataclass(frozen=True, slots=True)
class Ordinary:
    """Work of every day, which is counted and not listed.

    Attributes:
        pushes: pushes, merges, and branches made or deleted.
        runs: runs of workflows that the default branch has.
        people: who pushed.
        repositories: where.
    """

    pushes: int = 0
    runs: int = 0
    people: int = 0
    repositories: int = 0


@dataclass(frozen=True, slots=True)
class Recent:
    """What appeared or changed in a window of time.

    Attributes:
        since: when the window begins, by the servers' clocks.
        until: when it ends.
        events: the newest first.
        undated: what no answer dates, the most important first.
        unseen: what was not looked at.
        ordinary: what is counted and not listed.
        looked: how many sources were read to their end.
        compared: when the stored run was made that undated changes were compared with; None for
            none.
        proven: that run ended before the window, so that what it saw too did not change since.
        stored: when the stored run was made that fills in for what was not read; None for none.
    """

    since: datetime
    until: datetime
    events: Sequence[Event]
    undated: Sequence[Undated]
    unseen: Sequence[Unseen]
    ordinary: Ordinary
    looked: int
    compared: datetime | None = None
    stored: datetime | None = None
    proven: bool = False

    @property
    def readable(self) -> tuple[Unseen, ...]:
        """What was not looked at and that another run can look at."""
        return tuple(one for one in self.unseen if not one.unreadable)

    @property
    def to_confirm(self) -> tuple[Event | Undated, ...]:
        """What is not a sign of an attack by itself, but that a person still has to confirm."""
        return tuple(one for one in self._to_know if not one.confirmed)

    @property
    def confirmed(self) -> tuple[Event | Undated, ...]:
        """What a person has confirmed that they know."""
        return tuple(one for one in self._to_know if one.confirmed)

    @property
    def _to_know(self) -> tuple[Event | Undated, ...]:
        every: tuple[Event | Undated, ...] = (*self.events, *self.undated)
        return tuple(one for one in every if one.confirm and not one.marks)

    @property
    def marked(self) -> tuple[Event | Undated, ...]:
        """What looks like an attack."""
        events = (one for one in self.events if one.marks)
        return (*events, *(one for one in self.undated if one.marks))

    @property
    def by_account(self) -> dict[str, tuple[Event, ...]]:
        """What looks like an attack by who made it on GitHub: who made most is first.

        Some are programs. For what is not dated no answer shows who did it.
        """
        made: dict[str, tuple[Event, ...]] = {}
        for one in self.to_stop:
            if isinstance(one, Event) and one.by and one.place.provider == "github":
                made[one.by] = (*made.get(one.by, ()), one)
        return dict(sorted(made.items(), key=lambda one: -len(one[1])))

    @property
    def to_stop(self) -> tuple[Event | Undated, ...]:
        """The same in the order in which it is stopped: what can publish or push now comes first.

        Of the same urgency, what has a command comes first, then the newest.
        """
        return tuple(sorted(self.marked, key=_order))


def _order(one: Event | Undated) -> tuple[Urgency, bool, float, str]:
    undo, at = ("", 0.0) if isinstance(one, Undated) else (one.undo, -one.at.timestamp())
    return one.still.urgency, not (undo or one.still.stop), at, str(one.place)
