"""All of what appeared or changed, as an outline from which terminal and Markdown are drawn."""

from __future__ import annotations

from collections.abc import Iterator

from hardenme.model.confirm import ConfirmLine
from hardenme.model.recent import Event, Undated
from hardenme.model.severity import Severity
from hardenme.reports.outline.parts import (
    EVERY,
    Detail,
    Entry,
    Group,
    Outline,
    Section,
    Words,
    about_run,
    command,
    ours,
    page,
    sentence,
    strong,
)
from hardenme.reports.outline.unread import not_looked_at
from hardenme.reports.plain import begun, counted
from hardenme.reports.recent.view import (
    DEPENDENCIES,
    NotLookedAt,
    RecentView,
    commands_of,
    shown_gaps,
    title,
    to_stop,
    unchanged,
    what,
    without_date,
)


def outline(told: RecentView) -> Outline:
    """Everything, the sections an object, each with its newest first."""
    recent = told.recent
    lead: tuple[Words, ...] = (
        (strong(told.sentence),),
        (sentence(f"The {told.window}, from {recent.since:%d %b %Y, %H:%M} UTC."),),
    )
    if recent.stored is not None:
        text = (
            f"What this run could not read stands as the run of"
            f" {recent.stored:%d %b %Y, %H:%M} UTC saw it."
        )
        lead = (*lead, (sentence(text),))
    lead = (*lead, *((sentence(note),) for note in told.notes))
    sections = (
        *_stop(told),
        *_events(told),
        *_confirm(told),
        *_ordinary(told),
        _undated(told),
        _unseen(told),
    )
    return about_run(told, ", ".join(told.targets), lead, sections, _next(told))


LOOK_UP = "Look up"
"""The label of the command that prints the one that ends something."""


def _next(told: RecentView) -> Iterator[Words]:
    step = told.step
    if step.command:
        yield ours("Next: "), command(step.command)
    elif step.text:
        yield ours("Next: "), sentence(f"{step.text}.")


def _stop(told: RecentView) -> Iterator[Section]:
    found = told.recent.to_stop
    if found:
        lead = "In this order, if no one meant it: what can publish or push now comes first."
        entries = tuple(_to_stop(number, one) for number, one in enumerate(found, 1))
        leads = (lead, *(one.text for one in told.stolen))
        notes = tuple((sentence(text),) for text in leads)
        yield Section("Stop", notes, (Group(entries=entries, most=EVERY),))


def _to_stop(number: int, one: Event | Undated) -> Entry:
    beside = []
    if commands := commands_of(one):
        beside.append(Detail("Run", tuple((command(line),) for line in commands), most=EVERY))
    if isinstance(one, Event) and one.find:
        beside.append(Detail(LOOK_UP, ((command(one.find),),)))
    if one.page:
        beside.append(Detail("At", ((page(one.page),),)))
    mark, tone = f"{number}.", Severity.CRITICAL
    return Entry((sentence(to_stop(one)),), mark=mark, tone=tone, beside=tuple(beside))


def _events(told: RecentView) -> Iterator[Section]:
    for place, events in told.others.items():
        group = Group(entries=tuple(map(_entry, events)), thing="change", most=EVERY)
        yield Section(title(place), groups=(group,))


def _entry(event: Event) -> Entry:
    beside: list[Detail] = []
    if event.confirmed:
        beside.append(Detail("Known", ((sentence(f"confirmed by {event.confirmed}"),),)))
    if event.undo:
        lines = event.undo.splitlines()
        beside.append(Detail("Run", tuple((command(line),) for line in lines)))
    if event.find:
        beside.append(Detail(LOOK_UP, ((command(event.find),),)))
    if event.page:
        beside.append(Detail("At", ((page(event.page),),)))
    return Entry(
        (sentence(f"{event.at:%d %b %H:%M} {what(event)}"),),
        beside=tuple(beside),
    )


def _confirm(told: RecentView) -> Iterator[Section]:
    lines = told.to_confirm
    if lines:
        text = "Do you know of these changes? If no one does, end each by its command above."
        if any(one.find for one in told.recent.to_confirm if isinstance(one, Event)):
            text = f'{text} What follows "Look up" prints that command.'
        group = Group(entries=tuple(map(_line, lines)), most=EVERY)
        yield Section("Confirm", ((sentence(text),),), (group,))


def _line(one: ConfirmLine) -> Entry:
    beside = (Detail("If so", ((command(one.command),),)),) if one.command else ()
    return Entry((sentence(f"{one.who}: {'; '.join(one.texts)}"),), beside=beside)


def _ordinary(told: RecentView) -> Iterator[Section]:
    work = told.recent.ordinary
    if work.pushes or work.runs:
        text = (
            f"{counted(work.pushes, 'push or merge', 'pushes and merges')} by"
            f" {counted(work.people, 'person', 'people')} and {counted(work.runs, 'workflow run')}"
            f" in {counted(work.repositories, 'repository', 'repositories')} are not listed."
        )
        yield Section("Ordinary work", lead=((sentence(text),),))


def _undated(told: RecentView) -> Section:
    compared = told.recent.compared
    if compared is None:
        text = "No answer shows when these appeared, and no earlier run is kept: look at them."
    else:
        text = (
            f"No answer shows when these changed: since the run of {compared:%d %b %Y, %H:%M} UTC,"
            " or it is not known."
        )
    entries = tuple(
        Entry((sentence(line),), beside=(Detail("At", ((page(at),),)),) if at else ())
        for line, at in without_date(told.recent.undated)
    )
    text = text if entries else begun(f"{unchanged(told.recent)}.")
    return Section("No date", ((sentence(text),),), (Group(entries=entries, most=EVERY),))


def _gap(gap: NotLookedAt) -> Entry:
    """What it takes, and below it what is not known without."""
    lines = tuple((sentence(one),) for one in gap.sources)
    return Entry(
        (sentence(f"{gap.needed}:"),), title=True, beside=(Detail("For", lines, most=EVERY),)
    )


def _unseen(told: RecentView) -> Section:
    return not_looked_at(
        map(_gap, shown_gaps(told)),
        nothing=f"Nothing: {counted(told.recent.looked, 'list')} read to the end.",
        lead="None of this counts as unchanged.",
        notes=(DEPENDENCIES,),
    )
