"""What a run for a timer makes of the reports before it: lost ones, late ones, those of others."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest

from hardenme.cli.doctor.heartbeats import add_heartbeats
from hardenme.cli.terminal.console import Console
from hardenme.ground.errors import UsageError
from hardenme.reports.doctor import DoctorRows, render
from hardenme.reports.header import Header
from hardenme.reports.style import Style
from hardenme.store.heartbeat import Heartbeats
from tests.cli.timed_runs import HIGH, MEDIUM, WELL, Timer
from tests.moment import NOW
from tests.store.stored import report


def test_reports_of_another_account_are_not_compared(timer: Timer) -> None:
    timer.week(0, HIGH)
    told = timer.run(report(1, HIGH, who="eve"))
    assert told.code == 0
    assert "Baseline, not verified" in told.out
    assert "! the reports that are stored are of another account" in told.out
    assert timer.week(2, HIGH, quiet=True).out == ""


def test_other_options_compare_with_what_there_is_and_say_so(timer: Timer) -> None:
    timer.week(0, HIGH)
    told = timer.run(report(1, HIGH, MEDIUM), {"select": ["GHA", "GHB"]})
    assert "! there is no report of the same options" in told.out
    assert "GHA103" in told.out.partition("hardenme checklist")[0]
    assert timer.run(report(2, HIGH, MEDIUM), {"select": ["GHB,GHA"]}, quiet=True).out == ""


def test_a_run_that_selects_less_is_told_once_although_nothing_changed(timer: Timer) -> None:
    timer.week(0, HIGH)
    narrowed = {"select": ["GHB"]}
    told = timer.run(report(1, HIGH, WELL), narrowed, quiet=True)
    assert told.code == 0
    assert "! there is no report of the same options" in told.out
    assert timer.run(report(2, HIGH, WELL), narrowed, quiet=True).out == ""


def test_a_lost_baseline_is_told_loudly(timer: Timer) -> None:
    timer.week(0, HIGH)
    timer.week(1, HIGH)
    for path in timer.reports():
        path.unlink()
    told = timer.week(2, HIGH, quiet=True)
    assert told.code == 3
    assert told.out.startswith("! the reports of earlier runs are gone or cannot be read")
    assert "2026-01-12 06:00 UTC" in " ".join(told.out.split())
    assert "Baseline, not verified" in told.out
    assert timer.week(3, HIGH, quiet=True) == timer.week(4, HIGH, quiet=True)


@pytest.mark.parametrize("spoilt", ["gone", "half"])
def test_where_the_last_report_is_lost_the_one_before_counts_and_that_is_told(
    timer: Timer, spoilt: str
) -> None:
    timer.week(0)
    timer.week(1, HIGH)
    newest = timer.reports()[1]
    newest.unlink() if spoilt == "gone" else newest.write_text("{")
    told = timer.week(2, HIGH, quiet=True)
    assert told.code == 1
    assert told.out.startswith("! the last report is gone or cannot be read, and this compares")
    assert ("set aside" in told.err) == (spoilt == "half")


def test_a_report_that_cannot_be_stored_is_shown_all_the_same(timer: Timer) -> None:
    timer.week(0)
    folder = timer.reports()[0].parent
    moved = folder.rename(folder.with_name("elsewhere"))
    folder.symlink_to(moved)
    told = timer.week(1, HIGH, quiet=True)
    assert told.code == 2
    assert told.out.startswith("! this report could not be stored")
    assert "GHB101" in told.out
    assert len(list(moved.glob("2*.json"))) == 1


def test_without_a_home_the_result_is_shown_and_the_code_tells(
    timer: Timer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/dev/null")
    told = timer.week(0, HIGH, quiet=True)
    assert told.code == 2
    assert "could not be stored" in told.out
    assert "Baseline, not verified" in told.out


def test_runs_that_stayed_out_are_told_by_the_next_one(timer: Timer) -> None:
    timer.week(0, HIGH)
    assert timer.week(3, HIGH, quiet=True).out == ""
    told = timer.week(7, HIGH, quiet=True)
    assert told.code == 0
    assert told.out.startswith("! the last run that went to its end was 28 days ago")


def test_doctor_tells_which_runs_stay_out(timer: Timer) -> None:
    timer.week(0, HIGH)
    timer.run(report(0, HIGH, started=NOW - timedelta(days=2), who="bob"))
    rows = DoctorRows("0.1.0", Header("hardenme 0.1.0", (), ""))
    add_heartbeats(rows)
    text = " ".join(render(rows, "table", Style(80)).split())
    assert "LATE as ada: the last run that went to its end was" in text
    assert f"remove {timer.state}/heartbeat/" in text
    assert "last complete run as bob 2 days ago, one is due every 7 days" in text


def test_how_often_it_runs_is_said_or_learnt(timer: Timer) -> None:
    made = report(0, HIGH)
    timer.run(made, interval="1d", quiet=True)
    after = report(0, HIGH, started=made.started + timedelta(days=4))
    told = timer.run(after, interval="1d", quiet=True)
    assert "one was due every 1 day" in " ".join(told.out.split())
    for day in range(5, 8):
        timer.run(report(0, HIGH, started=made.started + timedelta(days=day)), quiet=True)
    [beat] = Heartbeats(timer.state).all()
    assert beat.every == 24 * 3600


@pytest.mark.parametrize("option", ["", "7d"])
def test_two_runs_by_hand_after_weekly_ones_are_no_rhythm(timer: Timer, option: str) -> None:
    """Whoever tries something by hand gives no --interval, as the timer does."""
    for week in range(3):
        timer.week(week, interval=option)
    began = report(2).started
    for minute in (1, 2):
        timer.run(report(2, WELL, started=began + timedelta(minutes=minute)), quiet=True)
    [beat] = Heartbeats(timer.state).all()
    assert beat.every == 7 * 24 * 3600
    assert not beat.late(began + timedelta(days=20))
    assert timer.week(3, quiet=True, interval=option).out == ""


class Terminal(io.StringIO):
    """What a person sits before."""

    def isatty(self) -> bool:
        return True


def test_a_run_on_a_terminal_is_by_hand(timer: Timer, monkeypatch: pytest.MonkeyPatch) -> None:
    for out, err in ((Terminal(), io.StringIO()), (io.StringIO(), Terminal())):
        assert Console(out, err, {}).attended
    assert not Console(io.StringIO(), io.StringIO(), {}).attended
    began = report(0).started
    monkeypatch.setattr(Console, "attended", property(lambda _: True))
    for day in range(5):
        timer.run(report(0, WELL, started=began + timedelta(days=day)), quiet=True)
    [beat] = Heartbeats(timer.state).all()
    assert (beat.gaps, beat.every) == ((), 7 * 24 * 3600)
    assert beat.complete == began + timedelta(days=4)
    # Nor is it the run from which the timer's first one is measured.
    monkeypatch.setattr(Console, "attended", property(lambda _: False))
    for day in range(4, 7):
        timer.run(report(0, WELL, started=began + timedelta(days=day, hours=6)))
    [beat] = Heartbeats(timer.state).all()
    assert (beat.gaps, beat.every) == ((24 * 3600,) * 2, 7 * 24 * 3600)


def test_a_clock_that_was_set_back_is_told_and_nothing_is_lost(timer: Timer) -> None:
    timer.week(9)
    told = timer.week(1, HIGH, quiet=True)
    assert told.code == 1
    assert told.out.startswith("! an earlier run has a date in the future")
    told = timer.week(2, HIGH, quiet=True)
    assert (told.code, told.out) == (0, "")


def test_only_so_many_reports_are_kept(timer: Timer) -> None:
    for week in range(5):
        timer.week(week, keep=3)
    assert len(timer.reports()) == 3


@pytest.mark.parametrize("text", ["0d", "7", "d", "-1d", "367d", "99999w", "1.5d", "7 d"])
def test_an_interval_is_of_its_form(timer: Timer, text: str) -> None:
    with pytest.raises(UsageError, match="--interval takes a time"):
        timer.week(0, HIGH, interval=text)
