"""What a run shows of a thing that is to be ended or put right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hardenme.derive.runbook import kinds
from hardenme.derive.runbook.good_versions import GoodVersions
from hardenme.derive.runbook.listing import is_over, needed
from hardenme.derive.runbook.own import again
from hardenme.model.incident import AttackStart
from hardenme.model.inventory import REPOSITORY, InventoryItem, Place, State
from hardenme.model.recent import Recent
from hardenme.model.report import Report
from hardenme.model.runbook import EndedList, ListedKind, Runbook, RunbookItem, RunbookThing
from hardenme.model.subject import Subject

SINCE = ("created_at", "granted_at", "authorized_at")
"""The fields of a state that distinguish two items with the same name."""


@dataclass(frozen=True, slots=True)
class LedgerRun:
    """A run, as a ledger takes it.

    Attributes:
        report: the run.
        book: the runbook that follows from it.
        after: a moment before which it cannot have begun, as a run that was kept earlier or this
            machine's clock shows; None for none.
        others: repositories of it that only have the name of one that was frozen.
        changes: what is new since the frozen run; for the frozen run itself, what is newer than the
            attack. None if that was not asked.
        began: when the attack began, of a frozen run that is younger; None for any other.
        places: its places by their ids.
        suspect: by package, the versions that came with an attack, as far as the run shows it.
    """

    report: Report
    book: Runbook
    after: datetime | None = None
    others: frozenset[Subject] = frozenset()
    changes: Recent | None = None
    began: AttackStart | None = None
    places: dict[Subject, Place] = field(init=False)
    suspect: Mapping[Subject, AbstractSet[str]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "suspect", GoodVersions(self.report).suspect)
        found = {
            one.subject: one for one in self.report.inventory if one.subject not in self.others
        }
        object.__setattr__(self, "places", found)

    @property
    def at(self) -> datetime:
        """When it began; where that cannot be, a moment after the one before which it cannot."""
        if self.after is None or self.in_order:
            return self.report.started
        return self.after + timedelta(microseconds=1)

    @property
    def in_order(self) -> bool:
        """Whether it can have begun when it says; else a clock was wrong, or two ran at once."""
        return self.after is None or self.after <= self.report.started

    @property
    def made(self) -> Mapping[Subject, State]:
        """When each repository was made, as far as that was read."""
        return {
            one.subject: one.state["created_at"]
            for place in self.report.inventory
            for one in place.items
            if one.kind == REPOSITORY and one.state.get("created_at")
        }

    def beside(self, first: LedgerRun) -> LedgerRun:
        """This run as one after the first: a repository that was made anew is another one."""
        made = first.made
        others = {one for one, when in self.made.items() if made.get(one, when) != when}
        return replace(self, others=frozenset(others))

    @property
    def name(self) -> str:
        """By what it is called in a sentence."""
        return f"the run of {self.report.started:%Y-%m-%d %H:%M} UTC"

    @property
    def whole(self) -> bool:
        """Whether it went to its end, at a time that is known."""
        return self.in_order and not self.report.partial and self.report.halted is None


@dataclass(frozen=True, slots=True)
class Observation:
    """What is known about an item at a time.

    Attributes:
        at: when.
        over: it is gone, or as it should be.
        told: what shows that, in a few words.
        item: as it was seen; None if it was not.
        recorded: the record of the incident says so.
    """

    at: datetime
    over: bool
    told: str
    item: InventoryItem | None = None
    recorded: bool = False


def observed(run: LedgerRun, thing: RunbookThing) -> Observation | None:
    """What a run shows about an item; None if it shows nothing.

    One of which it is not known when it began shows what is there, and never that it is over.
    """
    found = _observed(run, thing)
    return None if found is not None and found.over and not run.in_order else found


def _observed(run: LedgerRun, thing: RunbookThing) -> Observation | None:
    place = run.places.get(thing.place)
    if place is None:
        return None
    found = [one for one in place.items if same(thing.item, one)]
    if thing.wants:
        return _put_right(run, thing, place, found)
    if found:
        # Where several may be it, it is over if all of them are.
        how, over, item = min((_ended(thing, one) for one in found), key=lambda one: one[1])
        return Observation(run.at, over, f"{how} in {run.name}", item)
    if needed(thing.kind, place) is None and run.whole:
        return Observation(run.at, over=True, told=f"not in the list of {run.name}")
    return None


def unread(run: LedgerRun, thing: RunbookThing) -> str:
    """What it takes to read the list of a thing; empty if it was read."""
    place = run.places.get(thing.place)
    if thing.place in run.others:
        return f"{thing.place.name} is another repository than the one that was frozen"
    if place is None:
        return f"{thing.place.name} was not looked at"
    if not run.in_order:
        return "when it began is not known: a clock was set, or two ran at once"
    takes = needed(thing.kind, place)
    return f"it takes {takes}" if takes is not None else ""


def lists_read(
    runs: Sequence[LedgerRun], one: EndedList, *, recorded: Observation | None
) -> Observation | None:
    """By which runs a list came to be known in every place; None while it is not.

    Args:
        runs: those that began after the incident was opened, the oldest first.
        one: the list, as the frozen run has it.
        recorded: that it was read in its places, as the record has it; None for nothing.
    """
    last = recorded
    for subject in _to_read(runs, one, recorded):
        found = next((run for run in runs if _reads(run, one.kind, subject)), None)
        if found is None:
            return None
        if last is None or found.at > last.at:
            # Of which account it is that the frozen run did not look at, the reader judges.
            whose = "" if one.places else f" in {subject.name}"
            last = Observation(found.at, over=True, told=f"read{whose} by {found.name}")
    # Which places there are may not be known: then no run shows that it looked at all of them.
    return last


def _to_read(
    runs: Sequence[LedgerRun], one: EndedList, recorded: Observation | None
) -> dict[Subject, None]:
    """The places of a list that a run has to read, those that came to be known later as well."""
    first = one.places or tuple(_own(runs, one))
    if not first:
        return {}
    later = [place for run in runs for place in _placed(run, one)]
    return dict.fromkeys(place for place in (*first, *later)
                         if recorded is None or place not in first)  # fmt: skip


def _placed(run: LedgerRun, one: EndedList) -> Iterator[Subject]:
    """The places of a list, as a later run has it."""
    lists = (found for step in run.book.steps for found in step.lists)
    return (place for found in lists if found.key == one.key for place in found.places)


def came_up(runs: Sequence[LedgerRun], one: EndedList, since: datetime) -> bool:
    """Whether a place of a list came to be known after a moment, and no run read it."""
    known = {
        *one.places,
        *(place for run in runs if run.at <= since for place in _placed(run, one)),
    }
    return bool(one.places) and any(
        place not in known and not any(_reads(other, one.kind, place) for other in runs)
        for run in runs
        for place in _placed(run, one)
    )


def _reads(run: LedgerRun, kind: ListedKind, subject: Subject) -> bool:
    place = run.places.get(subject)
    return run.whole and place is not None and needed(kind, place) is None


def _own(runs: Sequence[LedgerRun], one: EndedList) -> Iterator[Subject]:
    """The accounts that asked, where a list of the account was not looked at: there is one alone.

    No run shows how many packages, repositories and organizations there are.
    """
    provider, _, kind = one.kind.place.partition(":")
    for run in runs:
        for who in run.report.identities:
            if kind == "user" and who.provider == provider and who.login:
                yield Subject(provider, kind, who.login)


def list_takes(frozen: LedgerRun, runs: Sequence[LedgerRun], one: EndedList) -> str:
    """What it takes to read a list that no run read since the incident was opened."""
    if not one.places:
        return f"run `hardenme check` where {one.kind.plural} are"
    for subject in _to_read(runs, one, None):
        if any(_reads(run, one.kind, subject) for run in runs):
            continue
        place = (runs[-1] if runs else frozen).places.get(subject)
        takes = needed(one.kind, place) if place is not None else None
        if takes is not None:
            return takes
        if place is None and subject not in one.read:
            return f"run `hardenme check {subject.provider}:{subject.name}`"
    return f"run `{again(frozen.report)}`, to its end"


def _put_right(
    run: LedgerRun, thing: RunbookThing, place: Place, found: Sequence[InventoryItem]
) -> Observation | None:
    if not found:
        gone = thing.kind == kinds.VERSION and needed(thing.kind, place) is None and run.whole
        told = f"unpublished, as {run.name} shows"
        return Observation(run.at, over=True, told=told) if gone else None
    if thing.kind == kinds.DIST_TAG:
        return _tag_moved(run, thing, found[0])
    if not all(thing.wants.keys() <= item.state.keys() for item in found):
        return None
    right = all(item.state[name] == value for item in found for name, value in thing.wants.items())
    how = "as it should be" if right else "not as it should be"
    return Observation(run.at, right, f"{how} in {run.name}", found[0])


def _tag_moved(run: LedgerRun, thing: RunbookThing, item: InventoryItem) -> Observation | None:
    """Whether a tag leads to what is good: what no run knew to be suspect."""
    current = item.state.get("version")
    if not current:
        return None
    suspect = run.suspect.get(thing.place, frozenset())
    if current in suspect:
        told = f"it leads to {current}, which is suspect in {run.name}"
        return Observation(run.at, over=False, told=told, item=item)
    wanted = thing.wants.get("version")
    if wanted is None or wanted in suspect:
        wanted = tag_of(run, thing)
    right = current == wanted
    how = "as it should be" if right else "not as it should be"
    return Observation(run.at, right, f"{how} in {run.name}", item)


def tag_of(run: LedgerRun, thing: RunbookThing) -> State:
    """The version that a tag is to lead to, as a later run has it; None if none is good."""
    item = item_of(run, thing)
    things = item.things if item else ()
    return next((one.wants.get("version") for one in things if one.key == thing.key), None)


def item_of(run: LedgerRun, thing: RunbookThing) -> RunbookItem | None:
    """The entry for an item in the runbook of a later run."""
    items = (item for step in run.book.steps for item in step.items)
    return next((item for item in items if any(one.key == thing.key for one in item.things)), None)


def _ended(thing: RunbookThing, item: InventoryItem) -> tuple[str, bool, InventoryItem]:
    """The state of an item that is still on the list, and whether that counts as its end."""
    if is_over(thing.kind, item):
        return ("revoked" if item.state.get("revoked") is True else "none"), True, item
    # Anyone who suspended an app can have it go on; no answer shows which of its two sides did.
    told = "suspended, but listed" if item.state.get("suspended_at") else "listed"
    return told, False, item


def same(one: InventoryItem, other: InventoryItem) -> bool:
    """Whether two runs may have seen the same thing; in doubt, they have."""
    if one.kind != other.kind:
        return False
    if one.identity == other.identity or one.subject == other.subject:
        return True
    told = [(one.state.get(name), other.state.get(name)) for name in SINCE]
    known = [pair for pair in told if None not in pair]
    # What has no name is recognized by its age alone.
    alike = one.label == other.label and bool(one.label or known)
    return alike and all(before == after for before, after in known)
