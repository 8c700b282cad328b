"""From two stored reports to what changed between them."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from typing import TextIO

from hardenme.cli.output.delivery import Delivery, Made, hand_out
from hardenme.cli.output.place import output_file
from hardenme.cli.stored.reports import STDIN, stored
from hardenme.cli.stored.runs import Kept, latest, numbered
from hardenme.cli.stored.since import run_before
from hardenme.cli.terminal.console import Console
from hardenme.drift import compare
from hardenme.drift.result import drift_code
from hardenme.ground.errors import UsageError
from hardenme.model.drift import Drift
from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.reports.drift import headline, render
from hardenme.reports.message import Stored, quiet
from hardenme.reports.plain import to_ascii

LAST = "last"
"""Names the newest kept run, and as the earlier one that before it."""
ITSELF = "Both are run {}. Name an earlier run: `hardenme diff last` takes the one before."
MARKDOWN = "markdown"
BRIEF = frozenset({"table", MARKDOWN})
"""The forms that a person reads, which are brief where that is wanted."""
JSON = "json"
"""The form that programs read."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What is compared.

    Attributes:
        before: the file of the earlier report; `-` for standard input.
        after: the same of the later one.
        fail_on: from which severity a change counts; empty for what the later report says.
    """

    before: str
    after: str
    fail_on: str


def diff(console: Console, wanted: Compared, delivery: Delivery, stdin: TextIO | None) -> int:
    """Read both reports, compare them, print or write what changed; returns the exit code.

    Raises:
        UsageError: two are of standard input, or there is no such severity.
    """
    if wanted.before == wanted.after == STDIN:
        raise UsageError("standard input holds one report: name a file for the other")
    try:
        fail_on = Severity.parse(wanted.fail_on) if wanted.fail_on else None
    except ValueError as error:
        raise UsageError(f"--fail-on: {error}") from None
    with output_file(delivery) as place:
        before, after = _both(console, wanted, stdin, quiet=delivery.quiet)
        after = after if fail_on is None else replace(after, fail_on=fail_on)
        drift = compare(before, after)
        code = drift_code(drift, after)
        if drift.incomparable:
            console.say(headline(drift))
            if delivery.output_format != JSON:
                return code
        text = _text(console, wanted, delivery, drift, after)
        handed = hand_out(console, Made.of(text), delivery, place, what="what changed")
        return handed or code


def _both(
    console: Console, wanted: Compared, stdin: TextIO | None, *, quiet: bool
) -> tuple[Report, Report]:
    """The reports of two files, or of kept runs, which are named.

    Raises:
        StoredError: a file cannot be read.
        UsageError: there is no kept run of that number, none before the newest, or both are one.
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
    if earlier is not None and later is not None and earlier.run == later.run:
        raise UsageError(ITSELF.format(earlier.run.number))
    before = stored(wanted.before, stdin) if earlier is None else earlier.report
    if not quiet:
        for word, run in (("Earlier", earlier), ("Later", later)):
            if run is not None:
                console.say(f"{word}: run {run.run.number}. {run.headline}")
    return before, after


def _is_kept(word: str) -> bool:
    """Whether a word names a kept run: a file of that name is `./2`."""
    return word == LAST or (word.isascii() and word.isdigit())


def _kept(word: str) -> Kept:
    return latest() if word == LAST else numbered(int(word))


def _text(
    console: Console, wanted: Compared, delivery: Delivery, drift: Drift, after: Report
) -> str:
    """What changed, in a form; of the texts for people, quiet is two lines a change, or one."""
    form, shown = delivery.output_format, delivery.file is None
    if delivery.quiet and form in BRIEF and not drift.incomparable:
        if drift.empty:
            return ""
        stored_at = Stored(_named(wanted.after), _named(wanted.before))
        text = quiet(
            drift,
            after,
            markdown=form == MARKDOWN,
            stored=stored_at,
            short=delivery.lines,
            width=console.width if console.wraps and shown else 0,
        )
        return to_ascii(text) if console.ascii_only and shown else text
    return render(
        drift,
        form,
        width=console.width,
        color=console.color and shown,
        quiet=delivery.quiet,
        ascii_only=console.ascii_only and shown,
        with_members=delivery.with_members,
    )


def _named(file: str) -> str:
    """A file as a shell takes it; empty for standard input and kept runs."""
    return "" if file == STDIN or not file or _is_kept(file) else shlex.quote(file)
