"""`hardenme fix STEP --again`: reads only what a step depends on, and says whether it is closed."""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import typer

from hardenme.cli.invoke import Run, say_wrong
from hardenme.cli.stored.runs import Kept, is_demo, keep
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.ending import say_error
from hardenme.derive.publishing.reach import reaches
from hardenme.ground.errors import ContentError, HardenmeError
from hardenme.ground.exit_code import Exit
from hardenme.model.finding import Errored, Finding
from hardenme.model.publishing import PackagePaths, Publishing, State
from hardenme.model.report import Report, absences
from hardenme.model.unknown import Unknown
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.fixplan.plan import Step
from hardenme.reports.plain import counted, timestamp
from hardenme.reports.reading import load

NOTHING_TO_READ = (
    "The accounts of the demo are invented, so there is nothing to read again."
    " `hardenme fix {} --demo` shows the step."
)
NO_COMMAND = "Nothing of this step can be read again by itself. Run `hardenme check`."
UNREAD = "The step was not read again, and the run stays as it was."
CODES = frozenset({Exit.CLEAN, Exit.FINDINGS, Exit.UNKNOWN, Exit.NO_CREDENTIAL})
"""How a check ends that looked at something."""


def read_again(console: Console, kept: Kept, step: Step, run: Run) -> int:
    """Check again what a step closes, print its state, and update the kept run.

    Args:
        console: where it is printed.
        kept: the last run.
        step: a step of its plan.
        run: runs the commands that check again.

    Returns:
        0 if the step is closed, 1 where findings of it still fail, 3 where that is not known.
    """
    if is_demo(kept.report):
        console.say(NOTHING_TO_READ.format(step.id))
        return Exit.USAGE
    if not step.verify:
        console.say(NO_COMMAND)
        return Exit.USAGE
    reports: list[Report] = []
    for command in step.verify:
        report = _checked(console, command, run)
        if report is None:
            console.say(UNREAD)
            return Exit.USAGE
        reports.append(report)
    if why := _not_whole(reports):
        console.say(f"{_name(step)} is not known to be closed: {why}")
        return Exit.UNKNOWN
    found = [one for report in reports for one in report.findings]
    # A list that was not read names no item: then nothing of its check is known to be gone.
    unread = {one.code for one in found if _is_open(one)}
    unread |= {*step.codes} - {code for report in reports for code in report.checks}
    after = _updated(kept.report, step, found, unread, reports[-1])
    keep(console, replace(after, publishing=_published(kept.report, reports)))
    failing = {(one.code, one.subject) for one in found if one.fails}
    closes = {(one.code, one.subject) for action in step.actions for one in action.closes}
    again = _again(step, reports)
    open_paths = {path for one in again for path in one.paths}
    still = len(closes & failing) + len(open_paths)
    if not (step.closes or step.paths):
        # It prepares what comes after it: an action is open for as long as the plan has it.
        still = sum(len(one.actions) for one in again)
    lost = sum(code in unread for code, _ in closes)
    things = {"finding": sum(step.counts.values()), "path": len(open_paths | {*step.paths})}
    total = " and ".join(counted(number, thing) for thing, number in things.items() if number)
    total = total or counted(len(step.actions), "action")
    text, code = _standing(still, lost, total, paths=_paths_known(step, reports))
    console.tell(f"{_name(step)} is {text}.\n")
    return code


def _not_whole(reports: Iterable[Report]) -> str:
    """Why what was read again proves nothing; empty if it is complete."""
    for report in reports:
        if report.partial or report.halted is not None:
            return report.partial or str(report.halted)
        if report.not_found:
            return absences(report)
    return ""


def _again(step: Step, reports: Iterable[Report]) -> list[Step]:
    """The same step as the plans of what was read again have it."""
    plans = (plan_of(report) for report in reports)
    return [one for plan in plans for one in plan.steps if one.id == step.id]


def _paths_known(step: Step, reports: Iterable[Report]) -> bool:
    """Whether it is known how packages can be published, where a step is about nothing else."""
    if step.closes and not step.paths:
        return True
    packages = _packages(*reports)
    unknown = any(one.unread or one.count(State.UNKNOWN) for one in packages.values())
    named = {path.rpartition(" to ")[2] for path in step.paths}
    return bool(packages) and named <= packages.keys() and not unknown


def _packages(*reports: Report) -> dict[str, PackagePaths]:
    """The packages by name, each as the last of the reports has it that looked at it."""
    told = (report.publishing for report in reports if report.publishing is not None)
    return {one.package: one for publishing in told for one in publishing.packages}


def _published(report: Report, again: Sequence[Report]) -> Publishing | None:
    """Who can publish, with what was read again in place of what the run had of a package."""
    if not _packages(*again):
        return report.publishing
    found = _packages(report, *again)
    packages = tuple(found[name] for name in sorted(found))
    # What else each credential reaches was not read again, so each count is the least.
    return Publishing(packages, reaches(packages))


def _checked(console: Console, command: str, run: Run) -> Report | None:
    """The report of a command that checks again; None if it looked at nothing."""
    _, *words = shlex.split(command)
    with tempfile.TemporaryDirectory(prefix="hardenme-") as folder:
        file = Path(folder) / "report.json"
        try:
            code = run([*words, "-f", "json", "-o", str(file), "--no-keep", "--quiet"])
        except typer.TyperException as error:
            code = say_wrong(error, console)
        except HardenmeError as error:
            code = say_error(console, error)
        if code not in CODES:
            return None
        try:
            with file.open("rb") as handle:
                return load(handle)
        except (OSError, ContentError):
            return None


def _updated(
    report: Report, step: Step, found: Iterable[Finding], unread: Collection[str], last: Report
) -> Report:
    """The run with the new results in place of those of the same checks and subjects."""
    new = {(one.code, one.subject): one for one in found}
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
    # What was judged again has no incident but the one that was found for it again.
    judged = {one.subject for one in found}
    kept_on = [one for one in report.accounted if one.subject not in judged]
    return replace(
        report,
        findings=tuple(findings),
        accounted=(*kept_on, *last.accounted),
        coverage=replace(report.coverage, known=known, asked=len(asked)),
        warnings=(*(one for one in report.warnings if f"Step {step.id} " not in one), note),
    )


def _is_open(finding: Finding) -> bool:
    return isinstance(finding.outcome, Unknown | Errored)


def _name(step: Step) -> str:
    return f"Step {step.number} [{step.id}]"


def _standing(still: int, lost: int, total: str, *, paths: bool) -> tuple[str, Exit]:
    """The state of a step with `still` open and `lost` unknown findings, and the exit code."""
    if still:
        return f"open: {still:,} of {total} still open", Exit.FINDINGS
    if lost or not paths:
        why = f"{lost:,} of {total} are unknown" if lost else "its publish paths are not all known"
        return f"not known to be closed: {why}", Exit.UNKNOWN
    return f"closed: none of its {total} is open any more", Exit.CLEAN
