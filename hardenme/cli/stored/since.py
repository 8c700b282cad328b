"""What changed since the kept run before: for the screen of a run, and for `hardenme diff`."""

from __future__ import annotations

from dataclasses import replace

from hardenme.cli.stored.runs import Kept, judged_again, kept, read, runs
from hardenme.drift import compare
from hardenme.ground.errors import NoRunError
from hardenme.model.drift import Drift
from hardenme.model.report import Report
from hardenme.reports.drift.since import since_line
from hardenme.reports.sign_in import unsigned
from hardenme.store.runs import KeptRun
from hardenme.store.series import digest

AGAIN = digest("")
"""The origin of a run in which a step was read again: it does not count as a look at everything."""


def run_before(run: KeptRun, *, demo: bool = False) -> Kept | None:
    """The newest kept run before one that looked at the same targets with the same accounts.

    One that selected the same is taken before others. One that could not sign in, was judged again
    from facts, or had a single step read again, is passed over.

    Args:
        run: the later one.

    Raises:
        NoRunError: the kept runs cannot be listed.
    """
    found = [
        one
        for one in kept(runs(demo=demo))
        if one.number < run.number and one.whose == run.whose
        if one.how != AGAIN and not judged_again(one)
    ]
    for one in sorted(found, key=lambda one: (run.how not in {AGAIN, one.how}, -one.number)):
        try:
            report = read(one)
        except NoRunError:
            continue
        if not unsigned(report):
            return Kept(report, one)
    return None


def changed_since(earlier: Kept, report: Report) -> Drift:
    """What changed from a kept run to a later report."""
    return compare(earlier.report, report)


def with_since(report: Report, run: KeptRun | None, *, named: bool = True) -> Report:
    """The report with what changed since the kept run before, in words, where there is one.

    Args:
        run: where it was kept; None if it was not.
        named: say of what, and not only how many.
    """
    if run is None or report.demo or report.partial or unsigned(report):
        return report
    try:
        earlier = run_before(run)
    except NoRunError:
        return report
    if earlier is None:
        return report
    drift = changed_since(earlier, report)
    return report if drift.incomparable else replace(report, since=since_line(drift, named=named))
