"""What is shown about a window of time: what was found in it, and whose it is."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby

from hardenme.ground.names import LOGIN
from hardenme.model.confirm import ConfirmLine, change_text, confirm_lines, confirmed_texts
from hardenme.model.recent import Event, Recent, Undated, Unseen
from hardenme.model.report import command_targets
from hardenme.model.subject import Subject
from hardenme.reports.header import Header, minute
from hardenme.reports.plain import begun, counted, plural

FULL = "hardenme recent --full"
DEPENDENCIES = "Whether a bad version or action ran: hardenme exposed --help"
"""What a window of changes does not answer, and what does."""
NOUNS = {"repo": ("repository", "repositories"), "package": ("package", "packages")}
OTHERS = ("place", "places")
CHECK = "`hardenme check`"
"""How what is needed names a check, of whatever."""


@dataclass(frozen=True, slots=True)
class AfterRecent:
    """What comes after the changes were looked at.

    Attributes:
        text: a sentence without its full stop; empty for nothing.
        command: the command alone, where one is enough.
    """

    text: str = ""
    command: str = ""


@dataclass(frozen=True, slots=True)
class ShownBefore:
    """How many changes are left out since an earlier run has shown them.

    Attributes:
        marked: those that look like an attack.
        others: those that a person has to confirm.
    """

    marked: int = 0
    others: int = 0

    @property
    def text(self) -> str:
        """A sentence; empty if there are none."""
        marked = f"{counted(self.marked, 'change')} that {_look(self.marked)} like an attack"
        others = f"{counted(self.others, 'change')} to confirm"
        parts = [marked] * bool(self.marked) + [others] * bool(self.others)
        return f"An earlier run has shown {' and '.join(parts)}." if parts else ""


@dataclass(frozen=True, slots=True)
class StolenAccount:
    """An account that someone else may have.

    Attributes:
        login: on GitHub.
        changes: how many of the changes that look like an attack it made.
        command: what lists how it loses access.
    """

    login: str
    changes: int
    command: str

    @property
    def text(self) -> str:
        """What it did, and what to run if someone else has it."""
        return f"{self.login} made {self.changes:,} of these. Taken over? `{self.command}`"


@dataclass(frozen=True, slots=True)
class RecentView:
    """What is shown.

    Attributes:
        recent: what was found.
        targets: as the user named them.
        hosts: who was asked, by name.
        version: the version of hardenme.
        window: the window as the user named it.
        requests: how many were sent.
        partial: why it is incomplete; empty if the run went to its end.
        full: the command that shows everything.
        invented: it is the demo's.
        step: what comes next.
        notes: the warnings and notes of the run.
        left_out: how many repositories the user left out or are archived, in words; empty for none.
        accounts: for which account each provider answered, where that is known.
        before: what is left out since an earlier run has shown it.
        refused: why the run could not sign in, in sentences; empty if it could.
        own: the logins of the run, in lower case.
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
    step: AfterRecent = AfterRecent()
    notes: tuple[str, ...] = ()
    left_out: str = ""
    accounts: Mapping[str, str] = field(default_factory=dict)
    before: ShownBefore = ShownBefore()
    refused: str = ""
    own: frozenset[str] = frozenset()

    @property
    def stolen(self) -> tuple[StolenAccount, ...]:
        """The accounts on GitHub that made what looks like an attack: who made most comes first."""
        named = ("--demo",) if self.invented else command_targets(self.targets)
        person = ("hardenme", "person")
        return tuple(
            StolenAccount(
                login,
                len(made),
                shlex.join(
                    ("hardenme", "runbook", *named[: self.invented])
                    if login.lower() in self.own
                    else (*person, login, *named, "--stolen")
                ),
            )
            for login, made in self.recent.by_account.items()
            if LOGIN.fullmatch(login)
        )

    @property
    def to_confirm(self) -> tuple[ConfirmLine, ...]:
        """What a person has to confirm, a line for each actor."""
        return confirm_lines(self.recent, self.accounts)

    @property
    def header(self) -> Header:
        """Of whom, whom was asked, the window and its end."""
        left_out = (self.left_out,) if self.left_out else ()
        scope = (*left_out, *self.hosts, f"the {self.window}")
        return Header(", ".join(self.targets), scope, minute(self.recent.until))

    @property
    def sections(self) -> Mapping[Subject, tuple[Event, ...]]:
        """The events by their place: the places with the most marks first, then the newest."""
        return _by_place(self.recent.events)

    @property
    def others(self) -> Mapping[Subject, tuple[Event, ...]]:
        """The same of the events that do not look like an attack."""
        return _by_place(one for one in self.recent.events if not one.marks)

    @property
    def verdict(self) -> str:
        """The word for it; only what was looked at to the last kind of change is clean."""
        if self.recent.marked or self.before.marked:
            return "LOOK NOW"
        if self.refused:
            return "NOT KNOWN"
        if self.recent.to_confirm or self.before.others:
            return "CONFIRM"
        if self.recent.readable:
            return "NOT KNOWN"
        return "NO SIGN" if self.recent.unseen else "CLEAN"

    @property
    def sentence(self) -> str:
        """What it comes to; what is left out is counted."""
        return f"{self.refused} {self._found} {self.before.text}".strip()

    @property
    def _found(self) -> str:
        """What is shown."""
        recent, new = self.recent, "new " * bool(self.before.text)
        marked, confirm = len(recent.marked), len(recent.to_confirm)
        undated = sum(bool(one.marks or one.confirm) for one in recent.undated)
        number = len(recent.events) + undated
        also = f" {_confirm(confirm, more=bool(marked))}" if confirm else ""
        also += "".join(f" {begun(one)}." for one in confirmed_texts(recent))
        if marked:
            changes = counted(number, f"{new}change")
            return f"{marked:,} of {changes} {_look(marked)} like an attack.{also}"
        if not recent.looked and not number:
            return "Nothing was looked at, so nothing is known of what changed."
        missing = counted(len(recent.readable), "source")
        were = "was" if len(recent.readable) == 1 else "were"
        rest = len(recent.unseen) - len(recent.readable)
        parts = [f"{counted(number, f'{new}change')}; none looks like an attack.{also}"]
        if recent.readable:
            parts.append(f"{missing} {were} not looked at, or cannot be dated.")
        if rest:
            kinds = counted(rest, "kind of change", "kinds of change")
            parts.append(f"hardenme cannot see {kinds}.")
        if not recent.unseen:
            parts.append("Everything was looked at.")
        return " ".join(parts)


