"""What changed lately in a run, compared with the kept runs before it: for every command alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hardenme.cli.stored.runs import Kept, before, of_targets
from hardenme.derive.recent import USUAL_WINDOW, Hosts, RecentQuery, marked_in
from hardenme.drift import compare
from hardenme.ground.errors import NoRunError
from hardenme.model.clocks import SET_IT, differences
from hardenme.model.depth import Depth
from hardenme.model.report import Report
from hardenme.reports.header import Header
from hardenme.reports.signs import signs_line, signs_of
from hardenme.store.runs import KeptRun


def with_lately(report: Report, run: KeptRun | None) -> Report:
    """The report with how many changes look like an attack, in the usual window of `recent`.

    Args:
        report: a run's.
        run: where it was kept; None if it was not.
    """
    if not report.inventory:
        return report
    marked = marked_in(report.inventory, order_of(report, USUAL_WINDOW, run))
    return replace(report, lately=marked)


def signs_in(report: Report, run: KeptRun | None, *, releases: bool = True) -> str:
    """What looks like an attack in a run, in a line; empty if nothing does.

    Args:
        report: a run's.
        run: where it was kept; None if it was not.
        releases: what looks like one in releases, too.
    """
    return signs_line(with_lately(report, run), releases=releases)


def signed(header: Header, report: Report, run: KeptRun | None) -> Header:
    """The first line of a file, with what looks like an attack in the run that it is about.

    Args:
        header: who, where and when.
        report: the run.
        run: where it was kept; None if it was not.
    """
    return replace(header, signs=signs_of(with_lately(report, run)))


def order_of(
    report: Report,
    window: timedelta,
    run: KeptRun | None = None,
    *,
    hosts: Hosts = Hosts(),  # noqa: B008 (it is frozen)
    depth: Depth = Depth.FAST,
) -> RecentQuery:
    """What `recent` is asked of a run.

    Args:
        report: the run.
        window: how far back.
        run: where it was kept, so that only earlier ones are compared; None if it was not.
        hosts: whom commands and pages name.
        depth: how deep the run asked.
    """
    apart = differences(report.warnings)
    asked = RecentQuery(
        until=report.observed or report.started,
        window=window,
        depth=depth,
        hosts=hosts,
        findings=report.findings,
        accounted={one.subject: one.by for one in report.accounted},
        absent=report.absent,
        responders=tuple(one.login for one in report.identities),
        clock=SET_IT if apart else "",
        ahead=max((*apart, timedelta())),
    )
    return asked if report.demo else _beside(report, asked, run)


def _beside(report: Report, asked: RecentQuery, run: KeptRun | None) -> RecentQuery:
    """The same with the kept runs: the newest, and the newest from before the window."""
    try:
        newest, proof = (
            of_targets(report.targets, earlier_than=run),
            before(report.targets, asked.since, earlier_than=run),
        )
    except NoRunError:
        newest, proof = None, None
    known: Kept | None = proof or newest
    drift = None if known is None else compare(known.report, _whole(report, known.report))
    comparable = drift is not None and not drift.incomparable
    return replace(
        asked,
        stored=() if newest is None else tuple(newest.report.inventory),
        stored_at=None if newest is None else newest.report.started,
        earlier=() if known is None else tuple(known.report.inventory),
        earlier_at=None if known is None else known.report.started,
        proven=proof is not None,
        changes=drift.items if drift is not None and comparable else None,
    )


def _whole(report: Report, before: Report) -> Report:
    """The report as it is compared: what only this one asks for is not news."""
    return replace(report, targets=before.targets)
