"""From a run to whether each package can be released, and the exit code."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from hardenme import __version__
from hardenme.cli.audit.facts_file import findings_folder, judged_again
from hardenme.cli.output.delivery import STOPPED, Delivery, say_not_found
from hardenme.cli.output.forms import show_form
from hardenme.cli.output.place import place_of
from hardenme.cli.output.pseudonyms import step_of_redacted
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.progress import ProgressLine
from hardenme.engine.run_config import RunConfig
from hardenme.engine.target import Target
from hardenme.ground.errors import UsageError
from hardenme.ground.exit_code import Exit
from hardenme.ground.files import PrivateFile
from hardenme.model.acceptance import AcceptanceState
from hardenme.model.publishing import ClosingStep, PackagePaths
from hardenme.model.release_ways import after
from hardenme.model.report import Report
from hardenme.model.unknown import WHAT_TO_DO
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.header import header_of
from hardenme.reports.rehearsal import RehearsalShown, RehearsedPackage, render

ALL = "all"
CODES = {
    AcceptanceState.REFUSED: Exit.FINDINGS,
    AcceptanceState.UNKNOWN: Exit.UNKNOWN,
    AcceptanceState.ACCEPTED: Exit.CLEAN,
}


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Shows a run.

    Attributes:
        console: where it is printed.
        delivery: where it goes, and in which form.
        targets: what was asked for.
        after: the step that is taken for granted, `all`, or empty.
        full: everything is shown.
        invented: it is the demo's.
    """

    console: Console
    delivery: Delivery
    targets: tuple[Target, ...]
    after: str = ""
    full: bool = False
    invented: bool = False

    def of_facts(self, path: str, config: RunConfig) -> int:
        """Show what a facts file holds; asks no one."""
        place = place_of(self.delivery)
        line = ProgressLine(self.console, quiet=self.delivery.quiet)
        with findings_folder() as store:
            try:
                report = judged_again(config, Path(path), store, line)
            finally:
                line.close()
            say_not_found(self.console, report)
            return self.show(report, place)

    def show(self, report: Report, place: PrivateFile | None) -> int:
        """Show a report; returns the exit code."""
        found = report.publishing.packages if report.publishing is not None else ()
        packages = tuple(self._package(report, one) for one in found)
        partial = report.partial or ("" if report.halted is None else WHAT_TO_DO[report.halted])
        told = RehearsalShown(
            packages,
            report.targets,
            __version__,
            header_of(report),
            after=self._taken(),
            everything=self._everything(report),
            full=self.full or self.delivery.output_format != "table",
            partial=partial,
            warnings=report.warnings,
            notes=report.coverage.notes,
        )
        if show_form(self.console, self.delivery, place, told, render) is not Exit.CLEAN:
            return Exit.USAGE
        if report.partial in STOPPED:
            return STOPPED[report.partial]
        if report.not_found and {*report.not_found} == {*report.targets}:
            return Exit.NOTHING_MATCHED
        return _code(told)

    def _taken(self) -> str:
        if not self.after:
            return ""
        return "all steps of the plan" if self.after == ALL else f"step {self.after}"

    def _package(self, report: Report, one: PackagePaths) -> RehearsedPackage:
        if not self.after:
            return RehearsedPackage(one.package, one.releases)
        return RehearsedPackage(one.package, after(one.releases, self._steps(report, one)))

    def _steps(self, report: Report, one: PackagePaths) -> tuple[ClosingStep, ...]:
        """The steps of a package that are taken for granted.

        Raises:
            UsageError: the plan has no such step.
        """
        if self.after == ALL:
            return one.steps
        plan = plan_of(report)
        steps = plan.steps
        found = [step for step in steps if self.after in {str(step.number), step.id}]
        if not found and (step := step_of_redacted(report, plan, self.after)):
            found = [step]
        if not found:
            known = ", ".join(f"{step.number} ({step.id})" for step in steps) or "none"
            raise UsageError(f"--after takes all, or a step of the plan: {known}")
        fixes = {action.fix for action in found[0].actions}
        said = {(fix.step, fix.command) for fix in fixes}
        return tuple(step for step in one.steps if (step.fix.step, step.fix.command) in said)

    def _everything(self, report: Report) -> str:
        """The command that shows the same without leaving anything out."""
        targets = [] if report.targets == ("me",) else list(report.targets)
        words = ["--demo"] if self.invented else targets
        if self.after:
            words += ["--after", self.after]
        return shlex.join(["hardenme", "rehearse", *words, "--full"])


def _code(told: RehearsalShown) -> Exit:
    for state in (AcceptanceState.REFUSED, AcceptanceState.UNKNOWN):
        if told.having(state):
            return CODES[state]
    return Exit.CLEAN if told.packages and not told.partial else Exit.UNKNOWN
