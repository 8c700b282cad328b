"""`hardenme incident open`: the last run is frozen, with the runbook that follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from hardenme.cli.incident.which import WhichIncident
from hardenme.cli.options.durations import seconds
from hardenme.cli.stored.reports import stored
from hardenme.cli.stored.runbooks import runbook_of, shown
from hardenme.cli.stored.runs import is_demo, kept, latest, named, numbered, runs, whose
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.texts import shown as visible
from hardenme.ground import clock
from hardenme.ground.errors import NoRunError, UsageError
from hardenme.ground.exit_code import Exit
from hardenme.ground.places import state_folder
from hardenme.model.incident import EventKind, IncidentEvent
from hardenme.model.report import Report
from hardenme.reports import pieces
from hardenme.reports.plain import timestamp
from hardenme.reports.runbook import render
from hardenme.reports.style import Style
from hardenme.store.incidents import FACTS, PAGE, REPORT, RUNBOOK, Incidents
from hardenme.store.observations import ObservationFile
from hardenme.store.recording import Recording

LONGEST = 10 * 365 * 24 * 3600
"""Seconds of the longest time for which an attack can have been going on."""
SHOWN = 5
"""Kept runs that are named."""
WIDTH = 100
"""Columns of the printed runbook."""


@dataclass(frozen=True, slots=True)
class OpenOptions:
    """What is to be frozen.

    Attributes:
        name: what the incident is called.
        run: the number of a kept run, or the file of a report; empty for the last kept run.
        facts: a file of `hardenme check --save-facts`, to be kept with it; empty for none.
        demo: of the demo's last run.
        since: how long ago the attack began, like `3h`; empty where that is not known.
    """

    name: str
    run: str = ""
    facts: str = ""
    demo: bool = False
    since: str = ""


def open_incident(console: Console, wanted: OpenOptions) -> int:
    """Open an incident; returns the exit code."""
    demo = wanted.demo
    report, number = _frozen(wanted.run, demo=demo)
    _demand_clock(report, demo=demo)
    book = shown(report, runbook_of(report))
    since = _since(wanted.since)
    files: dict[str, Iterable[str]] = {
        REPORT: pieces(report, "json"),
        RUNBOOK: (render(book, "markdown", Style(WIDTH)),),
        PAGE: (render(book, "html", Style(WIDTH)),),
    }
    if wanted.facts:
        files[FACTS] = _facts(Path(wanted.facts))
    made = Incidents(state_folder(), demo=demo).begin(wanted.name, files, number)
    if since is not None:
        data = {"at": since.isoformat()}
        made.add(IncidentEvent(EventKind.BEGAN, clock.now().replace(microsecond=0), data=data))
    if not demo:
        # What npm showed before the attack is not how it is.
        before = ObservationFile(state_folder())
        before.forget()
        if before.failure:
            console.say(f"trusted publishers of earlier runs are still kept: {before.failure}")
    several = len(Incidents(state_folder(), demo=demo).all().open) > 1
    which = WhichIncident(made.name if several else "", demo=demo)
    console.print(
        f"The incident {made.name} was opened at {timestamp(made.opened)}.\n"
        f"  folder   {visible(str(made.folder))}\n"
        f"  frozen   {whose(report)}\n"
        f"  print    {PAGE} or {RUNBOOK} in that folder\n"
        f"  next     hardenme incident status{which.option}\n"
    )
    older = _older(number, demo=demo)
    if older:
        console.say(
            f"If the attacker was there before that run, freeze an older one: --from with {older}"
        )
    return Exit.CLEAN


def _since(text: str) -> datetime | None:
    """When the attack began; None where nobody said.

    Raises:
        UsageError: it is not of its form.
    """
    if not text:
        return None
    ago = timedelta(seconds=seconds("--since", text, LONGEST, "10 years"))
    return clock.now().replace(microsecond=0) - ago


def _demand_clock(report: Report, *, demo: bool) -> None:
    """Later runs differ from earlier ones by their start.

    Raises:
        UsageError: a run is ahead of this machine's clock.
    """
    try:
        known = [one.at for one in kept(runs(demo=demo))]
    except NoRunError:
        # A report can be frozen all the same; that no later run is read is said by each command.
        known = []
    newest = max((report.started, *known))
    now = clock.now()
    if newest > now:
        raise UsageError(
            f"this machine's clock says {timestamp(now)}, and a run is of {timestamp(newest)}: set"
            " the clock first, since it shows which runs are later ones"
        )


def _facts(file: Path) -> Iterator[str]:
    """The lines of a file of facts, which is whole.

    Raises:
        StoredError: it is none, or was changed.
    """
    Recording(file)
    return _lines(file)


def _lines(file: Path) -> Iterator[str]:
    with file.open(encoding="ascii", newline="") as lines:
        yield from lines


def _frozen(wanted: str, *, demo: bool) -> tuple[Report, int]:
    """The report that is frozen, and the number of its run.

    Raises:
        UsageError: there is no such run, or it is not one to freeze.
        NoRunError: it cannot be read.
        StoredError: the same of a file.
    """
    if not wanted:
        found = latest(demo=demo)
        return found.report, found.run.number
    if wanted.isascii() and wanted.isdigit():
        one = numbered(int(wanted), demo=demo)
        return one.report, one.run.number
    report = stored(str(Path(wanted)), None)
    if report.redacted:
        raise UsageError(f"{wanted} has pseudonyms in place of names: no command would fit")
    if is_demo(report) is not demo:
        raise UsageError(
            f"{wanted} is {'not ' * demo}a report of the demo: {'leave out' if demo else 'add'}"
            " --demo"
        )
    return report, 0


def _older(number: int, *, demo: bool) -> str:
    """The kept runs before one of that number; empty for none."""
    try:
        there = kept(runs(demo=demo))
    except NoRunError:
        return ""
    return named([one for one in there if one.number < number][:SHOWN])
