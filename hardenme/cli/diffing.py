"""From two stored reports to what changed between them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from hardenme.cli.console import Console
from hardenme.cli.meant import suggestion
from hardenme.cli.rendering import STDIN, UnreadableError, stored
from hardenme.engine.drift import compare
from hardenme.engine.drift.result import drift_code
from hardenme.engine.settle import Exit
from hardenme.model.drift import Drift
from hardenme.model.severity import Severity
from hardenme.reports.drift import FORMS, headline, render
from hardenme.store.files import OutputError, PrivateFile

STDOUT = "-"
ACTIONS, JSON = "github", "json"
"""The form whose lines are commands of a workflow, and the one that programs read."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user asked.

    Attributes:
        before: the file of the earlier report; `-` for standard input.
        after: the same of the later one.
        fail_on: from which severity a change counts; empty for what the later report says.
        form: the form of the result.
        output: the file of the result; empty or `-` for standard output.
        quiet: the changes alone.
        with_members: what changed about single people goes where many read it, too.
    """

    before: str
    after: str
    fail_on: str
    form: str
    output: str
    quiet: bool = False
    with_members: bool = False


def diff(console: Console, wanted: Wanted, stdin: TextIO | None) -> int:
    """Read both reports, compare them, print or write what changed; returns the exit code."""
    if why := _wrong(wanted):
        console.say(why)
        return Exit.USAGE
    try:
        place = None if wanted.output in {"", STDOUT} else PrivateFile(Path(wanted.output))
    except OutputError as error:
        console.say(str(error))
        return Exit.USAGE
    try:
        before, after = stored(wanted.before, stdin), stored(wanted.after, stdin)
        if wanted.fail_on:
            after = replace(after, fail_on=Severity.parse(wanted.fail_on))
        drift = compare(before, after)
        code = drift_code(drift, after)
        if drift.incomparable:
            console.say(headline(drift))
            if wanted.form != JSON:
                return code
        return code if _handed_out(console, wanted, drift, place) else Exit.USAGE
    except UnreadableError as error:
        console.say(str(error))
        return Exit.USAGE
    finally:
        if place is not None:
            place.discard()


def _wrong(wanted: Wanted) -> str:
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


def _handed_out(console: Console, wanted: Wanted, drift: Drift, place: PrivateFile | None) -> bool:
    """Print or write a drift; what cannot be written is printed."""
    shown = place is None
    text = render(
        drift,
        wanted.form,
        width=console.width,
        color=console.color and shown,
        quiet=wanted.quiet,
        ascii_only=console.ascii_only and shown,
        with_members=wanted.with_members,
    )
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
