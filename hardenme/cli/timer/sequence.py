"""What a run says of the ones before it: with which it compares, and what is wrong with that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from hardenme.cli.options.durations import in_words, interval_in_words
from hardenme.cli.stored.history import Previous
from hardenme.model.accounts import contradict
from hardenme.model.report import Report
from hardenme.store.heartbeat import AHEAD, Beat, Heartbeats
from hardenme.store.history import Draft


@dataclass(frozen=True, slots=True)
class Following:
    """How a run follows on the ones before it.

    Attributes:
        series: the folder of its series.
        previous: what it compares with.
        beat: the stored heartbeat of its series and accounts; None for none.
        alarms: sentences on what is wrong, which are reported even without changes.
        notes: sentences that a reader of any report has to know.
        lost: there were reports, and none can be compared with.
    """

    series: str
    previous: Previous
    beat: Beat | None
    alarms: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    lost: bool = False


def following(found: Previous, beats: Heartbeats, series: str, report: Report) -> Following:
    """How a report follows on what is stored.

    Args:
        found: what it compares with.
        beats: when runs went well.
        series: the folder of its series.
    """
    accounts = found.history.accounts(report.identities)
    own = (beat for beat in beats.of(series) if not contradict(beat.accounts, accounts))
    beat = max(own, key=lambda one: one.number, default=None)
    lost = found.report is None and (beat is not None or found.history.skipped)
    alarms = (
        _lost(beat) if lost else _passed_over(found, beat),
        lateness(beat, report.started) if beat else "",
        _ahead(found.report, beat, report.started),
        _narrowed(found),
    )
    return Following(series, found, beat, tuple(filter(None, alarms)), tuple(_notes(found)), lost)


def remembered(  # noqa: PLR0913 (a run, and what is known about it)
    follows: Following,
    draft: Draft,
    report: Report,
    *,
    whole: bool,
    interval: int,
    by_hand: bool = False,
) -> tuple[Beat, str]:
    """What is stored after a run, and the name of what it replaces.

    Args:
        follows: how the run follows on the ones before it.
        draft: its report, as it is stored.
        whole: whether the run went to its end.
        interval: seconds between runs, as the user says; 0 if the user does not.
        by_hand: whether a person began the run.
    """
    began = report.started
    first = follows.beat or Beat("", report.targets, {}, first=began, ran=began)
    after = replace(
        replace(first, interval=interval or first.interval).beaten(
            began, whole=whole, number=draft.number, by_hand=by_hand
        ),
        name=f"{follows.series}-{draft.who}",
        accounts=follows.previous.history.accounts(report.identities),
    )
    return after, first.name


def lateness(beat: Beat, now: datetime) -> str:
    """A sentence on a series that has had no complete run for too long; empty if it has."""
    if not beat.late(now):
        return ""
    every = interval_in_words(beat.every)
    if beat.complete is None:
        return (
            f"no run has gone to its end since the first one, {in_words(_since(beat.first, now))}"
            f" ago; one was due every {every}: see why runs end early"
        )
    return (
        f"the last run that went to its end was {in_words(_since(beat.complete, now))} ago"
        f" ({beat.complete:%Y-%m-%d %H:%M} UTC); one was due every {every}: see whether the timer"
        " works, and what it prints"
    )


def _lost(beat: Beat | None) -> str:
    told = "" if beat is None else f" The last one was made on {beat.ran:%Y-%m-%d %H:%M} UTC."
    return (
        "the reports of earlier runs are gone or cannot be read, so what changed since then is not"
        f" known: this is a baseline, not verified.{told}"
    )


def _passed_over(found: Previous, beat: Beat | None) -> str:
    newest = found.history.newest()
    behind = beat is not None and (newest is None or newest.number < beat.number)
    if found.report is None or not (found.history.skipped or behind):
        return ""
    return (
        "the last report is gone or cannot be read, and this compares with the one of"
        f" {found.report.started:%Y-%m-%d %H:%M} UTC: later changes may be reported again"
    )


def _ahead(before: Report | None, beat: Beat | None, now: datetime) -> str:
    later = (before is not None and before.started > now + AHEAD) or (beat and beat.ahead(now))
    if not later:
        return ""
    return (
        "an earlier run has a date in the future: this machine's clock was wrong"
        " then, or is wrong. Until that date, missed runs give no warning"
    )


def _narrowed(found: Previous) -> str:
    # It is reported although nothing changed: a selection may come from a file that someone
    # planted.
    if not found.narrowed or found.report is None:
        return ""
    return (
        "there is no report of the same options: this compares with one of other options, of"
        f" {found.report.started:%Y-%m-%d %H:%M} UTC"
    )


def _notes(found: Previous) -> Iterator[str]:
    if found.report is None and found.history.others:
        yield "the reports that are stored are of another account; this begins its own"


def _since(moment: datetime, now: datetime) -> float:
    return (now - moment).total_seconds()
