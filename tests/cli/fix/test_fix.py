from __future__ import annotations

import io
import json
import os
import re
import shlex
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hardenme.cli.fix.plan import script_of
from hardenme.cli.fix.verification import verifier
from hardenme.cli.main import root, run
from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.run_config import run_config
from hardenme.cli.stored.runs import keep, note_shown
from hardenme.cli.terminal.console import Console
from hardenme.config.table.access import GITHUB_URL, NPM_REGISTRY
from hardenme.engine.catalogue import catalogue
from hardenme.model.check import Check
from hardenme.model.report import Identity
from hardenme.model.subject import Subject
from hardenme.reports import render
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.plain import timestamp
from tests.cli.command import Command, Ran
from tests.each import each
from tests.reports.planned import failed, fix, report
from tests.reports.rich_sample import rich
from tests.reports.sample import AT, maintainer

pytestmark = [pytest.mark.second_tier("whole plans of the demo", one_of=5), pytest.mark.sampled(8)]

ALERTS = failed(
    "GHR103",
    "github:repo/acme/web",
    fix("Enable alerts", command="gh api -X PUT repos/acme/web/vulnerability-alerts"),
)
ENVIRON = {"COLUMNS": "100"}
CHECK: Any = root().commands["check"]


def called(*arguments: str, text: str | None = None) -> tuple[int, str, str]:
    """The exit code, standard output and standard error of `hardenme fix`."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        stdin = None if text is None else io.TextIOWrapper(io.BytesIO(text.encode()))
        patch.setattr("sys.stdin", stdin)
        code = run(["fix", *arguments], Console(out, err, ENVIRON))
    return code, out.getvalue(), err.getvalue()


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    file = tmp_path / "report.json"
    file.write_text(render(maintainer(), "json"))
    return file


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Console:
    """A home in which no run is kept, and what keeps one there."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in [name for name in os.environ if name.startswith("XDG_")]:
        monkeypatch.delenv(name)
    return Console(io.StringIO(), io.StringIO(), ENVIRON)


def test_a_stored_report_becomes_a_plan(stored: Path) -> None:
    code, out, err = called(str(stored))
    assert (code, err) == (0, "")
    assert "hardenme fix plan" in out
    assert "steps close" in out


def test_a_report_may_come_by_a_pipe() -> None:
    text = render(maintainer(), "json")
    assert "hardenme fix plan" in called("-", text=text)[1]


def test_the_demo_s_plan_is_whole(command: Command, demonstrate: Callable[[Command], Ran]) -> None:
    demonstrate(command)
    made = command("show", "--demo", "-f", "json")
    ran = command("fix", "-", text=made.out)
    assert ran.code == 0
    assert "Who can do what" in ran.out
    document = json.loads(called("-", "-f", "json", text=made.out)[1])
    before = json.loads(made.out)
    closed = {
        (one["code"], one["subject"])
        for step in document["steps"]
        for action in step["actions"]
        for one in action["closes"]
    }
    failures = [one for one in before["findings"] if one["outcome"] == "failed"]
    assert closed == {(one["code"], one["subject"]) for one in failures}
    assert len(document["steps"]) < len(failures) / 2
    for step in document["steps"]:
        # The demo's addresses are gone when it has ended.
        assert not any("127.0.0.1" in text for text in step["verify"])
        codes = {one["code"] for action in step["actions"] for one in action["closes"]}
        assert len(step["verify"]) == 1
        checked = {one.code for one in run_config(parsed(step["verify"][0])).selection.checks}
        assert checked == codes | ({"PUB101"} if step["paths"] else set())


def test_a_report_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    for text in ("", "{}", "["):
        code, out, err = called("-", text=text)
        assert (code, out) == (2, "")
        assert "standard input is not a report to read: it " in err
    for name in ("absent.json", str(tmp_path)):
        code, _, err = called(name)
        assert code == 2
        assert f"{name} cannot be read" in err


def test_the_last_run_s_steps_need_no_file(
    command: Command, demonstrate: Callable[[Command], Ran]
) -> None:
    assert "Run `hardenme demo` first" in command("fix", "--demo").err
    numbered = demonstrate(command).out
    ran = command("fix", "--demo")
    assert ran.code == 0
    assert ran.told[0].startswith("hardenme: Demo run of ")
    for line in numbered.splitlines():
        if found := re.match(r" ?(\d+)  ([a-z2-7]{6} \S+)", line):
            assert f" {found[1]}  {found[2]}" in ran.out
    one = command("fix", "7", "--demo")
    (found,) = re.findall(r"^ +7  ([a-z2-7]{6}) \S", one.out, re.MULTILINE)
    assert command("fix", found, "--demo").out == one.out
    assert json.loads(command("fix", found, "--demo", "-f", "json").out)["steps"][0]["id"] == found
    for wrong, told in (
        (("99",), "has no step 99"),
        (("zzzzzz",), "has no step zzzzzz"),
        (("1", "2"), "Name one step"),
    ):
        ran = command("fix", *wrong, "--demo")
        assert (ran.code, ran.out) == (2, "")
        assert told in ran.err


