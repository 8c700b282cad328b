"""Puts together what appeared or changed in a window."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hardenme.derive.inventory.npm import MOST_VERSIONS
from hardenme.derive.recent import wording
from hardenme.derive.recent.found import (
    FORCED,
    Found,
    dated,
    place_kind,
    text_of,
    time_of,
    with_staged,
)
from hardenme.derive.recent.identity import event_identity
from hardenme.derive.recent.marks import EVENTS_OF_REQUESTS, marked, to_confirm
from hardenme.derive.recent.sources import BY_PLACE, Source, places_of
from hardenme.derive.recent.undated import HELD, changed, listed
from hardenme.derive.recent.undoing import Undoing
from hardenme.derive.recent.unseen import Measure, looked_at
from hardenme.derive.recent.urgency import still_of
from hardenme.derive.recent.wording import Hosts
from hardenme.model.depth import Depth
from hardenme.model.drift import ItemChange
from hardenme.model.finding import Finding
from hardenme.model.inventory import InventoryItem, Place
from hardenme.model.recent import Event, Ordinary, Recent, Unseen
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

WORKFLOWS = ".github/workflows/"
OF_BASE = "pull_request_target"
"""The event whose runs are of the base branch's file, whatever their commit holds."""
HELD_BY = frozenset({"file", "from_fork", "ordinary"})
"""Fields without which a run cannot be compared with the workflow files."""
USUAL_WINDOW = timedelta(hours=48)
"""How far back is looked where no one says it."""
WITHOUT_LISTS = frozenset({"repository", "workflow", *HELD})
"""Kinds by which things of other kinds are judged, or that are compared with an earlier run."""
FILES = Unknown(Reason.NOT_VISIBLE, "the commits of the runs, which GitHub does not show any more")
NOTHING = Unknown(Reason.NOT_ASKED, "a target that can be looked at")


@dataclass(frozen=True, slots=True)
class RecentQuery:
    """The query, and its inputs in addition to the run's own answers.

    Attributes:
        until: the servers' time.
        window: how far back from there.
        depth: how deep the run asked.
        hosts: whom commands and pages name.
        stored: what the newest kept run saw; none if none is kept.
        stored_at: when that was; None if there is none.
        earlier: what a kept run saw that ended before the window, or else the newest one.
        earlier_at: when that was; None if there is none.
        proven: that run ended before the window, so that what it saw too did not change since.
        changes: how this run's inventory differs from that one's; None if the two cannot be
            compared with each other.
        clock: why no age is known; empty if the clocks agree.
        ahead: by how much a server's clock may be behind this machine's, so that the window begins
            as much earlier.
        findings: of the run; those of the checks of releases are signs of an attack.
        absent: targets that there are not, or that the token does not see, with what it takes.
        accounted: the versions that an incident accounts for, and by what it is named.
        activity: the run asked for pushes, runs and what changed workflow files.
        responders: the logins of who runs hardenme; what they did themselves is not undone.
    """

    until: datetime
    window: timedelta
    depth: Depth = Depth.FAST
    hosts: Hosts = Hosts()
    stored: Sequence[Place] = ()
    stored_at: datetime | None = None
    earlier: Sequence[Place] = ()
    earlier_at: datetime | None = None
    proven: bool = False
    clock: str = ""
    ahead: timedelta = timedelta()
    changes: Sequence[ItemChange] | None = None
    findings: Iterable[Finding] = field(default=())
    absent: Mapping[str, str] = field(default_factory=dict)
    responders: tuple[str, ...] = ()
    accounted: Mapping[Subject, str] = field(default_factory=dict)
    activity: bool = True

    @property
    def since(self) -> datetime:
        """When the window begins; the first moment there is, for a window that is longer."""
        try:
            return self.until - self.window - self.ahead
        except OverflowError:
            return datetime.min.replace(tzinfo=self.until.tzinfo)


