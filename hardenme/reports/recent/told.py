"""What is told of a window: what was found in it, and of whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from hardenme.model.recent import Event, Recent, Undated, Unseen
from hardenme.model.subject import Subject
from hardenme.model.unknown import WHAT_TO_DO
from hardenme.reports.plain import counted

FULL = "hardenme recent --full"
NOUNS = {"repo": ("repository", "repositories"), "package": ("package", "packages")}
OTHERS = ("place", "places")


@dataclass(frozen=True, slots=True)
class RecentShown:
    """What is shown.

    Attributes:
        recent: what was found.
        targets: as the user named them.
        hosts: who was asked, by name.
        version: the version of hardenme.
        window: the window as the user named it.
        requests: how many were sent.
        partial: why it is not whole; empty where the run went to its end.
        full: the command that shows everything.
        invented: it is the demo's.
        step: what comes next, in a sentence; empty for nothing.
    """

    recent: Recent
    targets: tuple[str, ...]
    hosts: tuple[str, ...]
    version: str
    window: str
    requests: int = 0
    partial: str = ""
    full: str = FULL
    invented: bool = False
    step: str = ""

    @property
    def sections(self) -> Mapping[Subject, tuple[Event, ...]]:
        """The events by their place: the places with the most marks first, then the newest."""
        found: dict[Subject, list[Event]] = {}
        for event in self.recent.events:
            found.setdefault(event.place, []).append(event)

        def weight(place: Subject) -> tuple[int, float]:
            events = found[place]
            return -sum(bool(one.marks) for one in events), -events[0].at.timestamp()

        return {place: tuple(found[place]) for place in sorted(found, key=weight)}

    @property
    def sentence(self) -> str:
        """What it comes to."""
        marked = len(self.recent.marked)
        number = len(self.recent.events) + sum(bool(one.marks) for one in self.recent.undated)
        if marked:
            verb = "looks" if marked == 1 else "look"
            return f"{marked:,} of {counted(number, 'change')} {verb} like an attack."
        if not self.recent.looked and not number:
            return "Nothing was looked at, so nothing is known of what changed."
        if self.recent.unseen:
            missing = counted(len(self.recent.unseen), "source")
            were = "was" if len(self.recent.unseen) == 1 else "were"
            return (
                f"{counted(number, 'change')}; none looks like an attack. {missing} {were} not"
                " looked at, or not to the end."
            )
        return f"{counted(number, 'change')}; none looks like an attack. Everything was looked at."


def what(event: Event) -> str:
    """What happened, by whom, and what it allows."""
    by = f" by {event.by}" if event.by else ""
    allows = f": {event.allows}" if event.allows else ""
    seen = " (as an earlier run saw it)" if event.stored else ""
    return f"{event.text}{by}{allows}{seen}"


def alarm(event: Event) -> str:
    """What happened, by whom, and why it looks like an attack."""
    by = f" by {event.by}" if event.by else ""
    seen = " (as an earlier run saw it)" if event.stored else ""
    return f"{event.text}{by}: {'; '.join(event.marks)}{seen}"


def title(place: Subject) -> str:
    """A place in words."""
    names = {"user": "account", "org": "organization", "repo": "repository"}
    return f"{names.get(place.kind, place.kind)} {place.name} on {_site(place)}"


def _site(place: Subject) -> str:
    return {"github": "GitHub", "npm": "npm"}.get(place.provider, place.provider)


@dataclass(frozen=True, slots=True)
class NotLookedAt:
    """What was not looked at for one reason.

    Attributes:
        sources: each with how many places.
        needed: what resolves it.
        places: the places, each once.
        stored: an earlier run tells of some of it.
    """

    sources: tuple[str, ...]
    needed: str
    places: int
    stored: bool


def gaps(unseen: Iterable[Unseen]) -> list[NotLookedAt]:
    """What was not looked at, by what resolves it, most places first."""
    found: list[NotLookedAt] = []

    def reason(one: Unseen) -> str:
        return one.why.needed or WHAT_TO_DO[one.why.reason]

    for needed, some in groupby(sorted(unseen, key=reason), key=reason):
        rows = sorted(some, key=lambda one: (-len(one.places), one.source))
        places = {place for one in rows for place in one.places}
        found.append(
            NotLookedAt(
                tuple(map(_source, rows)), needed, len(places), any(one.stored for one in rows)
            )
        )
    return sorted(found, key=lambda one: (-one.places, one.needed))


def _source(one: Unseen) -> str:
    if not one.places:
        return one.source
    if len(one.places) == 1:
        return f"{one.source} of {one.places[0].name}"
    kinds = {place.kind for place in one.places}
    nouns = NOUNS.get(kinds.pop(), OTHERS) if len(kinds) == 1 else OTHERS
    of = f" of {one.all:,}" if one.all > len(one.places) else ""
    return f"{one.source} of {len(one.places):,}{of} {nouns[1]}"


def without_date(undated: Iterable[Undated]) -> list[tuple[str, str]]:
    """What no answer dates, in lines, the weightiest first: what it is, and where to look."""
    lines: list[tuple[str, str]] = []
    listed: dict[str, list[Undated]] = {}
    for one in undated:
        if one.change:
            why = f": {'; '.join(one.marks)}" if one.marks else ""
            told = f"{one.kind} {one.names[0]} {one.change} in {one.place.name}{why}"
            lines.append((f"{'! ' * bool(one.marks)}{told}", one.page))
        else:
            listed.setdefault(one.kind, []).append(one)
    for kind, some in listed.items():
        names = list(dict.fromkeys(name for one in some for name in one.names))
        where = some[0].place.name if len(some) == 1 else f"{len(some):,} places"
        shown = ", ".join(names[:SHOWN])
        more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
        page = some[0].page if len(some) == 1 else ""
        lines.append((f"{plural(kind)} in {where}: {shown}{more}", page))
    return lines


SHOWN = 6
"""Names in a line before the rest is counted."""
FEW_DAYS = 3
"""Days below which a time is told in hours."""


def unchanged(recent: Recent) -> str:
    """What is said where nothing without a date is known to have changed."""
    if recent.compared is None:
        return "nothing of it was seen" if recent.unseen else "nothing"
    since = f"since the run of {recent.compared:%d %b, %H:%M}"
    if recent.unseen:
        return f"nothing is known to have changed {since}; not all of it was looked at"
    return f"nothing changed {since}"


def plural(kind: str) -> str:
    """Several of a kind."""
    return (
        kind if kind.endswith("s") else f"{kind}s" if not kind.endswith("y") else f"{kind[:-1]}ies"
    )


def window(since: timedelta) -> str:
    """A length of time in words."""
    seconds = int(since.total_seconds())
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds % size == 0 and seconds >= size * (FEW_DAYS if name == "day" else 1):
            return f"last {counted(seconds // size, name)}"
    return f"last {counted(seconds, 'second')}"


def moment(at: datetime) -> str:
    """A time as a line begins with it, in UTC."""
    return f"{at:%d %b %H:%M}"