def test_a_number_of_an_older_run_is_refused(
    command: Command, demonstrate: Callable[[Command], Ran]
) -> None:
    demonstrate(command)
    command("demo", "-f", "json")
    ran = command("fix", "1", "--demo")
    assert (ran.code, ran.out) == (2, "")
    (by_id,) = re.findall(r"Run `hardenme (fix [a-z2-7]{6} --demo)` for this step", ran.err)
    assert command(*by_id.split()).code == 0
    assert command("show", "--demo").code == 0
    assert command("fix", "1", "--demo").code == 0


def test_a_form_that_is_none_is_refused(stored: Path) -> None:
    code, _, err = called(str(stored), "-f", "xml")
    assert code == 2
    assert "--format takes one of: table, markdown, json, sh; not 'xml'" in err


def test_a_plan_goes_to_a_private_file(stored: Path, tmp_path: Path) -> None:
    file = tmp_path / "fix.sh"
    code, out, err = called(str(stored), "-f", "sh", "-o", str(file))
    assert (code, out) == (0, "")
    assert f"the plan is in {file}" in err
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text().startswith("#!/bin/sh\n")
    assert called(str(stored), "-f", "sh", "-o", "-")[1] == file.read_text()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    code, out, err = called(str(stored), "-o", str(pipe))
    assert (code, out) == (2, "")
    assert "not a regular file" in err


def test_one_right_is_picked(stored: Path) -> None:
    out = called(str(stored), "--needs", "NPM")[1]
    assert "Needs  the npm account, with its second factor" in out
    assert "Add a branch ruleset" not in out
    assert "for others left out" in out


def test_a_report_without_failures_is_no_fault() -> None:
    code, out, _ = called("-", text=render(report(), "json"))
    assert code == 0
    assert "Nothing to fix" in out


def test_the_script_of_a_report_is_what_the_command_prints() -> None:
    made = report(ALERTS)
    out = called("-", "-f", "sh", text=render(made, "json"))[1]
    assert out == script_of(made)


def parsed(text: str) -> OptionValues:
    """What the real command line makes of a printed command."""
    program, name, *words = shlex.split(text)
    assert (program, name) == ("hardenme", "check")
    return OptionValues(CHECK.make_context("check", words, obj=Console.here()).params)


@each(catalogue(), lambda check: check.code)
def test_what_verifies_a_step_takes_its_check_in(check: Check) -> None:
    place = (Subject("github", "repo", "acme/web"),) * 2
    (text,) = verifier(report())([check.code], [place])
    config = run_config(parsed(text))
    assert [one.code for one in config.selection.checks] == [check.code]
    assert config.profile == "solo"


@pytest.mark.parametrize(
    ("subject", "within", "target"),
    [
        ("github:repo/acme/web", "github:repo/acme/web", "github:acme/web"),
        ("github:deploy-key/acme/web/7", "github:repo/acme/web", "github:acme/web"),
        ("github:org/acme", "github:org/acme", "github:acme"),
        ("github:member/acme/x", "github:org/acme", "github:acme"),
        ("github:ssh-key/7", "github:user/mallow", "me"),
        ("github:token/classic", "github:token/classic", "me"),
        ("npm:token/3f9c", "npm:user/mallow", "me"),
        ("npm:package/@acme/web", "npm:package/@acme/web", "npm:@acme/web"),
        ("npm:trusted-publisher/web/1", "npm:package/web", "npm:web"),
        ("npm:org/acme", "npm:user/mallow", "npm:@acme"),
        ("npm:member/acme/x", "npm:org/acme", "npm:@acme"),
        ("local:npmrc/~/.npmrc", "local:npmrc/~/.npmrc", "local"),
    ],
)
def test_a_subject_is_checked_again_by_its_target(subject: str, within: str, target: str) -> None:
    place = Subject.parse(subject), Subject.parse(within)
    (text,) = verifier(report())(["GHR103"], [place])
    assert shlex.split(text)[-1] == target
    assert [one.text for one in run_config(parsed(text)).targets] == [target]


