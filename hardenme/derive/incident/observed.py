"""What a run shows of a thing that is to be ended or put right."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from hardenme.derive.runbook import kinds
from hardenme.derive.runbook.listing import is_over, needed
from hardenme.model.inventory import InventoryItem, Place
from hardenme.model.report import Report
from hardenme.model.runbook import Runbook, RunbookThing, UnreadList
from hardenme.model.subject import Subject

SINCE = ("created_at", "granted_at", "authorized_at")
"""The fields of a state that tell two things of the same name apart."""


@dataclass(frozen=True, slots=True)
class LedgerRun:
    """A run, as a ledger takes it.

    Attributes:
        report: the run.
        book: the runbook that follows from it.
        places: its places by their ids.
    """

    report: Report
    book: Runbook
    places: dict[Subject, Place] = field(init=False)

    def __post_init__(self) -> None:
        found = {one.subject: one for one in self.report.inventory}
        object.__setattr__(self, "places", found)

    @property
    def at(self) -> datetime:
        """When it began."""
        return self.report.started

    @property
    def name(self) -> str:
        """By what it is called in a sentence."""
        return f"the run of {self.at:%Y-%m-%d %H:%M} UTC"

    @property
    def whole(self) -> bool:
        """Whether it went to its end."""
        return not self.report.partial and self.report.halted is None


@dataclass(frozen=True, slots=True)
class Observation:
    """What is known of a thing at a time.

    Attributes:
        at: when.
        over: it is gone, or as it should be.
        told: by what that shows, in a few words.
        item: as it was seen; None where it was not.
        recorded: the record of the incident says so.
    """

    at: datetime
    over: bool
    told: str
    item: InventoryItem | None = None
    recorded: bool = False


def observed(run: LedgerRun, thing: RunbookThing) -> Observation | None:
    """What a run shows of a thing; None where it does not tell."""
    place = run.places.get(thing.place)
    if place is None:
        return None
    item = next((one for one in place.items if same(thing.item, one)), None)
    if thing.wants:
        return _put_right(run, thing, place, item)
    if item is not None:
        how, over = _ended(thing, item)
        return Observation(run.at, over, f"{how} in {run.name}", item)
    if needed(thing.kind, place) is None and run.whole:
        return Observation(run.at, over=True, told=f"not in the list of {run.name}")
    return None


def unread(run: LedgerRun, thing: RunbookThing) -> str:
    """What it takes to read the list of a thing; empty where it was read."""
    place = run.places.get(thing.place)
    if place is None:
        return f"{thing.place.name} was not looked at"
    takes = needed(thing.kind, place)
    return f"it takes {takes}" if takes is not None else ""


def lists_read(runs: list[LedgerRun], one: UnreadList) -> Observation | None:
    """By which runs a list came to be known in every place; None while it is not."""
    last = None
    for subject in one.places or _own(runs, one):
        found = next(
            (
                run
                for run in runs
                if subject in run.places and needed(one.kind, run.places[subject]) is None
            ),
            None,
        )
        if found is None:
            return None
        last = found if last is None or found.at > last.at else last
    if last is None:
        # Which places there are is not known, so that no run shows that it looked at all of them.
        return None
    return Observation(last.at, over=True, told=f"read by {last.name}")


def _own(runs: list[LedgerRun], one: UnreadList) -> set[Subject]:
    """The accounts that asked, where a list of the account was not looked at: there is one alone.

    How many packages, repositories and organizations there are is told by no run.
    """
    provider, _, kind = one.kind.place.partition(":")
    return {
        Subject(provider, kind, who.login)
        for run in runs
        for who in run.report.identities
        if kind == "user" and who.provider == provider and who.login
    }


def list_takes(run: LedgerRun, one: UnreadList) -> str:
    """What it takes to read a list where a run did not; empty where it did."""
    if not one.places:
        return f"run hardenme check where {one.kind.plural} are"
    for subject in one.places:
        place = run.places.get(subject)
        if place is None:
            return f"run hardenme check {subject.provider}:{subject.name}"
        takes = needed(one.kind, place)
        if takes is not None:
            return takes
    return ""


def _put_right(
    run: LedgerRun, thing: RunbookThing, place: Place, item: InventoryItem | None
) -> Observation | None:
    if item is None:
        gone = thing.kind == kinds.VERSION and needed(thing.kind, place) is None and run.whole
        told = f"unpublished, as {run.name} shows"
        return Observation(run.at, over=True, told=told) if gone else None
    if not thing.wants.keys() <= item.state.keys():
        return None
    right = all(item.state[name] == value for name, value in thing.wants.items())
    how = "as it should be" if right else "not as it should be"
    return Observation(run.at, right, f"{how} in {run.name}", item)


def _ended(thing: RunbookThing, item: InventoryItem) -> tuple[str, bool]:
    """How a thing stands that is still in the list, and whether that is its end."""
    if is_over(thing.kind, item):
        return ("revoked" if item.state.get("revoked") is True else "none"), True
    # Whoever suspended an app can have it go on; which of its two sides did is not told.
    return ("suspended, but listed" if item.state.get("suspended_at") else "listed"), False


def same(one: InventoryItem, other: InventoryItem) -> bool:
    """Whether two runs may have seen the same thing; in doubt, they have."""
    if one.kind != other.kind:
        return False
    if one.identity == other.identity or one.subject == other.subject:
        return True
    if not one.label or one.label != other.label:
        return False
    told = [(one.state.get(name), other.state.get(name)) for name in SINCE]
    return all(None in pair or pair[0] == pair[1] for pair in told)
