"""Puts a report together from what was judged and how the run went."""

from __future__ import annotations

from datetime import datetime

from hardenme import __version__
from hardenme.collectors.book import Book
from hardenme.engine.judge import Judge
from hardenme.engine.order import Order
from hardenme.engine.recorder import Ending
from hardenme.engine.shown import not_whole
from hardenme.model.check import Check
from hardenme.model.report import CheckText, Coverage, Report


def report_of(order: Order, judge: Judge, book: Book, started: datetime, ending: Ending) -> Report:
    """The report of a run.

    Args:
        order: what was wanted.
        judge: what was judged, to the end.
        book: what was learnt of all above the repositories.
        started: when, in UTC.
        ending: how the run went.
    """
    return Report(
        version=__version__,
        started=started,
        targets=tuple(target.text for target in order.targets),
        profile=judge.profile,
        profile_chosen=not order.profile,
        identities=ending.identities,
        findings=judge.results.all(),
        checks={check.code: _text(check) for check in judge.checks},
        coverage=_coverage(order, judge, book, ending.left_out),
        traffic=ending.traffic,
        fail_on=order.fail_on,
        allowed_unknown=order.allowed_unknown,
        partial=ending.partial,
        halted=ending.halted,
        warnings=ending.warnings,
        publishing=judge.publishing,
    )


def _coverage(order: Order, judge: Judge, book: Book, repositories: int) -> Coverage:
    counts = judge.results.counts
    decided = ("passed", "failed", "attested", "not_applicable")
    known = sum(counts[name] for name in decided)
    asked = counts.total() - counts["manual"]
    left_out = dict(order.plan.left_out)
    dropped = len(order.plan.checks) - len(judge.checks)
    if dropped:
        left_out["belongs to another profile"] = dropped
    notes = []
    if repositories:
        were = "repository was" if repositories == 1 else "repositories were"
        notes.append(f"{repositories} {were} left out as archived or by name")
    notes += not_whole(book)
    if judge.results.beyond:
        notes.append(f"{judge.results.beyond} answers about single subjects wait for a deeper run")
    if counts["errored"]:
        broke = counts["errored"]
        notes.append(f"{broke} checks broke: this is a fault of hardenme, please report it")
    return Coverage(known, asked, len(judge.checks), left_out, tuple(notes))


def _text(check: Check) -> CheckText:
    texts = check.texts
    return CheckText(
        check.code,
        check.slug,
        check.severity,
        texts["summary"],
        texts["why"],
        texts["fix"],
        texts["limits"],
    )
