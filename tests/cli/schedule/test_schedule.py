from __future__ import annotations

import io
from pathlib import Path

import pytest

from hardenme.cli.main import run
from hardenme.cli.terminal.console import Console
from hardenme.fleet.plan import written
from tests.fleet.test_plan import plan_of

FORMS = ("--systemd", "--cron", "--launchd", "--github")
HOSTILE = (
    "github:acme;id",
    "github:acme/$(id)",
    "github:acme/`id`",
    "github:acme/we b",
    "github:acme/web\nExecStartPre=/bin/id",
    "github:acme/web\n* * * * * id",
    "npm:a%h",
    "npm:x'--",
    "npm:</string><string>",
    "npm:x --> <x>",
    "npm:${{secrets.X}}",
    "npm:@acme/x'; id #",
    "npm:x\r\n      - run: id",
    "npm:\u202ex",
    "--program=id",
)


def printed(*arguments: str) -> tuple[int, str, str]:
    """Run the command in this process: its code, what it printed, and what it said."""
    out, err = io.StringIO(), io.StringIO()
    code = run(["schedule", "print", *arguments], Console(out, err, {}))
    return code, out.getvalue(), err.getvalue()


@pytest.mark.parametrize("form", FORMS)
def test_each_form_names_the_targets_and_is_always_the_same(form: str) -> None:
    code, out, _ = printed(form, "github:acme", "npm:@acme/web")
    assert code == 0
    assert "npm:@acme/web" in out
    assert "[redacted]" not in out
    assert "nothing was installed" in out
    assert printed(form, "github:acme", "npm:@acme/web")[1] == out


@pytest.mark.parametrize("target", HOSTILE)
def test_a_target_that_is_none_is_refused_and_nothing_printed(target: str) -> None:
    for form in FORMS:
        assert printed(form, "github:acme", target)[:2] == (2, "")


def test_without_a_form_or_with_two_it_says_which_there_are() -> None:
    for forms in ((), ("--cron", "--launchd")):
        code, out, err = printed(*forms)
        assert (code, out) == (2, "")
        assert "--systemd, --cron, --launchd, --github or --kubernetes" in err


@pytest.mark.parametrize("form", ["--systemd", "--github"])
def test_this_machine_is_not_looked_at_from_elsewhere(form: str) -> None:
    code, out, err = printed(form, "local")
    assert (code, out) == (2, "")
    assert "use --cron or --launchd" in err
    assert "--no-local me" in printed(form)[1]


def test_a_fleet_is_read_by_jobs_for_its_plan(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(written(plan_of()))
    code, out, _ = printed("--kubernetes", "--plan", str(path))
    assert code == 0
    assert "completions: 3" in out
    assert plan_of().id[:8] in out
    code, out, _ = printed("--github", "--fleet")
    assert code == 0
    assert "--all-organizations" in out
    code, out, _ = printed("--github", "--fleet", "github:acme", "--daily")
    assert "\n            github:acme ||" in out
    assert "* * *" in out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--kubernetes",), "--kubernetes --plan plan.json"),
        (("--kubernetes", "--plan", "gone.json"), "gone.json cannot be read"),
        (("--kubernetes", "--plan", "gone.json", "github:acme"), "organizations of --plan"),
        (("--kubernetes", "--plan", "gone.json", "--watch"), "a fleet is read once"),
        (("--cron", "--fleet"), "--fleet goes with --github"),
        (("--github", "--plan", "gone.json"), "--plan with --kubernetes"),
        (("--github", "--fleet", "npm:@acme"), "not npm:@acme"),
        (("--github", "--fleet", "me"), "not me"),
    ],
)
def test_what_does_not_go_together_is_refused(options: tuple[str, ...], said: str) -> None:
    code, out, err = printed(*options)
    assert (code, out) == (2, "")
    assert said in " ".join(err.split())


def test_a_plan_that_fits_into_no_cluster_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "plan.json"
    path.write_text(written(plan_of()))
    monkeypatch.setattr("hardenme.cli.schedule.fleet.LARGEST", len(written(plan_of())) - 1)
    code, out, err = printed("--kubernetes", "--plan", str(path))
    assert (code, out) == (2, "")
    assert "make several plans" in " ".join(err.split())
    nothing = plan_of(owners=(), shards=())
    path.write_text(written(nothing))
    assert printed("--kubernetes", "--plan", str(path))[:2] == (2, "")


def test_daily_runs_have_no_day_of_the_week() -> None:
    cron = printed("--cron", "--daily")[1]
    assert "* * *" in cron
    assert "--interval 1d" in cron
    assert "Weekday" not in printed("--launchd", "--daily")[1]


def test_a_service_is_not_sent_into_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/home/hazel/venv/bin/python")
    _, out, err = printed("--systemd", "npm:left-pad")
    assert "ExecStart=/opt/hardenme/bin/hardenme report" in out
    assert "install hardenme for all" in err
    assert "/home/hazel/venv/bin/hardenme report" in printed("--cron", "npm:left-pad")[1]


@pytest.mark.parametrize("form", FORMS[:3])
def test_a_watch_takes_its_own_options_alone(form: str) -> None:
    out = printed(form, "--watch", "github:acme")[1]
    assert "watch" in out
    assert "report" not in out
    assert "--no-local" not in printed(form, "--watch")[1]
    assert printed(form, "--watch", "local")[:2] == (2, "")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--cron", "--watch", "--every", "7m"), "--every takes 5m"),
        (("--cron", "--watch", "--every", "2h"), "--every takes 5m"),
        (("--cron", "--watch", "--daily"), "--daily is of a report"),
        (("--github", "--watch"), "GitHub Actions starts scheduled runs late"),
    ],
)
def test_a_watch_that_no_timer_can_run_is_refused(options: tuple[str, ...], said: str) -> None:
    code, out, err = printed(*options, "github:acme")
    assert (code, out) == (2, "")
    assert said in " ".join(err.split())