def test_many_repositories_are_checked_again_by_their_owner() -> None:
    places = [(Subject("github", "repo", f"acme/r{n}"),) * 2 for n in range(9)]
    (text,) = verifier(report())(["GHR103"], places)
    assert shlex.split(text)[-1] == "github:acme"
    packages = [(Subject("npm", "package", f"p{n}"),) * 2 for n in range(45)]
    texts = verifier(report())(["NPP101"], packages)
    assert len(texts) == 3
    assert len({one for text in texts for one in shlex.split(text)[-5:]}) > 10


def test_a_name_that_is_no_target_has_no_command() -> None:
    place = (Subject("npm", "package", "$(touch harm)"),) * 2
    assert verifier(report())(["NPP101"], [place]) == ()


def test_hosts_of_one_s_own_are_named() -> None:
    hosts = (
        Identity("github", "https://ghe.example.test", "a", "classic", "gh"),
        Identity("npm", "https://npm.example.test", "a", "", "~/.npmrc"),
    )
    made = report(ALERTS, identities=hosts)
    (step,) = plan_of(made, verifier(made)).steps
    given = parsed(step.verify[0])
    assert given[GITHUB_URL] == "https://ghe.example.test"
    assert given[NPM_REGISTRY] == "https://npm.example.test"
    usual = report(ALERTS, identities=(Identity("github", "https://api.github.com", "a", "", ""),))
    assert "--github-url" not in verifier(usual)(["GHR103"], [(ALERTS.subject, ALERTS.within)])[0]


def test_what_a_check_needs_to_run_at_all_is_asked_for() -> None:
    me = [(Subject("github", "user", "a"),) * 2]
    verify = verifier(report())
    assert "--network-lookups" in verify(["GHA109"], me)[0]
    publisher = [(Subject("npm", "package", "web"),) * 2]
    assert "--interactive" in verify(["NPP102"], publisher)[0]
    assert "--interactive" not in verify(["NPP111"], publisher)[0]


def test_a_step_is_found_by_its_id_after_runs_of_less(
    own_home: Console,
) -> None:
    hook = failed("GHR110", "github:repo/acme/web", fix("Delete the webhook", "https://x.test/h"))
    whole = report(ALERTS, hook, targets=("github:acme",))
    names = {step.codes: step.id for step in plan_of(whole).steps}
    alerts, webhook = names["GHR103",], names["GHR110",]
    less = report(hook, targets=("github:acme/web",))
    for one in (whole, less, less):
        keep(own_home, one)
    code, out, err = called(alerts)
    assert (code, alerts in out) == (0, True)
    assert f"The last run has no step {alerts}. This is the last one that has." in err
    assert "no step" not in called(webhook)[2]
    assert "has no step zzzzzz" in called("zzzzzz")[2]
    # What the same targets no longer show is closed, and no older run says otherwise.
    keep(own_home, replace(whole, findings=(hook,)))
    code, out, err = called(alerts)
    assert (code, out) == (2, "")
    assert f"Step {alerts} is closed: the run of " in err


def test_a_number_names_the_run_and_the_step_that_it_was_seen_with(own_home: Console) -> None:
    hook = failed("GHR110", "github:repo/acme/web", fix("Delete the webhook", "https://x.test/h"))
    first = replace(report(ALERTS, hook), started=AT - timedelta(hours=3))
    seen = keep(own_home, first)
    assert seen is not None
    note_shown(seen)
    # The newer run numbers another step so.
    assert called("2")[0] == 0
    keep(own_home, replace(report(hook), started=AT))
    for step in plan_of(first).steps:
        code, out, err = called(f"0{step.number}")
        assert (code, out) == (2, "")
        told = f"step {step.number} in the run of {timestamp(first.started)}: {step.id} "
        assert f"{told}{step.title}. Run `hardenme fix {step.id}`" in err
    assert f"the run of {timestamp(first.started)} last, which has no step 9." in called("9")[2]
    assert called("2", "--again")[2] == called("2")[2]
    # It never becomes a number of the newer run by being gone.
    seen.path.unlink()
    code, out, err = called("1")
    assert (code, out) == (2, "")
    assert f"You saw step 1 in the run of {timestamp(seen.at)}, which is not kept any more." in err
    assert called()[0] == 0
    assert called("1")[0] == 0


@pytest.mark.parametrize("form", ["table", "markdown", "json", "sh"])
def test_each_step_has_each_form_by_itself(tmp_path: Path, form: str) -> None:
    made = rich()
    file = tmp_path / "report.json"
    file.write_text(render(made, "json"))
    steps = plan_of(made).steps
    assert any(step.waits for step in steps)
    for step in steps:
        code, out, err = called(step.id, str(file), "-f", form)
        assert (code, err) == (0, "")
        assert step.id in out
        assert "hardenme attest" not in out.partition("Everything")[0] or form == "table"
