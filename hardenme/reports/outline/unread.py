"""What was not looked at: the last section of everything that is shown."""

from __future__ import annotations

from collections.abc import Iterable

from hardenme.reports.outline.parts import EVERY, Entry, Group, Section, sentence

TITLE = "Not looked at"


def not_looked_at(
    gaps: Iterable[str | Entry], *, nothing: str, lead: str = "", notes: Iterable[str] = ()
) -> Section:
    """What was not read, each with what it takes.

    Args:
        gaps: one sentence each, or more where one is not enough.
        nothing: the text in their place where there are none.
        lead: what they mean, above them.
        notes: what the run did not look at as a whole, and what was left out of it.
    """
    entries = tuple(gap if isinstance(gap, Entry) else Entry((sentence(gap),)) for gap in gaps)
    scope = tuple((sentence(f"{note.rstrip('.')}."),) for note in notes)
    if not entries:
        return Section(TITLE, ((sentence(nothing),), *scope))
    above = ((sentence(lead),), *scope) if lead else scope
    return Section(TITLE, above, (Group(entries=entries, most=EVERY),))
