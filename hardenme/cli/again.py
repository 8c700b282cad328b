"""`hardenme fix STEP --again`: reads only what a step rests on, and says whether it is closed."""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from hardenme.cli.console import Console
from hardenme.cli.kept import Kept, is_demo, keep
from hardenme.engine.catalogue import title_of
from hardenme.engine.settle import Exit
from hardenme.model.finding import Errored, Finding
from hardenme.model.report import NOT_FOUND, Report
from hardenme.model.unknown import Unknown
from hardenme.reports.fixplan.plan import Step
from hardenme.reports.fixplan.words import counted
from hardenme.reports.plain import timestamp
from hardenme.reports.reading import ReportError, load

Run = Callable[[Sequence[str]], int]
"""Runs a command of hardenme's own by its words; returns the exit code."""
OF_DEMO = "The accounts of the demo are invented, so there is nothing to read again."
NO_COMMAND = "Nothing of this step can be read again by itself. Run `hardenme check`."
UNREAD = "The step was not read again, and the run stays as it was."
CODES = frozenset({Exit.CLEAN, Exit.FINDINGS, Exit.UNKNOWN, Exit.NO_CREDENTIAL})
"""How a check ends that looked at something."""


def read_again(console: Console, kept: Kept, step: Step, run: Run) -> int:
    """Check again what a step closes, say how it stands, and bring the kept run up to date.

    Args:
        console: where it is said.
        kept: the last run.
        step: a step of its plan.
        run: runs the commands that check again.

    Returns:
        0 where the step is closed, 1 where findings of it still fail, 3 where that is not known.
    """
    if is_demo(kept.report):
        console.say(OF_DEMO)
        return Exit.USAGE
    if not step.verify:
        console.say(NO_COMMAND)
        return Exit.USAGE
    found: list[Finding] = []
    last = kept.report
    for command in step.verify:
        report = _checked(command, run)
        if report is None:
            console.say(UNREAD)
            return Exit.USAGE
        found += report.findings
        last = report
    closes = {(one.code, str(one.subject)) for action in step.actions for one in action.closes}
    now = {(one.code, str(one.subject)): one for one in found}
    still = [key for key in closes if key in now and now[key].fails]
    # A list that was not read names no item: then nothing of its check is known to be gone.
    unread = {one.code for one in found if _is_open(one)}
    lost = [(code, subject) for code, subject in closes if code in unread]
    kept_now = _updated(kept.report, step, found, last)
    keep(console, kept_now)
    return _told(
        console, step, len(closes), len(still), len(lost), partial=last.partial or _absent(last)
    )


def _checked(command: str, run: Run) -> Report | None:
    """The report of a command that checks again; None where it looked at nothing."""
    _, *words = shlex.split(command)
    with tempfile.TemporaryDirectory(prefix="hardenme-") as folder:
        file = Path(folder) / "report.json"
        code = run([*words, "-f", "json", "-o", str(file), "--no-keep", "--quiet"])
        if code not in CODES:
            return None
        try:
            with file.open("rb") as handle:
                return load(handle, title_of)
        except (OSError, ReportError):
            return None


def _updated(report: Report, step: Step, found: Iterable[Finding], last: Report) -> Report:
    """The run with what was found now in place of what it had of the same checks and subjects."""
    found = list(found)
    new = {(one.code, one.subject): one for one in found}
    unread = {one.code for one in found if _is_open(one)}
    gone = {
        (one.code, one.subject)
        for action in step.actions
        for one in action.closes
        if one.code not in unread
    }
    findings = [
        new.pop((one.code, one.subject), one)
        for one in report.findings
        if (one.code, one.subject) in new or (one.code, one.subject) not in gone
    ]
    findings += [one for one in new.values() if one.code in step.codes]
    findings.sort(key=lambda one: (one.code, one.subject))
    asked = [one for one in findings if one.result != "manual"]
    known = sum(not _is_open(one) for one in asked)
    note = f"Step {step.id} was read again at {timestamp(last.started)}"
    return replace(
        report,
        findings=tuple(findings),
        coverage=replace(report.coverage, known=known, asked=len(asked)),
        warnings=(*(one for one in report.warnings if f"Step {step.id} " not in one), note),
    )


def _absent(report: Report) -> str:
    """Which targets were not found; empty where all were."""
    names = ", ".join(report.not_found)
    return f"{names}: {NOT_FOUND}" if names else ""


def _is_open(finding: Finding) -> bool:
    return isinstance(finding.outcome, Unknown | Errored)


def _told(  # noqa: PLR0913 (each is a number that is said)
    console: Console, step: Step, total: int, still: int, lost: int, *, partial: str
) -> int:
    name = f"Step {step.number} [{step.id}]"
    of = counted(total, "finding")
    if partial:
        console.say(f"{name} is not known to be closed: {partial}")
        return Exit.UNKNOWN
    if still:
        console.print(f"{name} is open: {still:,} of {of} still fail.\n")
        return Exit.FINDINGS
    if lost:
        console.print(f"{name} is not known to be closed: {lost:,} of {of} are unknown.\n")
        return Exit.UNKNOWN
    console.print(f"{name} is closed: none of its {of} fails any more.\n")
    return Exit.CLEAN
