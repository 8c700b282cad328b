"""The state of an incident: what was frozen, the record, and the runs that were kept since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hardenme.cli.stored.exposures import frozen_exposure
from hardenme.cli.stored.frozen import changed_since, frozen_report, newer_than, same_accounts
from hardenme.cli.stored.runbooks import not_called, runbook_of
from hardenme.cli.stored.runs import is_demo, judged_again, kept, runs, whose
from hardenme.cli.stored.runs import read as read_run
from hardenme.cli.terminal.console import Console
from hardenme.derive.incident import LedgerRun, began, ledger
from hardenme.derive.recent import USUAL_WINDOW
from hardenme.derive.runbook.exposed import with_exposed
from hardenme.ground import clock
from hardenme.ground.errors import NoRunError, StoredError, UsageError
from hardenme.model.incident import PEOPLE, EventKind, Ledger
from hardenme.model.report import Report
from hardenme.model.runbook import Runbook
from hardenme.reports.incident.view import IncidentView
from hardenme.reports.plain import counted
from hardenme.store.incidents import Incident, read

SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class IncidentState:
    """An incident and its ledger.

    Attributes:
        incident: with a record that holds what later runs showed.
        frozen: the run that was frozen.
        ledger: its rows.
        warning: what could not be read or written; empty for nothing.
        passed: how many later runs do not count.
    """

    incident: Incident
    frozen: LedgerRun
    ledger: Ledger
    warning: str = ""
    passed: int = 0

    def shown(self, option: str, *, full: bool = False) -> IncidentView:
        """Its view for output.

        Args:
            option: what a command takes to be about this incident.
            full: every row is shown.
        """
        incident = self.incident
        return IncidentView(
            incident.name,
            str(incident.folder),
            incident.opened,
            incident.closed,
            whose(self.frozen.report),
            self.ledger,
            incident.events,
            incident.head.demo,
            option,
            full,
            self.warning,
        )


def incident_state(incident: Incident) -> IncidentState:
    """The state of an incident; what later runs showed is added to its record.

    Raises:
        UsageError: what was frozen cannot be read.
    """
    report = frozen_report(incident)
    suspicious, exposed = _not_called(report, incident), frozen_exposure(incident)

    def book(*, vouches: bool = True) -> Runbook:
        found = runbook_of(report, suspicious, vouches=vouches)
        return found if exposed is None else with_exposed(found, exposed)

    frozen = LedgerRun(report, book())
    start = began(frozen, incident.events)
    if start is not None:
        frozen = LedgerRun(
            report,
            book(vouches=False),
            changes=newer_than(report, start.at),
            began=start,
        )
    later: list[LedgerRun] = []
    problems: list[str] = []
    passed: list[datetime] = []
    if incident.closed is None:
        later = list(_later(incident, frozen.report, problems, passed))
    found = ledger(frozen, incident.events, later, clock.now().replace(microsecond=0))
    if found.news:
        try:
            incident.add(*found.news)
            again = read(incident.folder)
            incident = replace(again, folder=incident.folder)
        except (StoredError, UsageError) as error:
            problems.append(f"what later runs showed was not written to the record: {error}")
    return IncidentState(incident, frozen, found, ". ".join(problems), len(passed))


def say_problems(console: Console, found: IncidentState) -> None:
    """Say what could not be read."""
    if found.warning:
        console.say(found.warning)


def say_passed(console: Console, found: IncidentState) -> None:
    """Say that runs do not count, so that no one waits for what they would show."""
    if found.passed:
        many = counted(found.passed, "later run")
        console.say(f"{many} not counted: of another account or host than the frozen run")


def _not_called(report: Report, incident: Incident) -> set[str]:
    """Who is not called for help, as far as the frozen run and the record show it."""
    found = set(not_called(report, newer_than(report, report.started - USUAL_WINDOW)))
    for event in incident.events:
        if event.kind is EventKind.BEGAN:
            found.update(event.data.get(PEOPLE, "").split())
    return found


def _run(report: Report, frozen: Report) -> LedgerRun:
    return LedgerRun(report, runbook_of(report), changes=changed_since(frozen, report))


def _later(
    incident: Incident, frozen: Report, problems: list[str], passed: list[datetime]
) -> Iterator[LedgerRun]:
    """The kept runs of the same accounts and hosts that began after the incident was opened.

    Their numbers give the order in which they ended, whatever the clock showed.

    Args:
        incident: which.
        frozen: its report.
        problems: takes what cannot be read.
        passed: takes when the later runs of others began.
    """
    demo, opened = incident.head.demo, incident.opened
    try:
        there = kept(runs(demo=demo))
    except NoRunError as error:
        problems.append(str(error))
        return
    last: datetime | None = None
    for one in reversed(there):
        # What was kept after a run that counts was, too, however the clock was set back.
        known = last is None or judged_again(one)
        if known and one.at < opened.replace(microsecond=0):
            continue
        try:
            report = read_run(one)
        except NoRunError as error:
            problems.append(str(error))
            continue
        began = report.started
        if (known and began <= opened) or is_demo(report) is not demo:
            continue
        if not same_accounts(frozen, report):
            passed.append(began)
            continue
        if judged_again(one):
            yield _run(report, frozen)
        elif began > clock.now():
            yield replace(_run(report, frozen), after=began + SECOND)
        else:
            yield replace(_run(report, frozen), after=last)
            last = max(last or began, began)
