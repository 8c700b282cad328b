"""From what a file holds to an answer: one answer for each file, or one that there is none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from hardenme.collectors.local.workstation import THIS, Workstation
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
    return Answer(type(fact), fact.subject, (fact,), tuple(dict.fromkeys(evidence)))


def not_known(kind: type[Fact], why: Unknown, subject: Subject = THIS) -> Answer[Any]:
    """The answer that nothing is known."""
    return Answer(kind, subject, (), why.evidence, why)


def each(
    kind: type[Fact], answers: Iterable[Answer[Any]], looked: Iterable[Atom]
) -> Iterator[Answer[Any]]:
    """The answers; where there are none, that there is nothing of this kind where it was looked.

    Args:
        kind: the type of fact.
        answers: one for each file.
        looked: the places where something could be; read after the answers.
    """
    count = 0
    for answer in answers:
        count += 1
        yield answer
    if count == 0:
        yield Answer(kind, THIS, (), tuple(dict.fromkeys(looked)))
