"""The safeguards of a maintainer as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hardenme.codec.shape import OrNull
from hardenme.reports.practices import MemberAnswers, SafeguardState
from hardenme.reports.printed import PrintedDocument, as_json


@dataclass(frozen=True, slots=True)
class AttestedCheck:
    """A check that a person answered.

    Attributes:
        code: the check's.
        until: when the answer stops counting.
    """

    code: str
    until: datetime


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do next.

    Attributes:
        text: in words; empty if the command says it.
        command: empty if there is none.
    """

    text: str
    command: str


@dataclass(frozen=True, slots=True)
class PrintedSafeguard:
    """One of the safeguards.

    Attributes:
        key: names it.
        title: what it is, in a few words.
        counts: its findings, by outcome.
        attested: the checks that a person answered, with the end of the earliest answer.
        asked: the checks that ask a person.
        unknown: the checks that could not be decided.
        next: what to do.
    """

    key: str
    title: str
    counts: Mapping[str, int]
    attested: tuple[AttestedCheck, ...]
    asked: tuple[str, ...]
    unknown: tuple[str, ...]
    next: NextStep


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticesDocument(PrintedDocument):
    """The safeguards of a maintainer.

    Attributes:
        partial: why the run is incomplete; null if it is.
        safeguards: each of them.
        notes: sentences on what does not count.
        members: what members answered and signed.
    """

    partial: OrNull
    safeguards: tuple[PrintedSafeguard, ...]
    notes: tuple[str, ...]
    members: tuple[MemberAnswers, ...]


def document(
    found: Sequence[SafeguardState],
    partial: str,
    notes: Sequence[str],
    members: Sequence[MemberAnswers],
) -> str:
    """The page as data; `partial` says why the run is incomplete."""
    return as_json(
        PracticesDocument(
            partial=partial,
            safeguards=tuple(map(_printed, found)),
            notes=tuple(notes),
            members=tuple(members),
        )
    )


def _printed(one: SafeguardState) -> PrintedSafeguard:
    return PrintedSafeguard(
        one.safeguard.key,
        one.safeguard.title,
        dict(sorted(one.counts.items())),
        tuple(AttestedCheck(code, end) for code, end in one.attested),
        one.asked,
        one.unknown,
        NextStep(one.todo, one.command),
    )
