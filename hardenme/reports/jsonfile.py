"""The report as JSON, as described by `report.schema.json` next to this file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from hardenme.codec.text import spaced
from hardenme.model.finding import Attested, Errored, Finding
from hardenme.model.finding_summary import weight
from hardenme.model.last_known import LastKnown
from hardenme.model.publishing import Publishing
from hardenme.model.report import Report
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, Manual, NotApplicable, Passed
from hardenme.reports.form import (
    FORM,
    KEPT,
    SHORT,
    StoredAttested,
    StoredEvidence,
    StoredFinding,
    StoredFix,
    StoredManual,
    StoredQuestion,
    StoredUnknown,
    WiderStep,
    place,
)
from hardenme.reports.grouping import ERRORED_ACTION
from hardenme.reports.members import Members
from hardenme.reports.style import Style

SCHEMA = Path(__file__).with_name("report.schema.json")
"""The JSON Schema (draft 2020-12) of what `render` writes."""


def render(report: Report, style: Style) -> str:
    """The report as JSON in one piece."""
    return "".join(pieces(report, style))


def pieces(report: Report, style: Style) -> Iterator[str]:  # noqa: ARG001  (every format takes a style)
    """The report as JSON: ASCII, keys in a fixed order, one finding or place a line and a piece.

    White space follows every comma and colon, so that no pattern of a secret matches across two
    values when the text is searched. Steps and members come after the findings, since they are
    complete only when all of these have been read.
    """
    steps, people = Steps(), Members()
    head = FORM.write(report)
    texts = ",\n".join(
        f"    {spaced(code)}: {spaced(text)}" for code, text in head["checks"].items()
    )
    parts = {name: spaced(part) for name, part in head.items()}
    parts["checks"] = f"{{\n{texts}\n  }}" if texts else "{}"
    yield "{\n" + ",\n".join(f"  {spaced(name)}: {part}" for name, part in parts.items())
    yield ',\n  "findings": '
    yield from _lines(_written(report.findings, steps, people))
    rest = {"steps": steps.all(), "members": people.all(), "standards": report.standards}
    for name, items in rest.items():
        yield f',\n  "{name}": '
        yield from _lines(map(FORM.write, items))
    yield from _publishing(report.publishing)
    yield ',\n  "inventory": '
    yield from _lines(map(place, report.inventory))
    yield from _carried(report.carried)
    yield "\n}\n"


def _lines(items: Iterable[Any], indent: str = "    ") -> Iterator[str]:
    """A list: one item a line and a piece."""
    comma = ""
    yield "["
    for item in items:
        yield f"{comma}\n{indent}{spaced(item)}"
        comma = ","
    yield f"\n{indent[2:]}]" if comma else "]"


def _parts(name: str, parts: dict[str, Iterable[Any]]) -> Iterator[str]:
    """An object of lists."""
    yield f',\n  "{name}": {{'
    for number, (key, items) in enumerate(parts.items()):
        yield f'{"," if number else ""}\n    "{key}": '
        yield from _lines(items, "      ")
    yield "\n  }"


def _carried(carried: LastKnown) -> Iterator[str]:
    """What is not known any more. Its findings have steps of their own: these close nothing now."""
    steps = Steps()
    found = _kept(carried.findings, steps)
    closing = map(FORM.write, steps.all())
    yield from _parts(
        "carried", {"findings": found, "steps": closing, "places": map(place, carried.places)}
    )


def _publishing(publishing: Publishing | None) -> Iterator[str]:
    """Who can publish: one package a line and a piece."""
    if publishing is None:
        yield ',\n  "publishing": null'
        return
    both = {"packages": publishing.packages, "reaches": publishing.reaches}
    yield from _parts("publishing", {name: map(FORM.write, items) for name, items in both.items()})


class Steps:
    """The steps that close several findings at once: written once, and findings refer to them."""

    def __init__(self) -> None:
        self._names: dict[Fix, str] = {}
        self._codes: dict[Fix, set[str]] = {}
        self._closes: Counter[Fix] = Counter()

    def name(self, step: Fix, code: str) -> str:
        """The name of a step; one more finding of a check is closed by it."""
        self._closes[step] += 1
        self._codes.setdefault(step, set()).add(code)
        return self._names.setdefault(step, f"step-{len(self._names) + 1}")

    def all(self) -> Iterator[WiderStep]:
        """All that are named when the first one is asked for, in the order of their names."""
        for step, name in self._names.items():
            yield WiderStep(name, step, self._closes[step], tuple(sorted(self._codes[step])))

    def told(self, fix: Fix, code: str) -> StoredFix:
        """A fix of a finding, with the name of the wider one."""
        return StoredFix(fix, None if fix.wider is None else self.name(fix.wider, code))


def _written(
    findings: Iterable[Finding], steps: Steps, people: Members
) -> Iterator[dict[str, Any]]:
    for finding in findings:
        people.take(finding)
        form = SHORT if isinstance(finding.outcome, Passed) else FORM
        yield form.write(_finding(finding, steps))


def _kept(findings: Iterable[Finding], steps: Steps) -> Iterator[dict[str, Any]]:
    """Findings whose checks are not listed in this report."""
    for finding in findings:
        form = KEPT if isinstance(finding.outcome, Passed) else FORM
        yield form.write(_finding(finding, steps))


def _finding(finding: Finding, steps: Steps) -> StoredFinding:
    outcome, code = finding.outcome, finding.code
    return StoredFinding(
        code=code,
        slug=finding.slug,
        title=finding.title,
        subject=finding.subject,
        within=finding.within,
        label=finding.label,
        outcome=finding.result,
        severity=finding.severity if isinstance(outcome, Passed) else weight(finding),
        message=_message(finding),
        evidence=_evidence(finding),
        fix=steps.told(outcome.fix, code) if isinstance(outcome, Failed) else None,
        waiver=finding.waiver,
        lapsed=finding.lapsed,
        unknown=_unknown(outcome) if isinstance(outcome, Unknown) else None,
        manual=_manual(outcome, code, steps) if isinstance(outcome, Manual) else None,
        attested=(
            StoredAttested(outcome.by, outcome.until) if isinstance(outcome, Attested) else None
        ),
    )


def _unknown(outcome: Unknown) -> StoredUnknown:
    question = None if outcome.question is None else StoredQuestion(*outcome.question)
    return StoredUnknown(outcome.reason, outcome.needed, question)


def _manual(outcome: Manual, code: str, steps: Steps) -> StoredManual:
    fix = None if outcome.fix is None else steps.told(outcome.fix, code)
    return StoredManual(outcome.question, outcome.page, fix)


def _message(finding: Finding) -> str:
    outcome = finding.outcome
    if isinstance(outcome, Unknown):
        return outcome.seen or outcome.what_to_do
    if isinstance(outcome, Errored):
        return f"{outcome.error}: {ERRORED_ACTION}"
    if isinstance(outcome, Manual):
        return outcome.question
    return outcome.message


def _evidence(finding: Finding) -> StoredEvidence:
    outcome = finding.outcome
    seen = outcome.seen if isinstance(outcome, Failed | NotApplicable) else {}
    sources = finding.sources
    if not sources and isinstance(outcome, Unknown):
        sources = outcome.evidence
    return StoredEvidence(seen, sources)
