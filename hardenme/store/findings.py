"""Writes findings as JSON and reads them back, one record for all that was found of a subject."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from hardenme.model.evidence import Atom
from hardenme.model.finding import Attested, Errored, Finding, Outcome
from hardenme.model.secret import redacted
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Fix, Manual, NotApplicable, Passed


class RecordError(ValueError):
    """A record that cannot be read back."""


def write(findings: Iterable[Finding]) -> str:
    """One line of JSON, without secrets. What several findings share stands in it once."""
    atoms: dict[Atom, int] = {}
    reads: dict[frozenset[tuple[str, str]], int] = {}
    rows = [
        [
            item.code,
            item.slug,
            item.title,
            _subject(item.subject),
            _subject(item.within),
            item.label,
            int(item.severity),
            _outcome(item.outcome, atoms),
            [atoms.setdefault(atom, len(atoms)) for atom in item.sources],
            reads.setdefault(item.reads, len(reads)),
        ]
        for item in findings
    ]
    record = {
        "findings": rows,
        "atoms": [write_atom(one) for one in atoms],
        "reads": [sorted(pairs) for pairs in reads],
    }
    return json.dumps(redacted(record), separators=(",", ":"))


def read(line: str) -> tuple[Finding, ...]:
    """The findings of a line.

    Raises:
        RecordError: it is not one that this version writes.
    """
    try:
        record = json.loads(line)
        atoms = [read_atom(raw) for raw in record["atoms"]]
        reads = [frozenset((fact, name) for fact, name in pairs) for pairs in record["reads"]]
        return tuple(_as_finding(raw, atoms, reads) for raw in record["findings"])
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise RecordError(f"no record of findings: {type(error).__name__}") from None


def _subject(subject: Subject) -> list[str]:
    return [subject.provider, subject.kind, subject.name]


def write_atom(atom: Atom) -> list[Any]:
    """Where something was read, as plain values."""
    return [
        atom.endpoint,
        atom.status,
        atom.observed_at.isoformat(),
        atom.pages_read,
        atom.pages_expected,
        atom.cached,
    ]


def read_atom(raw: list[Any]) -> Atom:
    """Where something was read, as `write_atom` wrote it."""
    endpoint, status, observed, pages, expected, cached = raw
    return Atom(endpoint, status, datetime.fromisoformat(observed), pages, expected, cached)


def _outcome(outcome: Outcome, atoms: dict[Atom, int]) -> list[Any]:
    if isinstance(outcome, Passed | NotApplicable):
        return [type(outcome).__name__, outcome.message, outcome.seen]
    if isinstance(outcome, Failed):
        severity = None if outcome.severity is None else int(outcome.severity)
        return ["Failed", outcome.message, outcome.seen, _fix(outcome.fix), severity]
    if isinstance(outcome, Manual):
        return ["Manual", outcome.question, outcome.page, outcome.fix and _fix(outcome.fix)]
    if isinstance(outcome, Unknown):
        evidence = [atoms.setdefault(atom, len(atoms)) for atom in outcome.evidence]
        told = [outcome.reason.value, outcome.needed, outcome.seen, evidence]
        return ["Unknown", *told, outcome.question]
    if isinstance(outcome, Attested):
        return ["Attested", outcome.message, outcome.by, outcome.until.isoformat()]
    return ["Errored", outcome.error]


def _as_outcome(raw: list[Any], atoms: list[Atom]) -> Outcome:
    kind, *rest = raw
    if kind == "Passed":
        return Passed(*rest)
    if kind == "NotApplicable":
        return NotApplicable(*rest)
    if kind == "Failed":
        message, seen, fix, severity = rest
        weight = None if severity is None else Severity(severity)
        return Failed(message, seen, _as_fix(fix), weight)
    if kind == "Manual":
        question, page, fix = rest
        return Manual(question, page, None if fix is None else _as_fix(fix))
    if kind == "Unknown":
        reason, needed, seen, evidence, asked = rest
        sources = tuple(atoms[number] for number in evidence)
        question = None if asked is None else (str(asked[0]), str(asked[1]))
        return Unknown(Reason(reason), needed, seen, sources, question)
    if kind == "Attested":
        message, by, until = rest
        return Attested(message, by, datetime.fromisoformat(until))
    if kind == "Errored":
        return Errored(*rest)
    raise RecordError(f"no outcome is called {kind!r}")


def _fix(fix: Fix) -> list[Any]:
    wider = None if fix.wider is None else _fix(fix.wider)
    return [fix.step, fix.page, fix.command, fix.needs, fix.undo, wider]


def _as_fix(raw: list[Any]) -> Fix:
    step, page, command, needs, undo, wider = raw
    return Fix(step, page, command, needs, undo, None if wider is None else _as_fix(wider))


def _as_finding(
    raw: list[Any], atoms: list[Atom], reads: list[frozenset[tuple[str, str]]]
) -> Finding:
    code, slug, title, subject, within, label, severity, outcome, sources, read_by = raw
    return Finding(
        code,
        slug,
        title,
        Subject(*subject),
        Subject(*within),
        label,
        _as_outcome(outcome, atoms),
        Severity(severity),
        tuple(atoms[number] for number in sources),
        reads[read_by],
    )
