"""The result of one cycle of a watch: what differs, and what was not read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hardenme.derive.inventory.repository import CHANGED
from hardenme.derive.recent import Hosts, RecentQuery, recent
from hardenme.derive.recent.undated import FILE, changed
from hardenme.drift import compare
from hardenme.drift.comparable import incomparable
from hardenme.drift.names import Renames, key_of
from hardenme.drift.watch.ages import Ages, missed_name, not_read
from hardenme.drift.watch.alerts import FIRST_WINDOW, Alerts
from hardenme.drift.watch.merging import COMMIT, REPOSITORY, TAG, merged, tags_gone
from hardenme.drift.watch.turns import Turns, after_turns, round_of, units
from hardenme.drift.watch.whole_turn import seen_in_turn, whole_turns
from hardenme.engine.turn import ABOVE
from hardenme.model.clocks import SET_IT, differences
from hardenme.model.depth import Depth
from hardenme.model.drift import ItemChange, Turn
from hardenme.model.inventory import InventoryItem, Place
from hardenme.model.last_known import LastKnown
from hardenme.model.recent import Recent, Undated
from hardenme.model.report import A_NAME, Report
from hardenme.model.subject import Subject
from hardenme.model.unknown import WHAT_TO_DO, Reason, Unknown
from hardenme.model.watch import NotRead, WatchCycle, WatchMemory

LONGEST_WINDOW = timedelta(days=30)
MARGIN = timedelta(minutes=10)
"""How far before the oldest look what has a date is looked at again: answers come late."""
PATIENCE = timedelta(minutes=15)
"""How long a watch may see nothing before that is an alert."""
BACK = timedelta(minutes=1)
"""By how much a clock goes back that no one set."""
TOO_FEW = (
    "what each cycle reads takes {base:,} requests, and the limit is {most:,}: nothing is read in"
    " turn until `--requests` is higher"
)
ARCHIVED = (
    "the repository {name} is archived: it is not looked at from here on, unless you add"
    " `--archived`"
)
SENTENCES = frozenset({Reason.UNREACHABLE, Reason.MALFORMED})
"""Reasons of which what is needed is a sentence."""
NOT_NAMED = Unknown(Reason.INCOMPLETE, "an answer that names the repository")
ABSENT = Unknown(Reason.NOT_VISIBLE, A_NAME)


@dataclass(frozen=True, slots=True)
class CycleInput:
    """The inputs of a cycle in addition to its report.

    Attributes:
        turns: what had its turn.
        hosts: whom commands and pages name.
        requests: the most requests of a cycle, as the user says; 0 for the usual.
    """

    turns: Turns = Turns()
    hosts: Hosts = Hosts()
    requests: int = 0


def cycle(memory: WatchMemory | None, report: Report, given: CycleInput) -> WatchCycle:
    """Hold a cycle against those before it.

    Args:
        memory: what the cycles before came to; None if there was none.
        report: what this one read.
        given: what else is known of it.
    """
    return _Cycle(memory, report, given).result()


def blind_cycle(memory: WatchMemory | None, now: datetime, why: str) -> WatchCycle:
    """A cycle that could not look: nothing of it counts, but for how long it is so.

    Args:
        memory: what the cycles before came to; None if there was none.
        now: when it was.
        why: in a sentence.
    """
    before = memory or WatchMemory(now, now)
    since = min(before.blind or now, now)
    last = min(before.ran, now) if before.cycles else since
    late = now - last >= PATIENCE
    return WatchCycle(
        at=now,
        since=last if before.cycles else None,
        memory=replace(before, blind=since, blind_told=before.blind_told or late),
        repositories=sum(one.subject.kind == "repo" for one in before.places),
        why_blind=why,
        blind_alert=late and not before.blind_told,
    )


def refused_cycle(now: datetime, why: str) -> WatchCycle:
    """A cycle that did not look, since what the cycles before kept cannot be used: an alert."""
    return replace(blind_cycle(None, now.replace(microsecond=0), why), blind_alert=True)


def what_resolves(reason: Reason, needed: str) -> str:
    """Why a cycle saw nothing, in sentences: what to do, and what that takes."""
    if needed and reason in SENTENCES:
        return needed
    return f"{WHAT_TO_DO[reason]} It takes {needed}." if needed else WHAT_TO_DO[reason]


class _Cycle:
    def __init__(self, memory: WatchMemory | None, report: Report, given: CycleInput) -> None:
        self.report, self.given = report, given
        self.now = (report.observed or report.started).replace(microsecond=0)
        self.places = tuple(report.inventory)
        self.remarks: list[str] = []
        self.standing: list[str] = []
        self.memory = self._begun(memory)
        self.names = Renames(self.memory.places, self.places)
        self.places = whole_turns(self.places, self.memory.unfinished, self.names)
        self.report = replace(report, inventory=self.places)
        self.before = self.memory.places
        self.first = not self.memory.cycles
        self.ages = Ages.of(self.memory.looks, self.names, self.now)
        self.ages_before = Ages.of(self.memory.looks, self.names, self.now)
        self.requests = sum(report.traffic.requests.values())
        self.changes = [] if self.first else self._changes()

    def _begun(self, memory: WatchMemory | None) -> WatchMemory:
        """What the cycles before came to, as far as this one can be compared with it."""
        if memory is None:
            return WatchMemory(self.now, self.now)
        if memory.cycles and (why := incomparable(_report(memory, self.report), self.report)):
            self.remarks.append(f"{why}: the watch starts again, and compares from here on")
            return WatchMemory(self.now, self.now)
        if self.now < memory.ran - BACK:
            self.remarks.append(
                f"the clock is before the last cycle ({memory.ran:%d %b %Y, %H:%M} UTC):"
                " ages count from here on"
            )
        early = min(memory.ran, self.now)
        return replace(memory, ran=early, started=min(memory.started, early))

    def result(self) -> WatchCycle:
        self.ages.take(self.places, self.given.turns, self.now)
        if not self.ages.read:
            return self._blind()
        known = merged(self.before, self.places, self.names)
        watched = tuple(self._watched(known))
        self._out_of_sight(watched)
        self.ages.keep(watched)
        found = self._recent()
        alerts = Alerts(self.memory, self.ages_before, self.now, known, self.places)
        shown, notes = alerts.sorted_out(
            found.events, (*found.undated, *self._files(found, alerts))
        )
        self._remark_on_run()
        missing = (*not_read(self.ages, alerts.names, self.now), *self._absent())
        late = [missed_name(key) for key in self.ages.late(self.now)]
        blind = self.memory.blind
        after = self._memory(known, alerts, late)
        repositories = [one for one in watched if one.kind == "repo"]
        return WatchCycle(
            at=self.now,
            since=None if self.first else self.memory.ran,
            memory=after,
            alerts=shown,
            notes=notes,
            not_read=missing,
            oldest=self.ages.oldest(repositories, dict(after.turns), after.started),
            repositories=len(repositories),
            turns=sum(name != ABOVE for name in self.given.turns.had),
            round=round_of(after, self.given.requests),
            again=None if blind is None else self.now - blind,
            remarks=tuple(self.remarks),
            standing=tuple(self.standing),
            requests=self.requests,
            spared=self.report.traffic.spared,
        )

    def _blind(self) -> WatchCycle:
        found = blind_cycle(self.memory, self.now, self._why_blind())
        return replace(
            found,
            remarks=tuple(self.remarks),
            requests=self.requests,
            spared=self.report.traffic.spared,
        )

    def _why_blind(self) -> str:
        """Why nothing was seen: what resolves it, and what it takes."""
        absent = ", ".join(self.report.not_found)
        if absent:
            return f"{absent} was not found. {WHAT_TO_DO[Reason.NOT_VISIBLE]}"
        why = next(iter(self.ages.why.values()), None)
        reason = self.report.halted or (why.reason if why is not None else None)
        if reason is None:
            return self.report.partial or "no answer came"
        return what_resolves(reason, "" if why is None else why.needed)

    def _watched(self, known: Iterable[Place]) -> Iterator[Subject]:
        """The places that are known, without repositories that are archived and not looked at.

        Their last known state stays, so that a change shows when they are looked at again.
        """
        seen = {key_of(place.subject) for place in self.places}
        archived = {
            key_of(item.subject)
            for place in self.places
            for item in place.items
            if item.kind == REPOSITORY and item.state.get("archived") is True
        }
        once = {key_of(place) for place, _ in self.ages_before.looks}
        for place in (one.subject for one in known):
            if (key := key_of(place)) in seen or key not in archived:
                yield place
            elif key in once:
                self.remarks.append(ARCHIVED.format(name=place.name))

    def _out_of_sight(self, known: Iterable[Subject]) -> None:
        """Note the places that are still there as far as is known, and that no answer named."""
        seen = {key_of(place.subject) for place in self.places}
        lost = [place for place in known if key_of(place) not in seen]
        why = next(
            (
                found
                for place in self.places
                if (found := place.lists.get("repository")) is not None
            ),
            NOT_NAMED,
        )
        self.ages.miss_all(lost, why, self.now)

    def _recent(self) -> Recent:
        """What differs and what is new, by the rules of `recent`."""
        since = self._since()
        apart = differences(self.report.warnings)
        if apart:
            self.standing.append(SET_IT)
        return recent(
            self.places,
            RecentQuery(
                until=self.now,
                window=self.now - since,
                depth=Depth.DEEP,
                hosts=self.given.hosts,
                earlier=self.before,
                earlier_at=None if self.first else since,
                proven=not self.first,
                changes=None if self.first else self.changes,
                ahead=max((*apart, timedelta())),
                responders=tuple(one.login for one in self.report.identities),
            ),
        )

    def _since(self) -> datetime:
        """How far back what has a date is looked at: to before the oldest look."""
        if self.first:
            return self.now - FIRST_WINDOW
        oldest = min(self.ages_before.looks.values(), default=self.memory.ran)
        waits = {one for one in units(self.memory) if one} - dict(self.memory.turns).keys()
        unseen = waits or self.memory.waiting
        begun = min(oldest, self.memory.started - FIRST_WINDOW) if unseen else oldest
        return max(begun - MARGIN, self.now - LONGEST_WINDOW)

    def _changes(self) -> list[ItemChange]:
        """How the inventory differs; a tag that came back elsewhere has moved."""
        drift = compare(_report(self.memory, self.report), self.report)
        gone = dict(self.memory.tags)
        return [_returned(one, gone) for one in drift.items]

    def _files(self, found: Recent, alerts: Alerts) -> Iterator[Undated]:
        """Workflow files that differ, and of which no push that is new shows when."""
        dated = {
            (one.place, str(one.subject).rpartition("/")[2])
            for one in found.events
            if one.kind == CHANGED and not alerts.has_shown(one)
        }
        told = {(one.place, one.names) for one in found.undated if one.kind == FILE}
        rest = [
            one for one in self.changes if one.kind == FILE and (one.place, _name(one)) not in dated
        ]
        for one in changed(rest, self.given.hosts):
            if (one.place, one.names) not in told:
                yield one

    def _absent(self) -> Iterator[NotRead]:
        for name in self.report.not_found:
            yield NotRead("everything", (Subject("target", "target", name),), ABSENT)

    def _remark_on_run(self) -> None:
        turns = self.given.turns
        if turns.most is not None and turns.base >= turns.most:
            self.standing.append(TOO_FEW.format(base=turns.base, most=turns.most))
        if self.report.partial:
            self.standing.append(f"the cycle did not go to its end: {self.report.partial}")

    def _memory(self, known: tuple[Place, ...], alerts: Alerts, late: Sequence[str]) -> WatchMemory:
        since = self._since()
        memory, report = self.memory, self.report
        counted = replace(memory, places=known, cycles=memory.cycles + 1)
        turns = after_turns(counted, self.given.turns, self.now)
        unfinished = tuple(
            replace(one, seen=seen_in_turn(self.places, one)) for one in turns.unfinished
        )
        gap = int((self.now - memory.ran).total_seconds())
        return replace(
            turns,
            unfinished=unfinished,
            ran=self.now,
            interval=gap if not self.first and gap > 0 else memory.interval,
            identities=report.identities,
            looks=self.ages.written(),
            waiting=tuple(self.ages.waiting()),
            told=alerts.kept(since, late),
            tags=tuple(tags_gone(dict(memory.tags), self.before, known).items()),
            blind=None,
            blind_told=False,
        )


def _report(memory: WatchMemory, report: Report) -> Report:
    """What the cycles before saw, as a report that compares."""
    return replace(
        report,
        started=memory.ran,
        identities=memory.identities,
        inventory=memory.places,
        carried=LastKnown(),
        partial="",
        halted=None,
    )


def _returned(change: ItemChange, gone: dict[str, str]) -> ItemChange:
    """The change, or that of a tag which was deleted and is there again, on another commit."""
    item = change.after
    if change.kind != TAG or change.turn is not Turn.APPEARED or item is None:
        return change
    commit = gone.get(key_of(item.subject))
    if commit is None or commit == item.state.get(COMMIT):
        return change
    once = InventoryItem(item.kind, item.subject, item.label, item.identity, {COMMIT: commit})
    return ItemChange(Turn.CHANGED, TAG, change.place, once, item, (COMMIT,))


def _name(change: ItemChange) -> str:
    item = change.after or change.before
    return "" if item is None else str(item.subject).rpartition("/")[2]
