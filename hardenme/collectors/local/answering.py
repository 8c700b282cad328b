"""From what a file holds to an answer: one answer for each file, or one that there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from hardenme.collectors.answer import known, nothing
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.local.workstation import THIS, Absent, Workstation
from hardenme.collectors.protocol import Read
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer, Fact
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown


def place(station: Workstation, kind: str, path: Path) -> dict[str, Any]:
    """The fields that every fact about a file has."""
    shown = station.shown(path)
    return {"subject": Subject("local", kind, shown), "within": THIS, "label": shown, "path": shown}


def of_this(kind: str, name: str) -> dict[str, Any]:
    """The fields of a fact that is about no single file."""
    return {"subject": Subject("local", kind, name), "within": THIS, "label": name}


def about(fact: Fact, *evidence: Atom) -> Answer[Any]:
    """The answer for one file's fact."""
    return known(type(fact), fact.subject, evidence, fact)


def of_text(
    kind: type[Fact],
    station: Workstation,
    of: str,
    path: Path,
    build: Callable[[str], dict[str, Any] | Unknown],
) -> Answer[Any]:
    """The answer for a file of text.

    Args:
        of: the kind of subject that it is.
        build: from the text to the fact's own fields, or why it is not understood.
    """
    text = station.text(path)
    if isinstance(text, Absent):
        return known(kind, THIS, [text.atom])
    where = place(station, of, path)
    if isinstance(text, Unknown):
        return nothing(kind, where["subject"], text)
    told = build(text[0])
    if isinstance(told, Unknown):
        return nothing(kind, where["subject"], told)
    return about(kind(**where | told), text[1])


def each(kind: type[Fact]) -> Callable[[Read], Read]:
    """One answer for each thing that there is; where there is none, one that says so.

    Args:
        kind: the type of fact of which the decorated function yields answers, empty ones too.
    """

    def decorate(read: Read) -> Read:
        def whole(station: Workstation, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
            looked: dict[Atom, None] = {}
            there = False
            for answer in read(station, scope, store):
                if answer.facts or answer.missing is not None:
                    there = True
                    yield answer
                else:
                    looked |= dict.fromkeys(answer.evidence)
            if not there:
                yield known(kind, THIS, looked)

        return whole

    return decorate
