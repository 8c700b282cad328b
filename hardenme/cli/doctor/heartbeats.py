"""`hardenme doctor` on runs for a timer: when each last succeeded, or whether it is late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from hardenme.cli.options.durations import in_words, interval_in_words
from hardenme.cli.timer.sequence import lateness
from hardenme.ground import clock
from hardenme.ground.places import state_folder
from hardenme.model.text import visible
from hardenme.reports.doctor import DoctorRows
from hardenme.store.heartbeat import Beat, Heartbeats


def add_heartbeats(rows: DoctorRows) -> None:
    """Add a row for each set of targets that `hardenme report` was run for."""
    beats = Heartbeats(state_folder())
    found = beats.all()
    if not found and not beats.problems:
        return
    rows.heading("Runs for a timer")
    now = clock.now()
    for beat in found:
        name = visible(" ".join(beat.targets), longest=60)
        for text in _lines(beat, now, str(beats.folder / f"{beat.name}.json")):
            rows.row(name, text)
    for problem in beats.problems:
        rows.row("not known", problem)


def _lines(beat: Beat, now: datetime, path: str) -> Iterator[str]:
    whose = ", ".join(sorted({login for logins in beat.accounts.values() for login in logins}))
    account = f" as {visible(whose, longest=80)}" if whose else ""
    if late := lateness(beat, now):
        yield f"LATE{account}: {late}"
        yield f"if it was ended on purpose, remove {path}"
    elif beat.complete is None:
        yield f"no run has gone to its end yet{account}; the first began {_ago(beat.first, now)}"
    else:
        yield (
            f"last complete run{account} {_ago(beat.complete, now)}, one is due every"
            f" {interval_in_words(beat.every)}"
        )
    if beat.ahead(now):
        yield "a run was made at a time that is still to come: the clock was set, or is wrong"


def _ago(moment: datetime, now: datetime) -> str:
    return f"{in_words(max((now - moment).total_seconds(), 0))} ago"
