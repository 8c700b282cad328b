"""What was not looked at: the last section of everything that is shown."""

from __future__ import annotations

from collections.abc import Iterable

from hardenme.reports.outline.parts import EVERY, Entry, Group, Most, Section, sentence

TITLE = "Not looked at"


def not_looked_at(
    gaps: Iterable[str | Entry],
    *,
    nothing: str,
    lead: str = "",
    notes: Iterable[str] = (),
    most: Most = EVERY,
) -> Section:
    """What was not read, each with what it takes.

    Args:
        gaps: one sentence each, or more where one is not enough.
        nothing: the text in their place where there are none.
        lead: what they mean, above them.
        notes: what the run did not look at as a whole, and what was left out of it.
        most: how many of them are shown; `--full` shows all.
    """
    entries = tuple(gap if isinstance(gap, Entry) else Entry((sentence(gap),)) for gap in gaps)
    scope = tuple((sentence(f"{note.rstrip('.')}."),) for note in notes)
    if not entries:
        return Section(TITLE, ((sentence(nothing),), *scope))
    above = ((sentence(lead),), *scope) if lead else scope
    group = Group(entries=entries, most=most, thing="reason", all_by="--full")
    return Section(TITLE, above, (group,))
