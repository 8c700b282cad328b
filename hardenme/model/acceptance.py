"""Whether npm will accept the next release, for each way to release it.

All names in here come from a registry or from GitHub, and are untrusted text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hardenme.model.unknown import Reason
from hardenme.model.way import Way


class AcceptanceState(StrEnum):
    """What is known about one way to release."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RefusedCause:
    """Something that was read refuses the release.

    Attributes:
        row: the number of the cause.
        cause: what refuses it, in one sentence.
        repair: what to change, beginning with a verb.
    """

    row: str
    cause: str
    repair: str = ""


@dataclass(frozen=True, slots=True)
class UnreadCause:
    """Something that could refuse the release is not known.

    Attributes:
        rows: the numbers of the causes.
        needed: what would settle them.
        reason: what kept it from being read; `NOT_VISIBLE` where no answer shows it.
        asks: what has to hold and is not known to, a sentence a row; empty where `needed` says it.
    """

    rows: tuple[str, ...]
    needed: str
    reason: Reason = Reason.NOT_VISIBLE
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnseenCause:
    """Something that could refuse the release was not looked at.

    Attributes:
        row: the number of the cause.
        what: what was not looked at.
    """

    row: str
    what: str


@dataclass(frozen=True, slots=True)
class ReleaseWay:
    """One way to release a package, and whether npm will accept it.

    Attributes:
        key: the key of its publish path, like `publisher/7d3c`, `secret/...`, `person/hazel`.
        way: what it starts from.
        name: what it is called.
        verdict: `accepted` means that nothing that was read refuses it.
        refused: every cause that surely refuses it.
        unread: what is not known; empty where something refuses it.
        unseen: what could refuse it and is never looked at.
        notes: what a person should know, and what decides nothing.
        stages: the version waits for a person's approval.
        until: when it stops being accepted; None if no end is known.
        ends: why it stops then.
        job: the job that publishes; empty for none.
    """

    key: str
    way: Way
    name: str
    verdict: AcceptanceState
    refused: tuple[RefusedCause, ...] = ()
    unread: tuple[UnreadCause, ...] = ()
    unseen: tuple[UnseenCause, ...] = ()
    notes: tuple[str, ...] = ()
    stages: bool = False
    until: datetime | None = None
    ends: str = ""
    job: str = ""

    @property
    def accepted(self) -> bool:
        """Whether nothing that was read refuses it."""
        return self.verdict is AcceptanceState.ACCEPTED


def verdict_of_package(ways: Iterable[ReleaseWay]) -> AcceptanceState:
    """Accepted where one way is; refused where all surely are."""
    found = {way.verdict for way in ways}
    if AcceptanceState.ACCEPTED in found:
        return AcceptanceState.ACCEPTED
    surely = found == {AcceptanceState.REFUSED}
    return AcceptanceState.REFUSED if surely else AcceptanceState.UNKNOWN


def verdict_of(
    refused: tuple[RefusedCause, ...], unread: tuple[UnreadCause, ...]
) -> AcceptanceState:
    """One refusal counts more than everything unknown; one unknown more than all that is fine."""
    if refused:
        return AcceptanceState.REFUSED
    return AcceptanceState.UNKNOWN if unread else AcceptanceState.ACCEPTED
