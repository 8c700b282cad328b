"""`hardenme report`: what changed is told once, nothing is lost, and silence is never a fault."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from hardenme.cli.output.delivery import Delivery
from hardenme.cli.output.place import place_of
from hardenme.ground.errors import OutputError, UsageError
from hardenme.ground.lock import lock
from hardenme.model.finding import Finding
from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.model.unknown import Reason
from hardenme.model.verdict import Passed
from hardenme.sandbox.http import LoopbackServer, Reply, Request
from tests.cli.conftest import Accounts
from tests.cli.timed_runs import HIGH, MEDIUM, WELL, Timer, Told, passed, unknown
from tests.reports.sample import unprotected
from tests.store.stored import report

pytestmark = [pytest.mark.second_tier("a run after another"), pytest.mark.sampled(6)]


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
    timer.environ["COLUMNS"] = "400"
    told = timer.week(1, MEDIUM, HIGH, quiet=True)
    assert told.code == 1
    page = "https://github.example.test/mallow/web/settings/rules"
    assert told.out.splitlines() == [
        "- high, new: Default branch is not protected (GHB101): github:repo/mallow/web",
        f"  Fix: {page} - administration of the repository",
        f"Standing: 1 high, 1 medium; 0 unknown; hardenme show {timer.reports()[1]}",
    ]
    # Once told, it stands.
    assert timer.week(2, MEDIUM, HIGH, quiet=True) == timer.week(3, MEDIUM, HIGH, quiet=True)
    assert timer.week(4, MEDIUM, HIGH).code == 0


def test_what_is_new_below_the_severity_that_counts_is_told_and_changes_no_code(
    timer: Timer,
) -> None:
    timer.week(0, HIGH)
    told = timer.week(1, HIGH, MEDIUM, quiet=True)
    assert told.code == 0
    assert "GHA103" in told.out.partition("hardenme checklist")[0]


def test_what_is_fixed_is_told_and_is_no_alarm(timer: Timer) -> None:
    timer.week(0, HIGH)
    told = timer.week(1, passed(HIGH), quiet=True)
    assert told.code == 0
    assert "fixed" in told.out.lower()


def test_what_was_known_and_cannot_be_read_gives_3_once_and_is_remembered(timer: Timer) -> None:
    timer.week(0, HIGH, passed(MEDIUM))
    told = timer.week(1, unknown(HIGH), passed(MEDIUM), quiet=True)
    assert told.code == 3
    assert "no longer visible, up to high: 1 result" in told.out
    assert "To see it: the right to read it" in told.out
    assert "fixed" not in told.out.lower()
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
    told = timer.week(1, HIGH, format="json")
    document = json.loads(told.out)
    assert [one["code"] for one in document["changes"]] == ["GHB101"]


def test_in_markdown_no_note_becomes_markup(timer: Timer) -> None:
    timer.week(0, HIGH)
    timer.reports()[0].unlink()
    told = timer.week(1, HIGH, format="markdown")
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
    assert told.out.startswith("! no credential was accepted: `hardenme auth status` shows")
    assert "`hardenme permissions --for " in " ".join(told.out.split())
    assert "Baseline" not in told.out
    assert not timer.state.exists()
    timer.week(1, HIGH)
    told = timer.run(report(2, unknown(HIGH, Reason.REJECTED), who=""), quiet=True)
    assert told.code == 3
    # A monitor that sees nothing does not look like peace, however often it is run.
    assert timer.run(report(3, unknown(HIGH, Reason.REJECTED), who=""), quiet=True).code == 4


def test_what_fails_by_a_check_that_no_run_selected_before_is_told_once(timer: Timer) -> None:
    timer.run(replace(report(0, HIGH), checks={}))
    told = timer.run(report(1, HIGH, MEDIUM), quiet=True)
    assert "1 failure of theirs" in " ".join(told.out.split())
    assert timer.run(report(2, HIGH, MEDIUM), quiet=True).out == ""


def test_the_text_of_an_issue_is_printed_alone(timer: Timer) -> None:
    timer.week(0)
    told = timer.week(1, HIGH, issue="acme/security")
    assert told.code == 1
    assert told.out.startswith("# Creates one issue in acme/security")
    assert "GHB101" in told.out
    assert "hardenme checklist" not in told.out
    assert timer.week(2, HIGH, issue="acme/security", quiet=True).out == ""
    with pytest.raises(UsageError, match="--issue takes OWNER/REPO"):
        timer.week(3, HIGH, issue="acme")


@pytest.mark.second_tier("several whole runs")
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


def many(count: int, outcome: Passed | None = None) -> list[Finding]:
    """So many findings, none of which says the same as another."""
    severities = list(Severity)
    found = (unprotected(f"repository-{number}") for number in range(count))
    return [
        replace(
            one,
            outcome=outcome or one.outcome,
            code=f"GHX{100 + number}",
            severity=severities[number % len(severities)],
        )
        for number, one in enumerate(found)
    ]


def wide(week: int, outcome: Passed | None = None) -> Report:
    """A report of 300 checks, each of which found something, or this."""
    made = report(week, *many(300, outcome), WELL)
    (text, *_) = made.checks.values()
    codes = {one.code: replace(text, code=one.code) for one in made.findings}
    return replace(made, checks={**made.checks, **codes})


GOOD = Passed("all is well", {"a": 1})


def test_of_300_changes_the_worst_are_told_and_the_rest_is_counted(timer: Timer) -> None:
    with LoopbackServer(lambda _: Reply(200, body=b"")) as sink:
        timer.environ["HARDENME_NOTIFY"] = f"{sink.url.replace('http', 'json')}/hook"
        timer.environ["COLUMNS"] = "400"
        timer.run(wide(0, GOOD))
        told = timer.run(wide(1), quiet=True)
        sent = json.loads(sink.requests[-1].body)
    assert told.code == 1
    lines = told.out.splitlines()
    assert len(lines) == 2 * 24 + 2
    assert all(line.startswith("- critical, new: ") for line in lines[:-2:2])
    left, standing = lines[-2:]
    files = " ".join(map(str, timer.reports()))
    assert left == f"- 276 more changes: hardenme diff {files}"
    counted = ", ".join(f"60 {one}" for one in reversed(Severity))
    assert standing == f"Standing: {counted}; 0 unknown; hardenme show {timer.reports()[1]}"
    assert sent["title"] == (
        "hardenme: critical: Default branch is not protected, and 299 more (github:acme)"
    )
    assert left in sent["message"].splitlines()
    assert standing in sent["message"].splitlines()


@pytest.mark.second_tier("several whole runs")
def test_a_sink_that_refuses_the_title_loses_nothing_and_it_is_said(timer: Timer) -> None:
    def answer(request: Request) -> Reply:
        refused = json.loads(request.body)["title"] != "hardenme"
        return Reply(422 if refused else 200, body=b"")

    with LoopbackServer(answer) as sink:
        timer.environ["HARDENME_NOTIFY"] = f"{sink.url.replace('http', 'json')}/hook"
        told = timer.week(0, HIGH, quiet=True)
        taken = json.loads(sink.requests[-1].body)
        asked = len(sink.requests)
        assert told.code == 0
        assert "target 1 (JSON) refused the title" in told.err
        assert taken["message"].startswith("hardenme: baseline, not verified")
        # It does not wait to be sent again.
        assert timer.week(1, HIGH, quiet=True) == Told(0, "", "")
        assert len(sink.requests) == asked


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_markdown_file_keeps_all_around_the_marks(timer: Timer, tmp_path: Path, end: str) -> None:
    file = tmp_path / "status.md"
    above = f"# Ours{end}" + f"Text \u00e4 {'x' * 90}{end}" * 360
    below = f"{end}## Below{end}" + f"{'y' * 99}{end}" * 360 + "no line break at the end"
    begin = f"<!-- hardenme:begin (ours) -->{end}"
    file.write_bytes(f"{above}{begin}old{end}<!-- hardenme:end -->{end}{below}".encode())
    assert file.stat().st_size > 70_000
    timer.run(wide(0, GOOD))
    for week in (1, 2):
        told = timer.run(wide(week), format="markdown", output=str(file))
        assert told.code == (1 if week == 1 else 0)
        text = file.read_bytes().decode()
        assert text.startswith(f"{above}<!-- hardenme:begin")
        assert text.endswith(f"<!-- hardenme:end -->\n{below}")
        assert "old" not in text.removeprefix(above).removesuffix(below)
        assert text.count("hardenme:begin") == text.count("hardenme:end") == 1
        assert "Changes from" in text
    # Where the marks are not clear nothing is touched.
    broken = f"{above}{begin}{below}".encode()
    file.write_bytes(broken)
    with pytest.raises(OutputError, match="is left as it is"):
        place_of(Delivery("markdown", file))
    assert file.read_bytes() == broken


def test_by_the_command(weak: Accounts) -> None:
    ran = weak.report()
    assert ran.code == 0
    assert ran.out.startswith("Baseline, not verified")
    assert "hardenme: this report is stored as " in ran.err
    stored = Path(ran.err.split("stored as ")[1].strip())
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600
    ran = weak.report("--quiet")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    full = weak.report("--full")
    assert "GHA101" in full.out
    assert "GHA101" not in weak.report().out, "the screen has no codes"
    ran = weak.command("show", str(stored), "--quiet")
    assert "GHA101" in ran.out
    # Whatever is told names the file that has it all.
    ran = weak.report("--quiet", "--digest", COLUMNS="400")
    standing = next(line for line in ran.out.splitlines() if line.startswith("Standing: "))
    name, words, path = standing.rpartition("; ")[2].split()
    shown = weak.command(words, path.replace("~", str(weak.command.home)), "--full")
    assert name == "hardenme"
    assert "GHA101" in shown.out
    ran = weak.command("trend", *weak.urls)
    assert ran.code == 0
    assert "me: 5 reports" in ran.out
    rows = weak.command("doctor", "--offline", *weak.urls, **weak.tokens).out
    assert "Runs for a timer" in rows
    assert "last complete run as mallow less than a minute ago" in " ".join(rows.split())


def test_of_two_at_once_the_second_leaves(weak: Accounts) -> None:
    state = weak.command.home / ".local" / "state" / "hardenme"
    names = " ".join([*(one.url for one in (weak.github, weak.npm)), "me"])
    with lock(state, names):
        ran = weak.report()
    assert (ran.code, ran.out) == (75, "")
    assert "another run for the same targets is under way" in ran.err
