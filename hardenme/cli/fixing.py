"""One fix plan, from the report to the text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from hardenme.cli.console import Console
from hardenme.cli.verifying import verifier
from hardenme.engine.catalogue import title_of
from hardenme.engine.settle import Exit
from hardenme.model.report import Report
from hardenme.reports.fixplan import FORMS, render
from hardenme.reports.fixplan.making import plan_of
from hardenme.reports.reading import ReportError, load
from hardenme.reports.style import Style
from hardenme.store.files import OutputError, PrivateFile

STDIN = STDOUT = "-"
NO_REPORT = (
    "name a report: `hardenme check -f json -o report.json` makes one, and"
    " `hardenme fix report.json` prints its plan"
)


class NoReportError(Exception):
    """There is no report to make a plan of; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user asked.

    Attributes:
        report: the file of the report; `-` for standard input, empty where none was named.
        needs: only the steps that take a right with these words in it.
        form: the form of the plan.
        output: the file of the plan; empty or `-` for standard output.
        quiet: the steps alone.
    """

    report: str
    needs: str
    form: str
    output: str
    quiet: bool = False

    @property
    def filed(self) -> bool:
        """Whether the plan goes to a file."""
        return self.output not in {"", STDOUT}


def fix(console: Console, wanted: Wanted, stdin: TextIO | None) -> int:
    """Read the report, make the plan, print or write it; returns the exit code."""
    if wanted.form not in FORMS:
        console.say(f"--format takes {', '.join(FORMS[:-1])} or {FORMS[-1]}; not {wanted.form!r}")
        return Exit.USAGE
    try:
        place = PrivateFile(Path(wanted.output)) if wanted.filed else None
        try:
            text = _made(console, wanted, _report(wanted.report, stdin))
            if place is None:
                console.print(text)
                return Exit.CLEAN
            place.write(text)
        finally:
            if place is not None:
                place.discard()
    except (NoReportError, OutputError) as error:
        console.say(str(error))
        return Exit.USAGE
    if not wanted.quiet:
        console.say(f"the plan is in {place.target}")
    return Exit.CLEAN


def script_of(report: Report) -> str:
    """The whole plan of a report as a script."""
    return render(plan_of(report, verifier(report)), "sh", Style())


def _report(name: str, stdin: TextIO | None) -> Report:
    """The report that was named.

    Raises:
        NoReportError: it cannot be read, or none was named.
    """
    if name not in {"", STDIN}:
        try:
            with Path(name).open("rb") as file:
                return load(file, title_of)
        except ReportError as error:
            raise NoReportError(f"{name} is no report to read: {error}") from None
        except OSError as error:
            raise NoReportError(f"{name} cannot be read: {error.strerror}") from None
    if stdin is None or stdin.isatty():
        raise NoReportError(NO_REPORT)
    try:
        return load(stdin.buffer, title_of)
    except ReportError as error:
        hint = "" if name == STDIN else f"; {NO_REPORT}"
        raise NoReportError(f"standard input is no report to read: {error}{hint}") from None


def _made(console: Console, wanted: Wanted, report: Report) -> str:
    shown = not wanted.filed
    style = Style(
        width=console.width,
        color=console.color and shown,
        quiet=wanted.quiet,
        ascii_only=console.ascii_only and shown,
    )
    return render(plan_of(report, verifier(report), wanted.needs), wanted.form, style)
