"""`hardenme report`: what changed is told once, nothing is lost, and silence is never a fault."""

from __future__ import annotations

import io
import json
import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hardenme.cli.beats_told import tell_beats
from hardenme.cli.console import Console
from hardenme.cli.options import UsageError
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import LoopbackServer, Reply, Request
from hardenme.store.heartbeat import Heartbeats
from hardenme.store.lock import lock
from tests.cli.conftest import Accounts
from tests.cli.timed_runs import HIGH, MEDIUM, WELL, Timer, Told, passed, unknown
from tests.reports.sample import deploy_key
from tests.store.stored import report

PING = "/ping/CANARY-5a1c-heartbeat-0000"


@pytest.fixture
def timer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Timer:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "xdg"))
    return Timer(tmp_path / "xdg" / "hardenme")


@pytest.fixture
def page() -> Iterator[LoopbackServer]:
    with LoopbackServer(lambda _: Reply(body=b"OK")) as server:
        yield server


def test_the_first_run_is_a_baseline_that_nobody_verified(timer: Timer) -> None:
    told = timer.week(0, HIGH, quiet=True)
    assert told.code == 0
    assert told.out.startswith("Baseline, not verified")
    assert "mallow/web" in told.out
    assert len(timer.reports()) == 1


def test_where_nothing_changed_nothing_is_printed_if_that_is_wanted(timer: Timer) -> None:
    timer.week(0, HIGH, MEDIUM)
    assert timer.week(1, HIGH, MEDIUM, quiet=True) == (
        told := timer.week(2, HIGH, MEDIUM, quiet=True)
    )
    assert (told.code, told.out, told.err) == (0, "", "")
    told = timer.week(3, HIGH, MEDIUM)
    assert told.code == 0
    assert "Nothing changed" in told.out
    assert "mallow/web" in told.out


def test_what_changed_stands_before_what_stands(timer: Timer) -> None:
    timer.week(0, MEDIUM)
    told = timer.week(1, MEDIUM, HIGH, quiet=True)
    assert told.code == 1
    changed, _, standing = told.out.partition("hardenme 0.1.0")
    assert "GHB101" in changed
    assert "GHA103" not in changed
    assert "GHB101" in standing
    assert "GHA103" in standing
    # Once told, it stands.
    assert timer.week(2, MEDIUM, HIGH, quiet=True) == timer.week(3, MEDIUM, HIGH, quiet=True)
    assert timer.week(4, MEDIUM, HIGH).code == 0


def test_what_is_new_below_the_severity_that_counts_is_told_and_changes_no_code(
    timer: Timer,
) -> None:
    timer.week(0, HIGH)
    told = timer.week(1, HIGH, MEDIUM, quiet=True)
    assert told.code == 0
    assert "GHA103" in told.out.partition("hardenme 0.1.0")[0]


def test_what_is_fixed_is_told_and_is_no_alarm(timer: Timer) -> None:
    timer.week(0, HIGH)
    told = timer.week(1, passed(HIGH), quiet=True)
    assert told.code == 0
    assert "fixed" in told.out.lower()


def test_what_was_known_and_cannot_be_read_gives_3_once_and_is_remembered(timer: Timer) -> None:
    timer.week(0, HIGH, passed(MEDIUM))
    told = timer.week(1, unknown(HIGH), passed(MEDIUM), quiet=True)
    assert told.code == 3
    assert "lost sight of" in told.out.lower().partition("hardenme 0.1.0")[0]
    assert "fixed" not in told.out.lower().partition("hardenme 0.1.0")[0]
    # It stays unknown: that was told.
    assert timer.week(2, unknown(HIGH), passed(MEDIUM), quiet=True).code == 0


def test_standing_unknowns_change_no_code(timer: Timer) -> None:
    timer.week(0, unknown(HIGH), passed(MEDIUM))
    told = timer.week(1, unknown(HIGH), passed(MEDIUM), quiet=True)
    assert (told.code, told.out) == (0, "")


def test_a_digest_holds_all_although_nothing_changed(timer: Timer) -> None:
    timer.week(0, HIGH)
    told = timer.week(1, HIGH, quiet=True, digest=True)
    assert told.code == 0
    assert "Nothing changed" in told.out
    assert "GHB101" in told.out


def test_in_json_there_is_what_changed_alone(timer: Timer) -> None:
    timer.week(0)
    told = timer.week(1, HIGH, output_format="json")
    document = json.loads(told.out)
    assert [one["code"] for one in document["changes"]] == ["GHB101"]


