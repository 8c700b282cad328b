"""What a watch saw, what it has already reported, and the result of one cycle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from hardenme.model.inventory import Place
from hardenme.model.recent import Event, Undated
from hardenme.model.report import Identity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

INTERVAL = timedelta(minutes=5)
"""Between two cycles of a watch, where nothing else is known."""
LATER = Unknown(Reason.NOT_ASKED, "its turn in a later cycle of the watch")
"""The reason for what a cycle does not read because it is not its turn."""
READ_BEFORE = Unknown(Reason.NOT_ASKED, "nothing: an earlier cycle of the same turn read it")
"""The reason for what a turn that goes over several cycles reads once."""


@dataclass(frozen=True, slots=True)
class LastLooks:
    """When a place was last looked at.

    Attributes:
        place: the organization or repository.
        at: each time, with the names of the changes of the table that were readable then.
        missed: of what is not readable any more, when that was first so.
    """

    place: Subject
    at: tuple[tuple[datetime, tuple[str, ...]], ...] = ()
    missed: tuple[tuple[datetime, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class AlertMemory:
    """An alert that was shown.

    Attributes:
        key: what it is found again by.
        at: the cycle in which it was last seen.
        marked: it looked like an attack.
    """

    key: str
    at: datetime
    marked: bool = False


@dataclass(frozen=True, slots=True, order=True)
class TurnQuestion:
    """What a turn asks, or a part of it.

    Attributes:
        of: the collector that asks; for a part of what it asks, the name of the fact.
        subject: about what, such as one webhook or one environment.
    """

    of: str
    subject: Subject


@dataclass(frozen=True, slots=True)
class UnfinishedTurn:
    """A turn that was cut by the limit of a cycle's requests, so that the next cycle continues it.

    Attributes:
        name: of the repository; empty for what is above them.
        begun: when its first cycle was.
        requests: how many were sent for it.
        most: how many of them one cycle sent at most.
        read: what was asked to its end.
        cut: what was refused a request after it had sent some.
        given_up: what takes more requests than a cycle has for it.
        seen: what is read in turn, as far as these cycles saw it.
    """

    name: str
    begun: datetime
    requests: int = 0
    most: int = 0
    read: tuple[TurnQuestion, ...] = ()
    cut: tuple[TurnQuestion, ...] = ()
    given_up: tuple[TurnQuestion, ...] = ()
    seen: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class WatchMemory:
    """What a watch keeps from one cycle to the next.

    Attributes:
        started: when the first cycle was.
        ran: when the last cycle was that saw anything.
        cycles: how many there were.
        interval: seconds between the last two.
        identities: for whom the providers answered.
        places: all that was seen last, with what was last known of what was not seen again.
        looks: when each place was last looked at.
        turns: when each repository, or what is above them, last had its turn, by name.
        unfinished: the turns that the next cycle continues.
        costs: how many requests the last turn of each took, by name.
        base: how many requests of the last cycle were for what each cycle reads.
        waiting: the repositories that were pushed to, and whose pushes the last cycle did not read.
        told: the alerts that were shown.
        tags: the commits that tags named which are gone, by the tag's id.
        blind: since when cycles see nothing at all; None if the last one did.
        blind_told: that was shown.
    """

    started: datetime
    ran: datetime
    cycles: int = 0
    interval: int = 0
    identities: tuple[Identity, ...] = ()
    places: tuple[Place, ...] = ()
    looks: tuple[LastLooks, ...] = ()
    turns: tuple[tuple[str, datetime], ...] = ()
    unfinished: tuple[UnfinishedTurn, ...] = ()
    costs: tuple[tuple[str, int], ...] = ()
    base: int = 0
    waiting: tuple[str, ...] = ()
    told: tuple[AlertMemory, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    blind: datetime | None = None
    blind_told: bool = False


@dataclass(frozen=True, slots=True)
class NotRead:
    """What a cycle should have read and did not.

    Attributes:
        what: like `webhooks`, in the plural.
        places: where.
        why: what it takes.
        since: when it was last read, in the place where that is longest ago; None for never.
        alert: it was read before, has not been for too long, and no cycle has shown that.
    """

    what: str
    places: tuple[Subject, ...]
    why: Unknown
    since: datetime | None = None
    alert: bool = False


@dataclass(frozen=True, slots=True)
class OldestLook:
    """What was not looked at for the longest time, of all that can be read.

    Attributes:
        at: when it was last looked at; when the watch started, where it never was.
        what: like `webhooks`.
        place: where.
        never: it had no turn yet.
    """

    at: datetime
    what: str
    place: Subject
    never: bool = False


@dataclass(frozen=True, slots=True)
class WatchCycle:
    """The result of one cycle of a watch.

    Attributes:
        at: when it was, by the servers' clocks.
        since: when the cycle before it was; None for the first one.
        alerts: what looks like an attack or has to be known by a person, and was not shown before.
        notes: what else differs.
        not_read: what should have been read and was not.
        oldest: what was not looked at for the longest time; None if all was looked at now.
        repositories: how many are watched.
        turns: how many of them had their turn in this cycle.
        round: how long it takes until each had its turn; None if that is not known.
        requests: how many were sent.
        spared: how many of the answers were "not modified".
        why_blind: why the cycle saw nothing at all; empty if it did.
        blind_alert: that is so for too long, and no cycle has shown it.
        again: how long no cycle saw anything, before this one did; None if the last one did.
        remarks: what else a reader has to know at once.
        standing: the same of what is so in each cycle.
        memory: what the next cycle goes by.
    """

    at: datetime
    since: datetime | None
    memory: WatchMemory
    alerts: tuple[Event | Undated, ...] = ()
    notes: tuple[Event | Undated, ...] = ()
    not_read: tuple[NotRead, ...] = ()
    oldest: OldestLook | None = None
    repositories: int = 0
    turns: int = 0
    round: timedelta | None = None
    requests: int = 0
    spared: int = 0
    why_blind: str = ""
    blind_alert: bool = False
    again: timedelta | None = None
    remarks: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()

    @property
    def first(self) -> bool:
        """Whether there is nothing to compare with, so that it is a start."""
        return self.since is None

    @property
    def marked(self) -> tuple[Event | Undated, ...]:
        """What looks like an attack."""
        return tuple(one for one in self.alerts if one.marks)

    @property
    def lost(self) -> tuple[NotRead, ...]:
        """What was read before, is not any more, and has to be shown."""
        return tuple(one for one in self.not_read if one.alert)