def recent(places: Iterable[Place], asked: RecentQuery) -> Recent:
    """What appeared or changed.

    Args:
        places: what a run saw.
        asked: what is wanted, and what else is known.
    """
    own = tuple(places)
    every, stood_in = _with_stored(own, asked.stored)
    findings = tuple(asked.findings)
    fixes = wording.fixes_of(findings)
    found = [*with_staged(dated(every, asked.since, stood_in), (*asked.earlier, *asked.stored))]
    undoing = Undoing.of(
        *(found, every, asked.hosts, fixes), responders=asked.responders, earlier=asked.earlier
    )
    work, known = _work(found, every)
    told = sorted(known, key=lambda one: (one.at, str(one.item.subject)), reverse=True)
    marks = marked(told, [one for one in findings if one.subject not in asked.accounted])
    confirm = {**to_confirm(told), **dict(_accounted(told, asked.accounted))}
    events = [
        _event(one, marks.get(number, ()), confirm.get(number, ()), undoing)
        for number, one in enumerate(told)
    ]
    whole = asked.changes is not None
    proof = asked.earlier if whole and asked.proven and not asked.clock else ()
    cut = _cut(every, asked.since)
    looked = looked_at(own, Measure(asked.depth, asked.hosts, proof, stood_in, cut, asked.activity))
    looked.unseen += _unheld(every)
    looked.unseen += _absent(asked.absent)
    if asked.clock:
        why = Unknown(Reason.MALFORMED, asked.clock)
        looked.unseen.insert(0, Unseen("the age of everything", (), why))
    if not looked.whole and not [one for one in looked.unseen if not one.unreadable]:
        looked.unseen.append(Unseen("everything", (), NOTHING))
    return Recent(
        since=asked.since,
        until=asked.until,
        events=tuple(events),
        undated=(
            *changed(
                asked.changes or (),
                asked.hosts,
                own,
                asked.earlier if whole else (),
                asked.earlier_at,
            ),
            *listed(own, proof, asked.hosts),
        ),
        unseen=tuple(looked.unseen),
        ordinary=work,
        looked=looked.whole,
        compared=asked.earlier_at if whole else None,
        proven=bool(proof),
        stored=asked.stored_at if stood_in else None,
    )


def marked_in(places: Iterable[Place], asked: RecentQuery) -> int:
    """How many changes look like an attack: the same number that `recent` marks for this query.

    Of each place only that is held which the window can show, however much else it has.
    """
    return len(recent((_within(place, asked.since) for place in places), asked).marked)


def _within(place: Place, since: datetime) -> Place:
    """A place without the things of which nothing is in the window; all of what is incomplete."""
    sources = {source.kind: source for source in places_of(place_kind(place.subject))}
    news = {
        item.kind
        for item in place.items
        if (source := sources.get(item.kind)) and _is_new(item, source, since)
    }
    items = tuple(
        item
        for item in place.items
        if item.kind in news
        or item.kind in WITHOUT_LISTS
        or place.lists.get(item.kind, item) is not None
    )
    return replace(place, items=items)


def _is_new(item: InventoryItem, source: Source, since: datetime) -> bool:
    times = (time_of(item.state, source.made), time_of(item.state, source.changed))
    return any(at is not None and at >= since for at in times)