def _look(number: int) -> str:
    return "looks" if number == 1 else "look"


def _by_place(events: Iterable[Event]) -> Mapping[Subject, tuple[Event, ...]]:
    found: dict[Subject, list[Event]] = {}
    for event in events:
        found.setdefault(event.place, []).append(event)

    def weight(place: Subject) -> tuple[int, float]:
        some = found[place]
        return -sum(bool(one.marks) for one in some), -some[0].at.timestamp()

    return {place: tuple(found[place]) for place in sorted(found, key=weight)}


def _confirm(number: int, *, more: bool) -> str:
    return f"Confirm that you know {counted(number, 'more change' if more else 'change')}."


def what(event: Event) -> str:
    """What happened, by whom, and what it allows."""
    by = f" by {event.by}" if event.by else ""
    allows = f": {event.allows}" if event.allows else ""
    seen = " (as an earlier run saw it)" if event.stored else ""
    return f"{event.text}{by}{allows}{seen}"


def to_stop(one: Event | Undated) -> str:
    """What looks like an attack, where, when and by whom, why, and what it can still do."""
    at = f"{moment(one.at)} " if isinstance(one, Event) else ""
    by = f", by {one.by}" if isinstance(one, Event) and one.by else ""
    seen = " (as an earlier run saw it)" if isinstance(one, Event) and one.stored else ""
    still = f" {begun(one.still.text)}." if one.still.text else ""
    return f"{at}{change_text(one)}{by}: {'; '.join(one.marks)}{seen}.{still}"


def remedy(one: Event | Undated) -> list[str]:
    """The commands that stop it, else the page where that is done; none if there is no page."""
    return commands_of(one) or ([one.page] if one.page else [])


def commands_of(one: Event | Undated) -> list[str]:
    """The commands that undo it, else the one that stops it."""
    undo = one.undo.splitlines() if isinstance(one, Event) else []
    return undo or ([one.still.stop] if one.still.stop else [])


def title(place: Subject) -> str:
    """A place in words."""
    names = {"user": "account", "org": "organization", "repo": "repository"}
    return f"{names.get(place.kind, place.kind)} {place.name} on {_site(place)}"


def _site(place: Subject) -> str:
    return {"github": "GitHub", "npm": "npm"}.get(place.provider, place.provider)


