"""One fix plan, from the report to the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self, TextIO

from hardenme.cli.fix.verification import verifier
from hardenme.cli.invoke import Run
from hardenme.cli.output.forms import style_of
from hardenme.cli.output.pseudonyms import step_of_redacted
from hardenme.cli.stored.lately import signs_in
from hardenme.cli.stored.reports import stored
from hardenme.cli.stored.runs import (
    RUN_NONE,
    Kept,
    is_demo,
    kept,
    last_shown,
    latest,
    note_shown,
    read,
    runs,
)
from hardenme.cli.terminal.console import Console
from hardenme.ground.errors import NoRunError, UsageError
from hardenme.ground.exit_code import Exit
from hardenme.ground.files import PrivateFile
from hardenme.model.report import Report
from hardenme.reports.fixplan import TABLE, render, render_step
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.fixplan.plan import FixPlan, Step
from hardenme.reports.plain import timestamp
from hardenme.reports.style import Style
from hardenme.store.runs import KeptRun
from hardenme.store.series import folded

STDOUT = "-"
NUMBER = re.compile(r"[0-9]{1,6}")
ID = re.compile(r"[a-z2-7]{6}")
STEP_OF = "You saw step {} in the run of {}: {} {}."
NO_STEP_OF = "You saw the run of {} last, which has no step {}."
GONE = "You saw step {} in the run of {}, which is not kept any more."
OTHER = "The last run numbers its steps anew: `{}` lists them."
BY_ID = "Run `{}` for this step. The last run numbers its steps anew: `{}` lists them."
NOT_A_STEP = "fix takes a step or a report. What the last run found of this: `hardenme show {}`."
PROVIDED = ("github:", "npm:")
"""How a target begins that is more than a word."""
NO_STEP = "This plan has no step {}. `{}` lists them."
EARLIER = "The last run has no step {}. This is the last one that has."
CLOSED = "Step {} is closed: the run of {} checked the same again and found nothing of it."


@dataclass(frozen=True, slots=True)
class FixOptions:
    """What the user asked.

    Attributes:
        report: the file of the report; `-` for standard input, empty for the last run.
        step: a step's number or id; empty for all.
        needs: only the steps that take a right with these words in it.
        form: the form of the plan.
        output: the file of the plan; empty or `-` for standard output.
        quiet: the steps alone, two lines each.
        lines: with that, one line each.
        demo: the last run of the demo, where no report is named.
        again: what the step depends on is read again.
    """

    report: str
    step: str
    needs: str
    form: str
    output: str
    quiet: bool = False
    lines: bool = False
    demo: bool = False
    again: bool = False

    @classmethod
    def of(cls, words: Sequence[str], **more: Any) -> Self:
        """What the words name: a step, a report, or both.

        Raises:
            UsageError: they name two steps, two reports, or a target.
        """
        steps, reports = list[str](), list[str]()
        for word in words:
            named = ID.fullmatch(word) and not Path(word).exists()
            (steps if NUMBER.fullmatch(word) or named else reports).append(word)
        target = next((one for one in reports if one.startswith(PROVIDED)), "")
        if target and not Path(target).exists():
            raise UsageError(NOT_A_STEP.format(target))
        if len(steps) > 1 or len(reports) > 1:
            raise UsageError("Name one step, by its number or its id, and one report at most.")
        wanted = cls("".join(reports), "".join(steps), **more)
        if wanted.again and (not wanted.step or wanted.report):
            raise UsageError("--again takes a step of the last run: its number or its id.")
        return wanted

    @property
    def filed(self) -> bool:
        """Whether the plan goes to a file."""
        return self.output not in {"", STDOUT}

    def command(self, step: str = "") -> str:
        """The command that shows a step of the same run, or all of its steps."""
        return " ".join(["hardenme fix", *filter(None, (step, "--demo" * self.demo))])


def fix(console: Console, wanted: FixOptions, stdin: TextIO | None, run: Run) -> int:
    """Read the report, make the plan, print or write it; returns the exit code.

    Args:
        stdin: standard input; None if it is closed.
        run: runs a command of our own by its words, and returns its exit code.
    """
    if wanted.again:
        return _again(console, wanted, run)
    place = PrivateFile(Path(wanted.output)) if wanted.filed else None
    try:
        text = _made(console, wanted, _report(console, wanted, stdin))
        if place is None:
            console.print(text)
            return Exit.CLEAN
        place.write(text)
    finally:
        if place is not None:
            place.discard()
    if not wanted.quiet:
        console.say(f"the plan is in {place.target}")
    return Exit.CLEAN


def _again(console: Console, wanted: FixOptions, run: Run) -> int:
    """Read again what the step depends on.

    Raises:
        NoRunError: no run is kept, or it cannot be read.
        UsageError: there is no such step, or its number may be of an older run.
    """
    from hardenme.cli.fix.again import read_again  # noqa: PLC0415 (start-up)

    found = _last(console, wanted)
    step = _step(found.report, plan_of(found.report, verifier(found.report)), wanted)
    return read_again(console, found, step, run)


def script_of(report: Report) -> str:
    """The whole plan of a report as a script."""
    return render(plan_of(report, verifier(report)), "sh", Style())


def _report(console: Console, wanted: FixOptions, stdin: TextIO | None) -> Report:
    """The named report or the last run; for a run, whose it is is printed.

    Raises:
        UsageError: it cannot be read.
        NoRunError: no run is kept, or it cannot be read.
        UsageError: the step's number may be of an older run.
    """
    if not wanted.report:
        found = _last(console, wanted)
        if not wanted.step:
            note_shown(found.run, demo=wanted.demo)
        return found.report
    return stored(wanted.report, stdin)


def _last(console: Console, wanted: FixOptions) -> Kept:
    """The last run, after printing whose it is.

    Raises:
        NoRunError: no run is kept, or it cannot be read.
        UsageError: the step's number may be of an older run.
    """
    found = latest(demo=wanted.demo)
    if ID.fullmatch(wanted.step):
        found = _with_step(found, wanted)
    seen = last_shown(demo=wanted.demo)
    if NUMBER.fullmatch(wanted.step) and seen is not None and seen != found.run:
        raise UsageError(_of_other_run(seen, wanted))
    if not wanted.quiet:
        console.say(found.headline)
        if is_demo(found.report):
            console.say(RUN_NONE)
        # The whole plan opens with the releases that look like one.
        if line := signs_in(found.report, found.run, releases=bool(wanted.step)):
            console.say(line)
    return found


def _of_other_run(seen: KeptRun, wanted: FixOptions) -> str:
    """What a number meant in the run that was shown last, where another run is the last one."""
    when, every = timestamp(seen.at), wanted.command()
    try:
        report = read(seen)
    except NoRunError:
        return f"{GONE.format(wanted.step, when)} {OTHER.format(every)}"
    when = timestamp(report.started)
    step = _found(plan_of(report), wanted.step)
    if step is None:
        return f"{NO_STEP_OF.format(when, wanted.step)} {OTHER.format(every)}"
    said = STEP_OF.format(step.number, when, step.id, step.title)
    return f"{said} {BY_ID.format(wanted.command(step.id), every)}"


def _with_step(last: Kept, wanted: FixOptions) -> Kept:
    """The newest kept run whose plan has the step that is named by its id, else the last one.

    A run of fewer targets or checks, such as the one that checks a step again, does not replace the
    steps of the whole run.

    Raises:
        UsageError: a newer run of the same targets checked the same, and the step is closed.
    """
    if wanted.step in {step.id for step in plan_of(last.report).steps}:
        return last
    newer = [last.report]
    for run in kept(runs(demo=wanted.demo)):
        if run.number >= last.run.number:
            continue
        try:
            report = read(run)
        except NoRunError:
            continue
        step = next((step for step in plan_of(report).steps if step.id == wanted.step), None)
        if step is None:
            newer.append(report)
            continue
        for one in newer:
            if folded(one.targets) == folded(report.targets) and {*step.codes} <= {*one.checks}:
                raise UsageError(CLOSED.format(wanted.step, timestamp(one.started)))
        return Kept(report, run, EARLIER.format(wanted.step))
    return last


def _made(console: Console, wanted: FixOptions, report: Report) -> str:
    style = style_of(console, filed=wanted.filed, quiet=wanted.quiet, lines=wanted.lines)
    plan = plan_of(report, verifier(report), wanted.needs)
    if not wanted.step:
        return render(plan, wanted.form, style)
    step = _step(report, plan, wanted)
    if wanted.form == TABLE and not wanted.quiet:
        return render_step(step, style)
    return render(replace(plan, steps=(step,), causes=(), questions=()), wanted.form, style)


def _step(report: Report, plan: FixPlan, wanted: FixOptions) -> Step:
    """The step that is named, also by the id that the redacted report has.

    Raises:
        UsageError: there is none.
    """
    step = _found(plan, wanted.step)
    if step is None and ID.fullmatch(wanted.step):
        step = step_of_redacted(report, plan, wanted.step)
    if step is None:
        raise UsageError(NO_STEP.format(wanted.step, wanted.command()))
    return step


def _found(plan: FixPlan, named: str) -> Step | None:
    """The step of a number or an id; None if the plan has none."""
    names = {named, named.lstrip("0")}
    return next((step for step in plan.steps if names & {step.id, str(step.number)}), None)
