"""People whom a sign of an attack names: nothing is decided about them before that is settled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from hardenme.model.report import Report
from hardenme.model.verdict import Failed
from hardenme.reports.fixplan.plan import Action, Step
from hardenme.reports.fixplan.step_kind import When
from hardenme.reports.impersonal import NAME, PEOPLE

HOLDERS = frozenset({"member", "maintainer", "writer", "outside collaborator"})
"""Kinds of what a run saw whose names are accounts of people."""
PROMOTES = re.compile(r"\b(?:add|make|give)\b[^.]*\b(?:owners?|admin)\b", re.IGNORECASE)
"""How a text asks for one more person with full rights."""
NAMED = (
    "A sign of an attack names {name} (step {id}): ask over another channel first, and give this"
    " account no more rights."
)
CHOSEN = "Do not choose {name}: a sign of an attack names this account (step {id})."
NOTE = re.compile(r"(?:A sign of an attack names|Do not choose) ")
"""How such a note begins."""
WORD = re.compile(rf"{NAME.pattern}/?")
"""A word, with the stroke by which it is the owner of a repository."""


def suspects(report: Report, steps: Iterable[Step]) -> dict[str, str]:
    """The accounts that signs of an attack name, in lower case, each with the step about it.

    The owner of a repository counts unless it is one of the run's own accounts: signs name the
    repositories of packages in passing.

    Args:
        report: a whole run.
        steps: those of its plan.
    """
    signs = {
        (one.code, one.subject, one.within): step.id
        for step in steps
        if step.section is When.LOOK
        for action in step.actions
        for one in action.closes
    }
    if not signs:
        return {}
    known, own = _accounts(report), owned(report)
    found: dict[str, str] = {}
    for finding in report.findings:
        step = signs.get((finding.code, finding.subject, finding.within))
        if step is None or not isinstance(finding.outcome, Failed):
            continue
        for name, owner in _words(finding.outcome.message):
            if name in known and not (owner and name in own):
                found.setdefault(name, step)
    return found


def owned(report: Report) -> frozenset[str]:
    """The accounts that a run is of, in lower case."""
    return frozenset(one.login.lower() for one in report.identities if one.login)


def with_notes(steps: Sequence[Step], found: Mapping[str, str], own: frozenset[str]) -> list[Step]:
    """Steps with a note on each suspect whom they are about, or could give more rights.

    Args:
        steps: of a plan.
        found: the suspects, each with the step about it.
        own: the accounts of the run: its reader is not asked, and does not choose.
    """
    others = {name: step for name, step in found.items() if name not in own}
    return [
        replace(step, risks=(*dict.fromkeys(_notes(step, others)), *step.risks))
        if others and step.section is not When.LOOK
        else step
        for step in steps
    ]


def _notes(step: Step, others: Mapping[str, str]) -> Iterator[str]:
    about = {name for action in step.actions for name in _people(action)}
    for name, sign in others.items():
        if name in about:
            yield NAMED.format(name=name, id=sign)
        elif any(PROMOTES.search(action.fix.step) for action in step.actions):
            yield CHOSEN.format(name=name, id=sign)


def _people(action: Action) -> Iterator[str]:
    """Whom an action is about: its subjects, and the words of what is done."""
    for one in action.closes:
        if one.subject.kind in PEOPLE:
            yield one.subject.name.rpartition("/")[2].lower()
    yield from (name for name, owner in _words(action.fix.step) if not owner)


def _words(text: str) -> Iterator[tuple[str, bool]]:
    """The words of a text in lower case, and whether each is the owner of a repository."""
    for found in WORD.finditer(text):
        yield found[0].rstrip("/").lower(), found[0].endswith("/")


def _accounts(report: Report) -> frozenset[str]:
    """The accounts of people whom a run saw, in lower case."""
    seen = (
        item.label.lower()
        for place in report.inventory
        for item in place.items
        if item.kind in HOLDERS and item.label
    )
    people = (
        one.subject.name.rpartition("/")[2].lower()
        for one in report.findings
        if one.subject.kind in PEOPLE
    )
    return frozenset((*seen, *people, *owned(report)))
