"""From two stored reports to what changed between them."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from hardenme.cli.options.subjects import suggestion
from hardenme.cli.stored.reports import STDIN, stored
from hardenme.cli.stored.runs import Kept, latest, numbered
from hardenme.cli.stored.since import run_before
from hardenme.cli.terminal.console import Console
from hardenme.drift import compare
from hardenme.drift.result import drift_code
from hardenme.ground.errors import OutputError, UsageError
from hardenme.ground.exit_code import Exit
from hardenme.ground.files import PrivateFile
from hardenme.model.drift import Drift
from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.reports.drift import FORMS, headline, render
from hardenme.reports.message import Stored, quiet
from hardenme.reports.plain import to_ascii

STDOUT = "-"
LAST = "last"
"""Names the newest kept run, and as the earlier one that before it."""
MARKDOWN = "markdown"
BRIEF = frozenset({"table", MARKDOWN})
"""The forms that a person reads, which are brief where that is wanted."""
ACTIONS, JSON = "github", "json"
"""The form whose lines are commands of a workflow, and the one that programs read."""


@dataclass(frozen=True, slots=True)
class DiffOptions:
    """What the user asked.

    Attributes:
        before: the file of the earlier report; `-` for standard input.
        after: the same of the later one.
        fail_on: from which severity a change counts; empty for what the later report says.
        form: the form of the result.
        output: the file of the result; empty or `-` for standard output.
        quiet: the changes alone, two lines each.
        with_members: what changed about single people goes where many read it, too.
        lines: quiet, with one line each.
    """

    before: str
    after: str
    fail_on: str
    form: str
    output: str
    quiet: bool = False
    with_members: bool = False
    lines: bool = False


def diff(console: Console, wanted: DiffOptions, stdin: TextIO | None) -> int:
    """Read both reports, compare them, print or write what changed; returns the exit code."""
    if why := _wrong(wanted):
        console.say(why)
        return Exit.USAGE
    place = None if wanted.output in {"", STDOUT} else PrivateFile(Path(wanted.output))
    try:
        before, after = _both(console, wanted, stdin)
        if wanted.fail_on:
            after = replace(after, fail_on=Severity.parse(wanted.fail_on))
        drift = compare(before, after)
        code = drift_code(drift, after)
        if drift.incomparable:
            console.say(headline(drift))
            if wanted.form != JSON:
                return code
        text = _text(console, wanted, drift, after, shown=place is None)
        return code if _handed_out(console, wanted, text, place) else Exit.USAGE
    finally:
        if place is not None:
            place.discard()


def _both(console: Console, wanted: DiffOptions, stdin: TextIO | None) -> tuple[Report, Report]:
    """The reports of two files, or of kept runs, which are named.

    Raises:
        StoredError: a file cannot be read.
        UsageError: there is no kept run of that number, or none before the newest.
        NoRunError: a kept run cannot be read.
    """
    if wanted.after and not _is_kept(wanted.before) and not _is_kept(wanted.after):
        return stored(wanted.before, stdin), stored(wanted.after, stdin)
    later = _kept(wanted.after) if _is_kept(wanted.after) else None
    if later is None and not wanted.after:
        later = latest()
    after = stored(wanted.after, stdin) if later is None else later.report
    if wanted.before == LAST:
        earlier = run_before(later.run) if later is not None else latest()
        if earlier is None:
            raise UsageError("No earlier run of the same targets and accounts is kept.")
    else:
        earlier = _kept(wanted.before) if _is_kept(wanted.before) else None
    before = stored(wanted.before, stdin) if earlier is None else earlier.report
    if not wanted.quiet:
        for word, run in (("Earlier", earlier), ("Later", later)):
            if run is not None:
                console.say(f"{word}: run {run.run.number}. {run.headline}")
    return before, after


def _is_kept(word: str) -> bool:
    """Whether a word names a kept run: a file of that name is `./2`."""
    return word == LAST or (word.isascii() and word.isdigit())


def _kept(word: str) -> Kept:
    return latest() if word == LAST else numbered(int(word))


def _wrong(wanted: DiffOptions) -> str:
    """What is wrong with what was asked; empty for nothing."""
    if wanted.form not in FORMS:
        near = suggestion(wanted.form, FORMS)
        return f"--format takes one of: {', '.join(FORMS)}; not {wanted.form!r}{near}"
    if wanted.before == wanted.after == STDIN:
        return "standard input holds one report: name a file for the other"
    if wanted.fail_on:
        try:
            Severity.parse(wanted.fail_on)
        except ValueError as error:
            return f"--fail-on: {error}"
    return ""


def _text(
    console: Console, wanted: DiffOptions, drift: Drift, after: Report, *, shown: bool
) -> str:
    """What changed, in a form; of the texts for people, quiet is two lines a change, or one."""
    if wanted.quiet and wanted.form in BRIEF and not drift.incomparable:
        if drift.empty:
            return ""
        stored_at = Stored(_named(wanted.after), _named(wanted.before))
        text = quiet(
            drift, after, markdown=wanted.form == MARKDOWN, stored=stored_at, short=wanted.lines
        )
        return to_ascii(text) if console.ascii_only and shown else text
    return render(
        drift,
        wanted.form,
        width=console.width,
        color=console.color and shown,
        quiet=wanted.quiet,
        ascii_only=console.ascii_only and shown,
        with_members=wanted.with_members,
    )


def _named(file: str) -> str:
    """A file as a shell takes it; empty for standard input and kept runs."""
    return "" if file == STDIN or not file or _is_kept(file) else shlex.quote(file)


def _handed_out(
    console: Console, wanted: DiffOptions, text: str, place: PrivateFile | None
) -> bool:
    """Print or write what changed; what cannot be written is printed."""
    shown = place is None
    if place is not None:
        try:
            place.write(text)
        except OutputError as error:
            console.say(str(error))
        else:
            if not wanted.quiet:
                console.say(f"what changed is in {place.target}")
            return True
    console.print(text, commands=wanted.form == ACTIONS)
    return shown