def test_in_markdown_no_note_becomes_markup(timer: Timer) -> None:
    timer.week(0, HIGH)
    timer.reports()[0].unlink()
    told = timer.week(1, HIGH, output_format="markdown")
    assert told.out.startswith("> **Note:** the reports of earlier runs are gone")


def test_the_result_can_go_to_a_file(timer: Timer, tmp_path: Path) -> None:
    file = tmp_path / "changed.txt"
    timer.week(0, HIGH)
    told = timer.week(1, HIGH, output=str(file), quiet=True)
    assert told.out == ""
    # It says how things are, and not what an earlier run said.
    assert file.read_text().startswith("Changes ")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_run_that_was_stopped_leaves_all_to_the_next_one(timer: Timer) -> None:
    timer.week(0)
    told = timer.run(report(1, partial="terminated"))
    assert told.code == 143
    assert "nothing was compared or stored" in told.err
    assert timer.week(2, HIGH).code == 1


def test_a_run_that_a_rate_limit_ended_compares_what_it_saw(timer: Timer) -> None:
    timer.week(0, passed(HIGH), passed(MEDIUM))
    halted = report(1, HIGH, unknown(MEDIUM, Reason.RATE_LIMITED), WELL, halted=Reason.RATE_LIMITED)
    told = timer.run(halted, quiet=True)
    assert told.code == 1
    assert timer.week(2, HIGH, passed(MEDIUM), quiet=True).code == 0
    again = report(3, HIGH, passed(MEDIUM), WELL, halted=Reason.RATE_LIMITED)
    assert timer.run(again, quiet=True).code == 3


def test_where_no_credential_is_accepted_there_is_no_baseline(timer: Timer) -> None:
    blind = report(0, unknown(HIGH, Reason.REJECTED), who="")
    told = timer.run(blind, quiet=True)
    assert told.code == 4
    assert told.out.startswith("! no credential was accepted: `hardenme auth status` tells")
    assert "Baseline" not in told.out
    assert not timer.state.exists()
    timer.week(1, HIGH)
    told = timer.run(report(2, unknown(HIGH, Reason.REJECTED), who=""), quiet=True)
    assert told.code == 3
    # A monitor that sees nothing does not look like peace, however often it is run.
    assert timer.run(report(3, unknown(HIGH, Reason.REJECTED), who=""), quiet=True).code == 4


def test_a_credential_that_is_dead_is_no_peace(timer: Timer, page: LoopbackServer) -> None:
    url = f"{page.url}{PING}"
    timer.week(0, HIGH)
    for week in (1, 2, 3):
        # What anybody can see is still seen.
        blind = report(week, unknown(HIGH, Reason.REJECTED), WELL, who="")
        told = timer.run(blind, quiet=True, heartbeat=url)
        assert told.code == 3
        assert "the credential is gone or refused, or no answer came" in told.err
        assert (told.out == "") == (week > 1)
    assert page.requests == []
    assert timer.week(4, HIGH, heartbeat=url).code == 0
    assert len(page.requests) == 1


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
    assert "GHA103" in told.out.partition("hardenme 0.1.0")[0]
    assert timer.run(report(2, HIGH, MEDIUM), {"select": ["GHB,GHA"]}, quiet=True).out == ""


def test_a_run_that_selects_less_is_told_once_although_nothing_changed(timer: Timer) -> None:
    timer.week(0, HIGH)
    narrowed = {"select": ["GHB"]}
    told = timer.run(report(1, HIGH, WELL), narrowed, quiet=True)
    assert told.code == 0
    assert "! there is no report of the same options" in told.out
    assert timer.run(report(2, HIGH, WELL), narrowed, quiet=True).out == ""


def test_what_fails_by_a_check_that_no_run_selected_before_is_told_once(timer: Timer) -> None:
    timer.run(replace(report(0, HIGH), checks={}))
    told = timer.run(report(1, HIGH, MEDIUM), quiet=True)
    assert "1 failure of theirs" in " ".join(told.out.split())
    assert timer.run(report(2, HIGH, MEDIUM), quiet=True).out == ""


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
    timer.run(report(0, HIGH, started=datetime.now(UTC) - timedelta(days=2), who="bob"))
    console = Console(io.StringIO(), io.StringIO(), {"COLUMNS": "80"})
    tell_beats(console)
    assert isinstance(console.out, io.StringIO)
    text = " ".join(console.out.getvalue().split())
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


