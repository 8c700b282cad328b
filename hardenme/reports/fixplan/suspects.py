"""People whom a sign of an attack names: nothing is decided about them before that is settled."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from hardenme.model.evidence import Seen
from hardenme.model.finding import Finding
from hardenme.model.report import Report
from hardenme.model.subject import Subject
from hardenme.model.verdict import Failed
from hardenme.reports.fixplan.plan import Action, Step
from hardenme.reports.fixplan.precedence import TRANSFERRING
from hardenme.reports.impersonal import PEOPLE

HOLDERS = frozenset({"member", "maintainer", "writer", "outside collaborator"})
"""Kinds of what a run saw whose names are accounts of people."""
PROMOTING = {
    "GHO105": "owners",
    "NPO102": "count",
    "GHR112": "administrators",
    "NPP110": "left",
}
"""Checks that ask for one more person with full rights where few have them, and the field that
counts these."""
FEW = 3
SECOND = frozenset({"NPP111", "PUB103"})
"""Checks that always ask for one."""
NAMED = (
    "A sign of an attack names {name} (step {id}): ask over another channel first, and give this"
    " account no more rights."
)
CHOSEN = "Do not choose {name}: a sign of an attack names this account (step {id})."
NOTE = re.compile(r"(?:A sign of an attack names|Do not choose) ")
"""How such a note begins."""
DEPENDENCIES = "dependencies"
"""The field of dependencies, each with the address that it is taken from."""
OWNER = re.compile(r"(?:github|gitlab|bitbucket|gist)(?:\.com)?[:/](?P<owner>[A-Za-z0-9_-]+)/")
"""How an address names the owner of a repository."""


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
        if step.is_sign
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
        for name in named_by(finding.outcome.seen, own):
            if name in known:
                found.setdefault(name, step)
    return found


def named_by(seen: Seen, own: Collection[str] = ()) -> Iterator[str]:
    """The accounts that the fields of a verdict name, in lower case; some may be no accounts.

    Args:
        seen: the fields that decided.
        own: owners of repositories that do not count.
    """
    for field, value in seen.items():
        values = value if isinstance(value, list) else [value]
        for text in (one for one in values if isinstance(one, str)):
            if field == DEPENDENCIES:
                yield from (owner for owner in _owners(text) if owner not in own)
            else:
                # What an account has comes after its name.
                yield text.partition(": ")[0].lower()


def _owners(dependency: str) -> Iterator[str]:
    """The owners of the repositories that a dependency is taken from, by its address."""
    for found in OWNER.finditer(dependency):
        yield found["owner"].lower()


def owned(report: Report) -> frozenset[str]:
    """The accounts that a run is of, in lower case."""
    return frozenset(one.login.lower() for one in report.identities if one.login)


def with_notes(
    steps: Sequence[Step], found: Mapping[str, str], own: frozenset[str], report: Report
) -> list[Step]:
    """Steps with a note on each suspect whom they are about, or could give more rights.

    Args:
        steps: of a plan.
        found: the suspects, each with the step about it.
        own: the accounts of the run: its reader is not asked, and does not choose.
        report: the run.
    """
    others = {name: step for name, step in found.items() if name not in own}
    if not others:
        return [*steps]
    seen = {
        (one.code, one.subject, one.within): others.keys() & {*named_by(one.outcome.seen)}
        for one in report.findings
        if isinstance(one.outcome, Failed)
    }
    chosen = {(one.code, one.subject, one.within) for one in report.findings if promotes(one)}
    return [
        replace(step, risks=(*dict.fromkeys(_notes(step, others, seen, chosen)), *step.risks))
        if not step.is_sign
        else step
        for step in steps
    ]


ClosedKey = tuple[str, Subject, Subject]
Seeing = Mapping[ClosedKey, Collection[str]]
"""By what is closed: the suspects whom the fields of its verdict name."""


def promotes(finding: Finding) -> bool:
    """Whether a finding is closed by one more person with full rights, whom someone chooses."""
    outcome = finding.outcome
    if isinstance(outcome, Failed) and outcome.fix.step.startswith(TRANSFERRING):
        return False
    if finding.code in SECOND:
        return finding.fails
    number = outcome.seen.get(PROMOTING.get(finding.code, "")) if isinstance(outcome, Failed) else 0
    return isinstance(outcome, Failed) and isinstance(number, int) and number < FEW


def _notes(
    step: Step, others: Mapping[str, str], seen: Seeing, chosen: Collection[ClosedKey]
) -> Iterator[str]:
    about = {name for action in step.actions for name in _people(action, seen)}
    for name, sign in others.items():
        if name in about:
            yield NAMED.format(name=name, id=sign)
        elif any(
            (one.code, one.subject, one.within) in chosen
            for action in step.actions
            for one in action.closes
        ):
            yield CHOSEN.format(name=name, id=sign)


def _people(action: Action, seen: Seeing) -> Iterator[str]:
    """Whom an action is about: its subjects, and whom the verdicts name that it closes."""
    for one in action.closes:
        if one.subject.kind in PEOPLE:
            yield one.subject.name.rpartition("/")[2].lower()
        yield from seen.get((one.code, one.subject, one.within), ())


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
