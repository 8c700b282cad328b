"""What changed after the frozen run and is in no list of the runbook: people, settings and ways.

It is what `recent` shows about a later run and the frozen one, so both use one table of what an
attacker can leave. What a run cannot show is a row as well, which a person attests.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hardenme.derive.attacker_changes import PLACES, changes_in
from hardenme.derive.incident import coverage
from hardenme.derive.incident.observed import LedgerRun, Observation
from hardenme.derive.inventory.repository import CHANGED, PUSH, RELEASE, RUN
from hardenme.derive.recent.found import place_kind
from hardenme.ground.names import LOGIN
from hardenme.model.inventory import ARCHIVED, BYPASSED, DELIVERY
from hardenme.model.recent import Event, Recent, Undated, Unseen
from hardenme.model.report import command_targets
from hardenme.model.runbook import LIST, RunbookItem, RunbookThing, row_key
from hardenme.model.subject import Subject

CHANGE = "change"
"""How the keys of these rows begin."""
REST = "what else changed after the frozen run"
NOT_READ = object()
PASSING = frozenset({RELEASE, PUSH, RUN, CHANGED, ARCHIVED, BYPASSED, DELIVERY})
"""What happened, and is not undone by leaving its list."""
NEWER = "look at each, and attest that you know it"
NAMED = 3
"""Places that a row names before the rest is counted."""


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A row about a change, before it is known how far it is.

    Attributes:
        key: identifies it in every run.
        text: what changed, with its place; names in it are untrusted.
        item: where it is undone.
        looks: what later runs show of it, the oldest first.
        why: what is known about it while it is pending.
        listed: the place and the kind of the list in which it appeared; None for any other change.
        subject: what appeared in that list; None if the list shows it by the row's key alone.
    """

    key: str
    text: str
    item: RunbookItem
    looks: tuple[Observation, ...] = ()
    why: str = ""
    listed: tuple[Subject, str] | None = None
    subject: Subject | None = None


def change_rows(frozen: LedgerRun, runs: Sequence[LedgerRun]) -> Iterator[ChangeRow]:
    """The rows about what changed, as far as later runs show it, and about what they do not show.

    Args:
        frozen: the run that was frozen.
        runs: the later ones, the oldest first.
    """
    whole = [one for one in runs if one.changes is not None and coverage.enumerated(frozen, [one])]
    last = whole[-1] if whole else None
    told = [Observation(last.at, over=True, told=f"compared with {last.name}")] if last else []
    takes = coverage.command(frozen, runs)
    yield ChangeRow(
        row_key(LIST, REST),
        REST,
        RunbookItem(REST, (takes,)),
        tuple(told),
        f"to see it: run {takes}",
    )
    yield from _accounts(frozen, runs)
    yield from _seen(frozen, runs)
    if frozen.changes is not None:
        # What no run can be compared with: one from before the attack would have to be frozen.
        yield from _unseen(frozen, frozen.changes)
    if last is not None and last.changes is not None:
        yield from _unseen(last, last.changes)


def _accounts(frozen: LedgerRun, runs: Sequence[LedgerRun]) -> Iterator[ChangeRow]:
    """Who made what looks like an attack: a person sees to it that the account has no access left.

    The account of the run itself is what the runbook is about.
    """
    own = {one.login.lower() for one in frozen.report.identities if one.login}
    found: dict[str, ChangeRow] = {}
    for run in (frozen, *runs):
        for login, made in run.changes.by_account.items() if run.changes is not None else ():
            if not LOGIN.fullmatch(login) or login.lower() in {*own, *found}:
                continue
            several = f"{len(made):,} changes that look"
            why = f"it made {several if made[1:] else 'a change that looks'} like an attack"
            text = f"account {login}: every access that it has"
            demo = frozen.report.demo
            targets = ("--demo",) if demo else command_targets(frozen.report.targets)
            command = shlex.join(("hardenme", "person", login, *targets, "--stolen"))
            found[login.lower()] = ChangeRow(
                _account_key(login),
                text,
                RunbookItem(text, (command,)),
                (Observation(run.at, over=False, told=why),),
                why,
            )
    yield from found.values()


def _account_key(login: str) -> str:
    return row_key(CHANGE, f"account {login.lower()}")


def _seen(frozen: LedgerRun, runs: Sequence[LedgerRun]) -> Iterator[ChangeRow]:
    """What changed, by the first run that shows it; what is no longer in its list is over."""
    found: dict[str, ChangeRow] = {}
    for run in (frozen, *runs):
        shown = dict(_changes(frozen, run))
        for key, row in found.items():
            told = Observation(run.at, over=True, told=f"not in the list of {run.name}")
            if key not in shown and _is_gone(run, row):
                found[key] = replace(row, looks=(*row.looks, told))
        for key, row in shown.items():
            before = found.get(key, row)
            again = () if before is row else row.looks
            found[key] = replace(before, looks=(*before.looks, *again))
    yield from found.values()


def _is_gone(run: LedgerRun, row: ChangeRow) -> bool:
    """Whether a whole run read the list to its end in which something had appeared."""
    if row.listed is None or not run.whole or run.changes is None:
        return False
    where, kind = row.listed
    place = run.places.get(where)
    if place is None or place.lists.get(kind, NOT_READ) is not None:
        return False
    return row.subject is None or all(
        (one.kind, one.subject) != (kind, row.subject) for one in place.items
    )