def test_a_clock_that_was_set_back_is_told_and_nothing_is_lost(timer: Timer) -> None:
    timer.week(9)
    told = timer.week(1, HIGH, quiet=True)
    assert told.code == 1
    assert told.out.startswith("! an earlier run was made at a time that is still to come")
    told = timer.week(2, HIGH, quiet=True)
    assert (told.code, told.out) == (0, "")


def test_only_so_many_reports_are_kept(timer: Timer) -> None:
    for week in range(5):
        timer.week(week, keep=3)
    assert len(timer.reports()) == 3


def test_the_heartbeat_is_asked_for_after_a_complete_run_and_no_other(
    timer: Timer, page: LoopbackServer
) -> None:
    url = f"{page.url}{PING}?from=cron"
    assert timer.week(0, HIGH, heartbeat=url, quiet=True).code == 0
    assert timer.week(1, HIGH, heartbeat=url).code == 0
    # What is wrong with the accounts is no fault of the run.
    assert timer.week(2, HIGH, MEDIUM, deploy_key(1, "web", "ci"), heartbeat=url).code == 1
    assert [(one.method, one.path) for one in page.requests] == [("GET", PING)] * 3
    assert "authorization" not in page.requests[0].headers
    timer.run(report(3, HIGH, halted=Reason.RATE_LIMITED), heartbeat=url)
    timer.run(report(4, HIGH, partial="terminated"), heartbeat=url)
    timer.run(report(5, unknown(HIGH, Reason.REJECTED), who=""), heartbeat=url)
    for path in timer.reports():
        path.parent.rename(path.parent.with_suffix(".moved"))
        path.parent.symlink_to(path.parent.with_suffix(".moved"))
        break
    assert timer.week(6, HIGH, heartbeat=url).code == 2
    assert len(page.requests) == 3


@pytest.mark.parametrize("status", [404, 500, 302])
def test_a_heartbeat_that_does_not_arrive_is_told_without_its_address(
    timer: Timer, status: int
) -> None:
    with LoopbackServer(lambda _: Reply(body=b"OK")) as other:

        def answer(_request: Request) -> Reply:
            return Reply(status, headers={"Location": f"{other.url}/elsewhere"}, body=b"")

        with LoopbackServer(answer) as server:
            told = timer.week(0, HIGH, heartbeat=f"{server.url}{PING}")
        assert other.requests == []
    assert told.code == 6
    assert "its heartbeat did not arrive: http://127.0.0.1" in told.err
    assert "CANARY" not in told.err
    assert len(timer.reports()) == 1


def test_nobody_answers(timer: Timer, page: LoopbackServer) -> None:
    url = page.url
    page.__exit__()
    told = timer.week(0, HIGH, heartbeat=f"{url}{PING}")
    assert told.code == 6
    assert "gave no answer" in told.err
    # Too short to be known for a secret, and not named all the same.
    short = timer.week(1, HIGH, heartbeat=f"{url}/ping")
    assert "gave no answer" in short.err
    assert "/ping" not in short.err


def test_a_file_can_be_the_heartbeat(timer: Timer, tmp_path: Path) -> None:
    file = tmp_path / "beat"
    assert timer.week(0, HIGH, heartbeat=str(file)).code == 0
    assert file.read_text().startswith("20")
    os.utime(file, (0, 0))
    timer.run(report(1, HIGH, partial="interrupted"), heartbeat=str(file))
    assert file.stat().st_mtime == 0
    told = timer.week(2, HIGH, heartbeat=str(tmp_path / "no" / "folder"))
    assert told.code == 6
    assert "did not arrive" in told.err


@pytest.mark.parametrize(
    "url",
    [
        f"http://beat.example.test{PING}",
        f"https://user:CANARYpassword00@beat.example.test{PING}",
        f"file://{PING}",
        f"https://169.254.169.254{PING}",
    ],
)
def test_an_address_that_is_not_asked_is_told_before_the_run(timer: Timer, url: str) -> None:
    with pytest.raises(UsageError, match="--heartbeat takes an address or a file") as error:
        timer.week(0, HIGH, heartbeat=url)
    assert "CANARY" not in str(error.value)
    assert not timer.state.exists()


