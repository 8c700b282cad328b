"""Ways by which outsiders get in, whether or not this attack came by them: each is a row.

What was revoked and rolled back happens again if anyone finds the same path open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hardenme.derive.incident.changed import ChangeRow
from hardenme.derive.incident.observed import LedgerRun, Observation
from hardenme.model.finding import Finding
from hardenme.model.runbook import RunbookItem, row_key
from hardenme.model.subject import Subject
from hardenme.model.verdict import Failed, NotApplicable, Passed

WAY = "way"
"""How the keys of these rows begin."""
WAYS_IN = frozenset(
    {"GHW106", "GHW107", "GHW202", "GHW204", "GHW207", "GHW209"}
    | {"GHR124", "GHR126", "GHR129", "LOC101", "LOC102", "LOC103", "LOC104", "LOC106", "LOC110"}
)
"""The checks that fail if outsiders can run code or write text that runs with rights. Also those
for a secret that was published, or that every program of a machine can read."""
FILE = "workflow"


def way_rows(frozen: LedgerRun, runs: Sequence[LedgerRun]) -> Iterator[ChangeRow]:
    """A row for each open path in the frozen run or a later one, until a run shows it closed.

    Args:
        frozen: the run that was frozen.
        runs: the later ones, the oldest first.
    """
    found: dict[tuple[str, Subject], tuple[Finding, LedgerRun]] = {}
    for run in (frozen, *runs):
        for one in run.report.findings:
            if one.code in WAYS_IN and isinstance(one.outcome, Failed):
                found.setdefault((one.code, one.subject), (one, run))
    shown = [(run, _shown(run)) for run in runs] if found else []
    for (code, subject), (finding, first) in found.items():
        looks = [
            look
            for run, verdicts in shown
            if (look := _look(run, finding, verdicts.get((code, subject)))) is not None
        ]
        yield _row(finding, first.name, looks)


def _shown(run: LedgerRun) -> dict[tuple[str, Subject], Finding]:
    return {(one.code, one.subject): one for one in run.report.findings if one.code in WAYS_IN}


def _look(run: LedgerRun, finding: Finding, now: Finding | None) -> Observation | None:
    """What a run shows of a way; None if it does not know."""
    if now is None:
        gone = run.in_order and _is_removed(run, finding)
        told = f"its file is not in the list of {run.name}"
        return Observation(run.at, over=True, told=told) if gone else None
    if isinstance(now.outcome, Failed):
        return Observation(run.at, over=False, told=f"{finding.code} fails in {run.name}")
    if isinstance(now.outcome, Passed | NotApplicable) and run.in_order:
        return Observation(run.at, over=True, told=f"{finding.code} passes in {run.name}")
    return None


def _is_removed(run: LedgerRun, finding: Finding) -> bool:
    """Whether a run read all workflow files of the place, and the one in question is not there."""
    place = run.places.get(finding.within)
    return (
        finding.subject.kind == FILE
        and run.whole
        and place is not None
        and place.lists.get(FILE, place) is None
        and not any(one.kind == FILE and one.subject == finding.subject for one in place.items)
    )


def _row(finding: Finding, name: str, looks: Sequence[Observation]) -> ChangeRow:
    outcome = finding.outcome
    fix = outcome.fix if isinstance(outcome, Failed) else None
    text = f"{finding.title}: {finding.subject.name} ({finding.code})"
    page = fix.page if fix else ""
    return ChangeRow(
        row_key(WAY, f"{finding.code} {finding.subject}"),
        text,
        RunbookItem(text, (), page),
        tuple(looks),
        f"{finding.code} fails in {name}",
    )