def _accounted(
    found: Sequence[Found], known: Mapping[Subject, str]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """What an incident accounts for, by its place in the list."""
    for number, one in enumerate(found):
        if one.item.subject in known:
            yield number, (f"accounted for by {known[one.item.subject]}",)


def _event(one: Found, marks: tuple[str, ...], confirm: tuple[str, ...], undoing: Undoing) -> Event:
    return Event(
        at=one.at,
        kind=one.item.kind,
        place=one.place,
        subject=one.item.subject,
        text=wording.text(one),
        by=one.by,
        allows=wording.allows(one),
        undo=undoing.command(one),
        find=undoing.find(one),
        page=wording.page(one, undoing.hosts),
        marks=marks,
        confirm=() if marks else confirm,
        stored=one.stored,
        identity=event_identity(one, () if marks else confirm),
        still=still_of(one, undoing.hosts.web),
        joined=one.added_people,
        appeared=one.appeared,
        unread=one.unread,
    )


def _with_stored(
    own: Sequence[Place], stored: Sequence[Place]
) -> tuple[tuple[Place, ...], frozenset[tuple[Subject, str]]]:
    """The places with what an earlier run saw where this one did not, and what that is."""
    by_subject = {place.subject: place for place in own}
    stood_in = set[tuple[Subject, str]]()
    for old in stored:
        new = by_subject.get(old.subject, Place(old.subject, {}, ()))
        taken = [
            item
            for item in old.items
            if new.lists.get(item.kind, item) is not None
            and (place_kind(old.subject), item.kind) in BY_PLACE
            and not any((item.kind, item.identity) == (one.kind, one.identity) for one in new.items)
        ]
        if taken:
            stood_in.update((old.subject, item.kind) for item in taken)
            # What else is known of them, like the file of a changed workflow, comes with them.
            by_subject[old.subject] = replace(new, items=(*new.items, *taken))
    return tuple(by_subject.values()), frozenset(stood_in)


def _work(found: Iterable[Found], places: Sequence[Place]) -> tuple[Ordinary, list[Found]]:
    """Work of every day, counted, and the rest."""
    files = {
        place.subject: {one.subject.name.rpartition("/")[2] for one in place.items if _is_file(one)}
        for place in places
        if place.lists.get("workflow", place) is None
    }
    rest: list[Found] = []
    pushed, ran = list[Found](), list[Found]()
    seen = set[tuple[Subject, str, str]]()
    for one in sorted(found, key=lambda item: item.at, reverse=True):
        state = one.item.state
        if one.item.kind == "push" and state.get("change", FORCED) != FORCED:
            # An unknown effect of a push does not count as everyday work.
            pushed.append(one)
        elif one.item.kind == "workflow run":
            file, branch = text_of(state, "file"), text_of(state, "branch")
            strange = _strange(one, files.get(one.place))
            if not strange:
                ran.append(one)
            elif (one.place, file, branch) not in seen:
                seen.add((one.place, file, branch))
                rest.append(one)
        else:
            rest.append(one)
    people = {text_of(one.item.state, "actor") for one in pushed} - {""}
    where = {one.place for one in (*pushed, *ran)}
    return Ordinary(len(pushed), len(ran), len(people), len(where)), rest


def _strange(one: Found, known: frozenset[str] | set[str] | None) -> bool:
    """Whether a run was of a file that the default branch does not have, or has otherwise."""
    state, file = one.item.state, text_of(one.item.state, "file")
    if not file.startswith(WORKFLOWS) or state.get("from_fork") is not False:
        return False
    if text_of(state, "event") == OF_BASE:
        return False
    absent = known is not None and file.removeprefix(WORKFLOWS) not in known
    return state.get("ordinary") is False or (
        absent and text_of(state, "event") not in EVENTS_OF_REQUESTS
    )


def _is_file(item: object) -> bool:
    return getattr(item, "kind", "") == "workflow"


def _absent(targets: Mapping[str, str]) -> Iterator[Unseen]:
    """What was named and not found, by what it takes."""
    for name, takes in targets.items():
        why = Unknown(Reason.NOT_VISIBLE, takes)
        yield Unseen("everything", (Subject("target", "target", name),), why, 1)


def _unheld(places: Sequence[Place]) -> Iterator[Unseen]:
    """Runs that cannot be compared with the workflow files, since these were not all read."""
    for place in places:
        ran = [item for item in place.items if item.kind == "workflow run"]
        why = place.lists.get("workflow")
        if ran and why is not None:
            yield Unseen("runs of workflows", (place.subject,), why, 1)
        elif any(map(_is_unheld, ran)):
            yield Unseen("the files of workflow runs", (place.subject,), FILES, 1)


def _is_unheld(run: InventoryItem) -> bool:
    """Whether it is not known how a run's file is to the default branch's; a fork's is its own."""
    state = run.state
    needed = HELD_BY if state.get("ordinary") is False else {"ordinary"}
    return not needed <= state.keys() and state.get("from_fork") is not True


def _cut(places: Sequence[Place], since: datetime) -> Iterator[Subject]:
    """The packages of which older versions may lie within the window."""
    for place in places:
        versions = [item for item in place.items if item.kind == "version"]
        times = [time_of(item.state, "published_at") for item in versions]
        whole = place.lists.get("version", place) is None
        if not whole and len(versions) >= MOST_VERSIONS:
            told = [time for time in times if time is not None]
            if not told or min(told) >= since:
                yield place.subject
