"""A cycle of a watch as an outline, from which terminal and Markdown are drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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
    command,
    page,
    sentence,
    strong,
)
from hardenme.reports.outline.unread import not_looked_at
from hardenme.reports.watch.shown import (
    UNSEEN,
    ChangeGroup,
    CycleShown,
    gap_line,
    group_line,
    grouped,
    remarks,
    remedies,
)


def outline(shown: CycleShown) -> Outline:
    """What looks like an attack first, then what to confirm, the rest, and what was not read."""
    cycle = shown.cycle
    lead: tuple[Words, ...] = ((strong(shown.sentence),), (sentence(shown.pace),))
    lead += tuple((sentence(text),) for text in remarks(shown))
    return Outline(
        title=f"hardenme {shown.version}: {', '.join(shown.targets)}",
        warning=(),
        lead=lead,
        sections=(
            *_changes("Stop", cycle.marked, "If no one meant it, stop it in this order."),
            *_changes(
                "Confirm",
                [one for one in cycle.alerts if not one.marks],
                "Does anyone know of it? What no one knows of is an attacker's.",
            ),
            *_changes("Also different", cycle.notes, "No sign of an attack by itself."),
            *_unread(shown),
        ),
        header=shown.header,
    )


def _changes(title: str, changes: Iterable[Event | Undated], lead: str) -> Iterator[Section]:
    entries = tuple(map(_entry, grouped(changes)))
    if entries:
        yield Section(title, ((sentence(lead),),), (Group(entries=entries, most=EVERY),))


def _entry(group: ChangeGroup) -> Entry:
    one = group.first
    beside: list[Detail] = []
    if lines := remedies(one):
        beside.append(Detail("Run", tuple((command(line),) for line in lines), most=EVERY))
    if one.page:
        beside.append(Detail("At", ((page(one.page),),)))
    tone = Severity.CRITICAL if one.marks else Severity.INFO
    return Entry((sentence(group_line(group)),), tone=tone, beside=tuple(beside))


def _unread(shown: CycleShown) -> Iterator[Section]:
    cycle = shown.cycle
    if cycle.why_blind:
        return
    yield not_looked_at(
        (gap_line(one, cycle.at) for one in cycle.not_read),
        nothing=f"Everything that this cycle was to read was read. {UNSEEN}",
        lead=f"None of this counts as unchanged. {UNSEEN}",
    )