def test_the_text_of_an_issue_is_printed_alone(timer: Timer) -> None:
    timer.week(0)
    told = timer.week(1, HIGH, issue="acme/security")
    assert told.code == 1
    assert told.out.startswith("# Makes one issue in acme/security")
    assert "GHB101" in told.out
    assert "hardenme 0.1.0" not in told.out
    assert timer.week(2, HIGH, issue="acme/security", quiet=True).out == ""
    with pytest.raises(UsageError, match="--issue takes OWNER/REPO"):
        timer.week(3, HIGH, issue="acme")


def test_a_message_goes_out_where_something_changed_and_then_alone(timer: Timer) -> None:
    answers = [200]
    with LoopbackServer(lambda _: Reply(answers[-1], body=b"")) as sink:
        timer.environ["HARDENME_NOTIFY"] = f"{sink.url.replace('http', 'json')}/CANARY-hook-0001"
        assert timer.week(0, HIGH, quiet=True).code == 0
        assert timer.week(1, HIGH, quiet=True).code == 0
        assert len(sink.requests) == 1
        assert "baseline, not verified" in sink.requests[0].body.decode()
        # A sink that is down: the message waits, and nothing that was found waits with it.
        answers.append(400)
        told = timer.week(2, HIGH, MEDIUM, quiet=True)
        assert told.code == 6
        assert "GHA103" in told.out
        assert "CANARY" not in told.err
        asked = len(sink.requests)
        answers.append(200)
        assert timer.week(3, HIGH, MEDIUM, quiet=True) == Told(0, "", "")
        assert timer.week(4, HIGH, MEDIUM, quiet=True) == Told(0, "", "")
        assert len(sink.requests) == asked + 1
        assert "GHA103" in sink.requests[-1].body.decode()
        # What is wrong with the history itself is told as well.
        for path in timer.reports():
            path.unlink()
        assert timer.week(5, HIGH, MEDIUM, quiet=True).code == 3
        assert "the reports of earlier runs are gone" in sink.requests[-1].body.decode()


@pytest.mark.parametrize("text", ["0d", "7", "d", "-1d", "367d", "99999w", "1.5d", "7 d"])
def test_an_interval_is_of_its_form(timer: Timer, text: str) -> None:
    with pytest.raises(UsageError, match="--interval takes a time"):
        timer.week(0, HIGH, interval=text)


# By the command itself.

SELECTED = ("--no-local", "--select", "GHA101,GHA103", "--ignore", "GHA103")


def reporting(accounts: Accounts, *arguments: str, **environ: str) -> tuple[int, str, str]:
    tokens = accounts.tokens | environ
    ran = accounts.command("report", *SELECTED, "--no-cache", *accounts.urls, *arguments, **tokens)
    return ran.code, ran.out, ran.err


def test_by_the_command(weak: Accounts) -> None:
    code, out, err = reporting(weak)
    assert code == 0
    assert out.startswith("Baseline, not verified")
    assert "hardenme: this report is stored as " in err
    stored = Path(err.split("stored as ")[1].strip())
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600
    assert reporting(weak, "--quiet") == (0, "", "")
    ran = weak.command("render", str(stored), "--quiet")
    assert "GHA101" in ran.out
    ran = weak.command("trend", *weak.urls)
    assert ran.code == 0
    assert "me: 2 reports" in ran.out
    rows = weak.command("doctor", "--offline", *weak.urls, **weak.tokens).out
    assert "Runs for a timer" in rows
    assert "last complete run as mallow less than a minute ago" in " ".join(rows.split())


def test_of_two_at_once_the_second_leaves(weak: Accounts) -> None:
    state = weak.command.home / ".local" / "state" / "hardenme"
    names = " ".join([*(one.url for one in (weak.github, weak.npm)), "me"])
    with lock(state, names):
        code, out, err = reporting(weak)
    assert (code, out) == (75, "")
    assert "another run for the same targets is under way" in err


def test_the_heartbeat_is_said_by_ones_own_file_or_a_variable_and_by_no_folder(
    weak: Accounts, page: LoopbackServer
) -> None:
    url = f"{page.url}{PING}"
    (weak.command.folder / "hardenme.toml").write_text(f'heartbeat = "{url}"\n')
    code, _, err = reporting(weak)
    assert code == 2
    assert "heartbeat is refused" in err
    (weak.command.folder / "hardenme.toml").unlink()
    assert reporting(weak, HARDENME_HEARTBEAT=url)[0] == 0
    assert len(page.requests) == 1