SITES = {
    ("github", "user"): " on GitHub",
    ("npm", "user"): " on npm",
    ("npm", "org"): " on npm",
}
"""By provider and kind, the site of an account: two sites may have one of the same name."""


@dataclass(frozen=True, slots=True)
class NotLookedAt:
    """What was not looked at for one reason.

    Attributes:
        sources: what it is, by where: each place, or how many places.
        needed: what resolves it.
        places: the places, each once.
        stored: an earlier run has data on some of it.
        unreadable: hardenme cannot read it, whatever the token and the depth.
    """

    sources: tuple[str, ...]
    needed: str
    places: int
    stored: bool
    unreadable: bool = False


def shown_gaps(told: RecentView) -> list[NotLookedAt]:
    """What was not looked at, with the targets in each command."""
    targets = () if told.invented else command_targets(told.targets)
    check = shlex.join(["hardenme", "check", *targets])
    return [
        replace(gap, needed=gap.needed.replace(CHECK, f"`{check}`"))
        for gap in gaps(told.recent.unseen)
    ]


def gaps(unseen: Iterable[Unseen]) -> list[NotLookedAt]:
    """What was not looked at, by what resolves it, most places first."""
    found: list[NotLookedAt] = []

    def reason(one: Unseen) -> str:
        return one.why.needed or one.why.what_to_do

    for needed, some in groupby(sorted(unseen, key=reason), key=reason):
        rows = sorted(some, key=lambda one: (-len(one.places), one.source))
        places = {place for one in rows for place in one.places}
        found.append(
            NotLookedAt(
                tuple(_sources(rows)),
                needed,
                len(places),
                any(one.stored for one in rows),
                all(one.unreadable for one in rows),
            )
        )
    return sorted(found, key=lambda one: (one.unreadable, -one.places, one.needed))


def _sources(rows: Iterable[Unseen]) -> Iterator[str]:
    """What was not looked at: each place, or number of places, once with all that it is about."""
    found: dict[str, dict[str, None]] = {}
    for one in rows:
        found.setdefault(_where(one), {}).setdefault(one.source)
    for where, sources in found.items():
        yield f"{'; '.join(sources)}{where}"


def _where(one: Unseen) -> str:
    if not one.places:
        return ""
    if len(one.places) == 1:
        (place,) = one.places
        return f" of {place.name}{SITES.get((place.provider, place.kind), '')}"
    kinds = {place.kind for place in one.places}
    nouns = NOUNS.get(kinds.pop(), OTHERS) if len(kinds) == 1 else OTHERS
    of = f" of {one.all:,}" if one.all > len(one.places) else ""
    return f" of {len(one.places):,}{of} {nouns[1]}"


def without_date(undated: Iterable[Undated], most: int = 0) -> list[tuple[str, str]]:
    """What no answer dates, in lines, the most important first: what it is, and where to look.

    Args:
        undated: the changes, and what is there.
        most: names in a line before the rest is counted; 0 for all.
    """
    lines: list[tuple[str, str]] = []
    listed: dict[str, list[Undated]] = {}
    for one in undated:
        if one.change:
            why = f": {'; '.join(one.marks)}" if one.marks else ""
            lines.append((f"{'! ' * bool(one.marks)}{change_text(one)}{why}", one.page))
        else:
            listed.setdefault(one.kind, []).append(one)
    for kind, some in listed.items():
        names = list(dict.fromkeys(name for one in some for name in one.names))
        where = some[0].place.name if len(some) == 1 else f"{len(some):,} places"
        cut = most if 0 < most < len(names) else len(names)
        shown = ", ".join(names[:cut])
        more = f" and {len(names) - cut:,} more" if len(names) > cut else ""
        page = some[0].page if len(some) == 1 else ""
        lines.append((f"{plural(kind)} in {where}: {shown}{more}", page))
    return lines


SHOWN = 6
"""Names in a line before the rest is counted."""
FEW_DAYS = 3
"""Days below which an age is given in hours."""


def unchanged(recent: Recent) -> str:
    """The text where no change is known among things without a date."""
    if recent.compared is None:
        return "nothing of it was seen" if recent.unseen else "nothing"
    since = f"the run of {recent.compared:%d %b, %H:%M}"
    if not recent.proven:
        return f"{since} is not older than the window, so it proves nothing unchanged"
    if recent.readable:
        return f"no change since {since} in what was read; not all of it was"
    return f"no change since {since} in what was read"


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
