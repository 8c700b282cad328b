"""`hardenme incident open`: the last run is frozen, with the runbook that follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from hardenme.cli.incident.locate import IncidentLocator
from hardenme.cli.options.durations import seconds
from hardenme.cli.stored.exposures import document
from hardenme.cli.stored.incidents import RECENT, first_sign
from hardenme.cli.stored.lately import order_of
from hardenme.cli.stored.reports import stored
from hardenme.cli.stored.runbooks import not_called, runbook_of, shown
from hardenme.cli.stored.runs import (
    is_demo,
    kept,
    latest,
    latest_lately,
    named,
    numbered,
    runs,
    whose,
)
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.texts import shown as visible
from hardenme.derive.incident import LedgerRun, began
from hardenme.derive.recent import USUAL_WINDOW, newcomers, recent
from hardenme.derive.runbook.exposed import with_exposed
from hardenme.derive.runbook.own import opened
from hardenme.ground import clock
from hardenme.ground.errors import NoRunError, UsageError
from hardenme.ground.exit_code import Exit
from hardenme.ground.places import state_folder
from hardenme.model.exposed_record import ExposedRecord
from hardenme.model.exposure import ExposureGrade
from hardenme.model.incident import FIRST_SIGN, PEOPLE, UNDATED, EventKind, IncidentEvent
from hardenme.model.recent import Recent
from hardenme.model.report import Report
from hardenme.model.runbook import Runbook
from hardenme.reports import pieces
from hardenme.reports.plain import counted, timestamp
from hardenme.reports.runbook import render
from hardenme.reports.style import Style
from hardenme.store.incidents import EXPOSED, FACTS, PAGE, REPORT, RUNBOOK, Incidents
from hardenme.store.observations import ObservationFile
from hardenme.store.recording import Recording
from hardenme.store.runs import KeptRun

NONE_OF_RECENT = (
    "No run of `recent` is kept. Run `hardenme recent{0}` first: it keeps a run in which something"
    " looks like an attack. Without --from, the incident starts from the last check."
)
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
        run: the number of a kept run, `recent`, or the file of a report. Empty for the last kept
            run of either command.
        facts: a file of `hardenme check --save-facts`, to be kept with it; empty for none.
        demo: of the demo's last run.
        since: how long ago the attack began, like `3h`; empty if that is not known.
        exposed: a document of `hardenme exposed`, or `last`; empty for none.
    """

    name: str
    run: str = ""
    facts: str = ""
    demo: bool = False
    since: str = ""
    exposed: str = ""


def open_incident(console: Console, wanted: OpenOptions) -> int:
    """Open an incident; returns the exit code."""
    demo = wanted.demo
    text, exposed = document(wanted.exposed) if wanted.exposed else ("", None)
    report, run = _frozen(wanted.run, demo=demo)
    number = 0 if run is None or run.lately else run.number
    _demand_clock(report, demo=demo)
    lately = recent(report.inventory, order_of(report, USUAL_WINDOW, _beside(run)))
    start = _began(wanted.since, lately, exposed)
    found = _runbook(report, lately, start)
    found = found if exposed is None else with_exposed(found, exposed)
    book = shown(report, opened(found, report, wanted.name))
    files: dict[str, Iterable[str]] = {
        REPORT: pieces(report, "json"),
        RUNBOOK: (render(book, "markdown", Style(WIDTH)),),
        PAGE: (render(book, "html", Style(WIDTH)),),
    }
    if exposed is not None:
        files[EXPOSED] = (text,)
    if wanted.facts:
        files[FACTS] = _facts(Path(wanted.facts))
    made = Incidents(state_folder(), demo=demo).begin(wanted.name, files, number)
    if start:
        made.add(*start)
    if not demo:
        # What npm showed before the attack is not how it is.
        before = ObservationFile(state_folder())
        before.forget()
        if before.failure:
            console.say(f"trusted publishers of earlier runs are still kept: {before.failure}")
    several = len(Incidents(state_folder(), demo=demo).all().open) > 1
    which = IncidentLocator(made.name if several else "", demo=demo)
    console.tell(
        f"The incident {made.name} was opened at {timestamp(made.opened)}.\n"
        f"  folder   {visible(str(made.folder))}\n"
        f"  frozen   {whose(report)}\n"
        f"{_marked(lately)}{_exposed(exposed)}"
        f"  print    {PAGE} or {RUNBOOK} in that folder\n"
        f"  next     hardenme incident status{which.option}\n"
    )
    older = _older(run, demo=demo)
    if older:
        console.say(
            f"If the attacker was there before that run, freeze an older one: --from with {older}"
        )
    return Exit.CLEAN


def _runbook(report: Report, lately: Recent, start: Sequence[IncidentEvent]) -> Runbook:
    """What the run knows; one that is younger than the attack vouches for nothing."""
    suspicious = not_called(report, lately)
    found = runbook_of(report, suspicious)
    if began(LedgerRun(report, found), start) is None:
        return found
    return runbook_of(report, suspicious, vouches=False)


