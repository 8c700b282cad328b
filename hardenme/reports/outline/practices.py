"""The safeguards of a maintainer as a section of an outline."""

from __future__ import annotations

from collections.abc import Sequence

from hardenme.reports.outline.parts import (
    EVERY,
    Entry,
    Group,
    Section,
    Words,
    command,
    name,
    ours,
    sentence,
)
from hardenme.reports.practices import MemberAnswers, SafeguardState

TITLE, NEXT = "Safeguards", "Next"
MEMBERS = "Members' signed answers"
LEAD = (
    "What is checked, attested by a person, still asked, and not known. Attested is never passed."
)


def safeguards(
    found: Sequence[SafeguardState],
    notes: Sequence[str] = (),
    members: Sequence[MemberAnswers] = (),
) -> Section:
    """Each safeguard with all of its texts.

    Args:
        notes: sentences that a reader has to know.
        members: what members answered and signed.
    """
    groups = [
        Group(
            (ours(one.safeguard.title),),
            entries=(
                *(Entry((sentence(text),), label=word) for word, text in one.said),
                Entry(_next(one), label=NEXT),
            ),
            most=EVERY,
        )
        for one in found
    ]
    if members:
        told = tuple(Entry((name(one.login), ours(": "), sentence(one.said))) for one in members)
        groups.append(Group((ours(MEMBERS),), entries=told, thing="member"))
    tail = tuple((sentence(note),) for note in notes)
    lead = ((ours(LEAD),),)
    return Section(TITLE, lead, tuple(groups), thing="safeguard", most=EVERY, tail=tail)


def _next(one: SafeguardState) -> Words:
    between = (ours(": "),) if one.todo and one.command else ()
    todo = (sentence(one.todo),) if one.todo else ()
    return (*todo, *between, *((command(one.command),) if one.command else ()))