def _changes(frozen: LedgerRun, run: LedgerRun) -> Iterator[tuple[str, ChangeRow]]:
    """What a run shows that is not a row of the runbook, each with its key."""
    if run.changes is None:
        return
    ended, before = _listed(run), [*_things(frozen)]
    rows = {one.item.subject for one in before}
    rows |= {one.item.subject for one in _things(run) if not one.wants}
    tags = {(one.place, one.kind.kind, one.item.label) for one in before}
    for event in run.changes.events:
        if event.subject not in rows:
            yield _row(
                run, event, f"{event.subject} {event.at}", event.text, event.undo or event.find
            )
    for one in run.changes.undated:
        gone = one.change in {"vanished", "appeared"}
        listed = (place_kind(one.place), one.kind) in ended and gone
        # A dist-tag or a release tag of the frozen run has a row with what it is to lead to.
        name = one.names[0].partition(": ")[0] if one.names else ""
        moved = one.change == "changed" and (one.place, one.kind, name) in tags
        if one.change and not listed and not moved:
            names = ", ".join(one.names)
            yield _row(run, one, names, f"{one.kind} {names} ({one.change})", "")


def _row(
    run: LedgerRun, one: Event | Undated, what: str, text: str, undo: str
) -> tuple[str, ChangeRow]:
    key = row_key(CHANGE, f"{type(one).__name__} {one.kind} of {one.place}: {what}")
    marks = "; ".join(one.marks or one.confirm)
    marks = f": {marks}" if marks else ""
    why = f"seen in {run.name}{marks}"
    if run.began is not None:
        why = f"newer than {run.began.words}{marks}"
    text = f"{text} in {one.place.name}" if one.place.name not in text else text
    look = Observation(run.at, over=False, told=why)
    stop = undo or one.still.stop
    item = RunbookItem(text, (stop,) if stop else (), one.page)
    listed = one.place, one.kind
    if isinstance(one, Event):
        ends = None if one.kind in PASSING else listed
        return key, ChangeRow(key, text, item, (look,), why, ends, one.subject)
    appeared = one.change == "appeared"
    return key, ChangeRow(key, text, item, (look,), why, listed if appeared else None)


def urgencies(frozen: LedgerRun, now: datetime) -> dict[str, tuple[int, str]]:
    """What was added or changed lately: its row's key, its place in the order, and when that was.

    Args:
        frozen: the run that was frozen, with what is newer than the attack.
        now: from when is counted.
    """
    if frozen.changes is None:
        return {}
    things = {one.item.subject: one.key for one in _things(frozen) if not one.wants}
    rows = {row.subject: key for key, row in _changes(frozen, frozen) if row.subject is not None}
    found: dict[str, tuple[int, str]] = {}
    urgent = (*frozen.changes.to_stop, *frozen.changes.to_confirm)
    for number, one in enumerate(one for one in urgent if isinstance(one, Event)):
        key = things.get(one.subject, "")
        # What changed has its verb in its own text.
        verb = f"{'added' if one.appeared else 'changed'} " if key else ""
        mark = "! " if one.marks else ""
        key = key or rows.get(one.subject, "")
        found.setdefault(key, (number, f"{mark}{verb}{ago(now - one.at)}"))
    for login, made in frozen.changes.by_account.items():
        last = max(made, key=lambda one: one.at)
        found[_account_key(login)] = (len(urgent), f"! acted {ago(now - last.at)}")
    return found


def ago(age: timedelta) -> str:
    """How long ago something was, in the largest unit that fits."""
    seconds = max(int(age.total_seconds()), 0)
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size * (2 if name != "minute" else 1):
            number = seconds // size
            return f"{number:,} {name}{'s' if number > 1 else ''} ago"
    return "less than a minute ago"


def _listed(run: LedgerRun) -> set[tuple[str, str]]:
    """The kinds of things that the runbook lists, by their place."""
    return {(one.kind.place, one.kind.kind) for step in run.book.steps for one in step.lists}


def _things(run: LedgerRun) -> Iterator[RunbookThing]:
    for step in run.book.steps:
        for item in step.items:
            yield from item.things


def _unseen(run: LedgerRun, found: Recent) -> Iterator[ChangeRow]:
    """What the run did not compare: each source, and all that hardenme reads nowhere together."""
    ended = _listed(run)
    unread: dict[str, list[str]] = {}
    pages: dict[str, str] = {}
    for one in found.unseen:
        where = place_kind(one.places[0]) if one.places else ""
        if one.unreadable:
            unread.setdefault(where, []).append(one.source)
            pages.setdefault(where, one.page)
        elif not _in_list(one, where, ended):
            names = ", ".join(map(_named, one.places[:NAMED]))
            more = f" and {len(one.places) - NAMED:,} more" if len(one.places) > NAMED else ""
            text = f"{one.source} in {names}{more}: any that changed" if names else one.source
            key = row_key(CHANGE, f"not seen: {one.source} in {where}")
            why = f"not compared in {run.name}: it takes {one.why.needed}"
            if run.began is not None:
                why = f"no run from before the attack was frozen: {NEWER}"
            yield ChangeRow(key, text, RunbookItem(text, page=one.page), why=why)
    for where, sources in unread.items():
        text = (
            f"{PLACES.get(where, where)}, which no run reads: {', '.join(dict.fromkeys(sources))}"
        )
        key = row_key(CHANGE, f"not read: {where}")
        yield ChangeRow(key, text, RunbookItem(text, page=pages[where]))


def _named(place: Subject) -> str:
    """A place's name; GitHub has accounts of the same names as npm's."""
    own = place.provider == "npm" and place.kind in {"user", "org"}
    return f"{place.name} on npm" if own else place.name


def _in_list(one: Unseen, where: str, ended: set[tuple[str, str]]) -> bool:
    """Whether a list of the runbook covers a source that was not read."""
    kinds: Mapping[str, str] = {change.what: change.kind for change in changes_in(where)}
    return (where, kinds.get(one.source, "")) in ended