def _began(since: str, lately: Recent, exposed: ExposedRecord | None) -> tuple[IncidentEvent, ...]:
    """When the attack began, by --since, the window or the first sign, and who came since.

    Raises:
        UsageError: it is not of its form.
    """
    data = {PEOPLE: " ".join(newcomers(lately))} if newcomers(lately) else {}
    if since:
        ago = timedelta(seconds=seconds("--since", since, LONGEST, "10 years"))
        data |= {"at": (clock.now().replace(microsecond=0) - ago).isoformat()}
    elif exposed is not None:
        data |= {"at": exposed.start.isoformat()}
    elif lately.marked:
        first = first_sign(lately)
        data |= {"at": first.at.isoformat(), FIRST_SIGN: first.sign or UNDATED}
    else:
        return ()
    return (IncidentEvent(EventKind.BEGAN, clock.now().replace(microsecond=0), data=data),)


def _exposed(record: ExposedRecord | None) -> str:
    """How many rows of a document are in the ledger, in a line; empty without one."""
    if record is None:
        return ""
    seen = sum(row.grade is not ExposureGrade.NOT_SEEN for row in record.rows)
    return f"  exposed  {counted(seen, 'row')} to look at, for {', '.join(record.asked)}\n"


def _marked(lately: Recent) -> str:
    """How many changes look like an attack, in a line; empty for none."""
    number = len(lately.marked)
    if not number:
        return ""
    look = "looks" if number == 1 else "look"
    return f"  signs    {counted(number, 'change')} of the 48 hours before {look} like an attack\n"


def _beside(run: FrozenRun | None) -> KeptRun | None:
    """The run before which kept runs are compared with; None for all, as with one of `recent`."""
    return None if run is None or run.lately else run.kept


def _demand_clock(report: Report, *, demo: bool) -> None:
    """Later runs differ from earlier ones by their start.

    Raises:
        UsageError: a run is ahead of this machine's clock.
    """
    try:
        known = [one.at for one in kept(runs(demo=demo))]
    except NoRunError:
        # A report can be frozen all the same. Each command says that no later run is read.
        known = []
    newest = max((report.started, *known))
    now = clock.now()
    if newest > now:
        raise UsageError(
            f"this machine's clock says {timestamp(now)}, and a run is of {timestamp(newest)}: set"
            " the clock first, since it shows which runs are later ones"
        )


def _facts(file: Path) -> Iterator[str]:
    """The lines of a file of facts, which is complete.

    Raises:
        StoredError: it is none, or was changed.
    """
    Recording(file)
    return _lines(file)


def _lines(file: Path) -> Iterator[str]:
    with file.open(encoding="ascii", newline="") as lines:
        yield from lines


@dataclass(frozen=True, slots=True)
class FrozenRun:
    """The kept run that is frozen.

    Attributes:
        kept: where it was kept.
        lately: it is one of `recent`.
    """

    kept: KeptRun
    lately: bool = False

    @property
    def number(self) -> int:
        """Its place in the order."""
        return self.kept.number


def _frozen(wanted: str, *, demo: bool) -> tuple[Report, FrozenRun | None]:
    """The report that is frozen, and its run; None for a file's.

    Raises:
        UsageError: there is no such run, or it is not one to freeze.
        NoRunError: it cannot be read.
        StoredError: the same of a file.
    """
    if wanted in {"", RECENT}:
        return _newest(demo=demo, lately=bool(wanted))
    if wanted.isascii() and wanted.isdigit():
        one = numbered(int(wanted), demo=demo)
        return one.report, FrozenRun(one.run)
    report = stored(str(Path(wanted)), None)
    if report.redacted:
        raise UsageError(f"{wanted} has pseudonyms in place of names: no command would fit")
    if is_demo(report) is not demo:
        raise UsageError(
            f"{wanted} is {'not ' * demo}a report of the demo: {'leave out' if demo else 'add'}"
            " --demo"
        )
    return report, None


def _newest(*, demo: bool, lately: bool) -> tuple[Report, FrozenRun]:
    """The last run of `recent`; where that is not asked for, of a check if that is newer.

    Raises:
        NoRunError: there is none, or it cannot be read.
    """
    of_recent = latest_lately(demo=demo)
    if lately and of_recent is None:
        option = " --demo" if demo else ""
        raise NoRunError(NONE_OF_RECENT.format(option))
    checked = () if lately else kept(runs(demo=demo))
    if of_recent is not None and (not checked or checked[0].at < of_recent.run.at):
        return of_recent.report, FrozenRun(of_recent.run, lately=True)
    found = latest(demo=demo)
    return found.report, FrozenRun(found.run)


def _older(run: FrozenRun | None, *, demo: bool) -> str:
    """The kept runs of a check before one; empty for none."""
    if run is None:
        return ""
    try:
        there = kept(runs(demo=demo))
    except NoRunError:
        return ""
    older = [one for one in there if run.lately or one.number < run.number]
    return named(older[:SHOWN])
