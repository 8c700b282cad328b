"""Kinds of change, and when each is taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

GONE = "What was removed is no longer listed."
"""What holds of what is gone."""


class When(IntEnum):
    """When a step is taken."""

    LOOK = 0
    """Signs of an attack."""
    TODAY = 1
    """What needs no preparation."""
    NEXT = 2
    """What needs a review, a test release, or another step first."""


@dataclass(frozen=True, slots=True)
class StepKind:
    """One kind of change.

    Attributes:
        key: names it; a step's id is made from it, so it stays.
        title: the change, for a person: starts with a verb. `{where}` is replaced by the objects.
        codes: the checks that ask for it.
        wide: the same where one change at the organization closes it for all repositories.
        section: when it is taken, unless it waits for a later step.
        single: each object is a step of its own.
        whole: an object has one action, which does all that its findings ask for.
        ends: the object is gone afterwards, and with it whatever is not known of it.
        gone: the checks whose subject is gone afterwards: nothing about it can be seen then.
        who: who takes it, if that is not the reader; empty if the fix says it better.
        stays: the checks that still fail once it is taken.
        until: until when these do, in words; empty if there are none.
        binds: what does not comply is refused afterwards, also where it is set on a page.
        once: for all of an organization it is one action on each page, where a second one would
            replace it.
        covers: by a check, those whose fix for the same object is a part of what it asks.
        commits: it commits a file, so it comes before the branch takes pull requests only.
    """

    key: str
    title: str
    codes: frozenset[str] = field(default_factory=frozenset)
    wide: str = ""
    section: When = When.TODAY
    single: bool = False
    whole: bool = False
    ends: bool = False
    gone: frozenset[str] = field(default_factory=frozenset)
    who: str = ""
    stays: frozenset[str] = field(default_factory=frozenset)
    until: str = ""
    binds: bool = False
    commits: bool = False
    once: bool = False
    covers: Mapping[str, frozenset[str]] = field(
        default_factory=dict[str, frozenset[str]], hash=False
    )


def codes_of(text: str) -> frozenset[str]:
    """Codes of a short form: `GHB101-114 GHO127`."""
    found: set[str] = set()
    for part in text.split():
        first, _, last = part.partition("-")
        family, start = first[:3], int(first[3:])
        found |= {f"{family}{number}" for number in range(start, int(last or start) + 1)}
    return frozenset(found)
