"""Settings of files and variables in runs: who goes before whom, what is followed, what is told."""

from __future__ import annotations

import json
import subprocess
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hardenme.cli.main import root
from hardenme.cli.terminal.console import Console
from hardenme.config.settings import BY_VARIABLE, SETTINGS
from hardenme.config.trust import Trust
from tests.cli.command import SCRIPT, Command, Ran
from tests.cli.conftest import Accounts
from tests.printed import printed

UNTIL = (datetime.now(UTC) + timedelta(days=30)).date()


def own(command: Command, text: str) -> Path:
    return write(command.home / ".config" / "hardenme" / "config.toml", text)


def project(command: Command, text: str, name: str = "hardenme.toml") -> Path:
    (command.folder / ".git").mkdir(exist_ok=True)
    return write(command.folder / name, text)


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o644)
    return path


def shown(command: Command, *arguments: str, **environ: str) -> dict[str, tuple[Any, str, str]]:
    """The settings in force: value, kind of origin, place."""
    ran = command("config", "--format", "json", *arguments, **environ)
    assert ran.code == 0, ran.err
    rows = printed("config", ran.out)["settings"]
    return {
        row["name"]: (row["value"], row["origin"]["kind"], row["origin"]["place"]) for row in rows
    }


def checked(accounts: Accounts, *arguments: str, **environ: str) -> tuple[Ran, dict[str, Any]]:
    ran = accounts.check("--format", "json", *arguments, **environ)
    return ran, json.loads(ran.out)


def test_a_variable_goes_before_the_users_file_and_that_before_the_folders(
    command: Command,
) -> None:
    project(command, 'fail-on = "info"\nsince = 90\nselect = ["GHA"]\n')
    assert shown(command)["fail-on"] == ("info", "folder", "hardenme.toml:1")
    own(command, 'workers = 2\nfail-on = "critical"\nsince = 7\nselect = ["NPA"]\n')
    found = shown(command)
    assert found["fail-on"] == ("critical", "own", "~/.config/hardenme/config.toml:2")
    assert (found["since"][0], found["select"][0]) == (7, ["NPA"])
    found = shown(command, HARDENME_FAIL_ON="low", HARDENME_SELECT="REL,GHB GHR")
    assert found["fail-on"] == ("low", "variable", "HARDENME_FAIL_ON")
    assert found["select"] == (["REL,GHB", "GHR"], "variable", "HARDENME_SELECT")
    assert found["workers"][:2] == (2, "own")
    assert found["depth"] == ("standard", "default", "")
    found = shown(command, "--no-config", HARDENME_FAIL_ON="")
    assert found["fail-on"] == ("high", "default", "")


def test_an_option_goes_before_all(weak: Accounts) -> None:
    own(weak.command, 'fail-on = "info"\nselect = ["GHA103"]\n')
    arguments = ("--select", "GHA104", "--fail-on", "critical")
    ran, report = checked(weak, *arguments, HARDENME_SELECT="GHA105", HARDENME_FAIL_ON="low")
    assert report["fail_on"] == "critical"
    assert report["checks"].keys() == {"GHA104"}
    assert ran.code == 0
    assert report["coverage"]["not_selected"] == {}


@pytest.mark.parametrize("name", sorted(BY_VARIABLE))
def test_every_variable_that_is_told_sets_its_setting(command: Command, name: str) -> None:
    setting = BY_VARIABLE[name]
    value = {
        "since": "9",
        "max-wait": "9",
        "workers": "9",
        "keep": "9",
        "archived": "true",
        "local": "false",
        "cache": "0",
        "keep-run": "no",
        "quiet": "yes",
        "profile": "team",
        "fail-on": "low",
        "depth": "fast",
        "format": "json",
        "rate-budget": "off",
    }.get(setting.name, "GHA")
    found = shown(command, **{name: value})[setting.name]
    assert found[1:] == ("variable", name)
    assert found[0] in (value, [value], 9, True, False)


def test_a_variable_that_means_nothing_is_told_with_what_was_meant(command: Command) -> None:
    strange = {"HARDENME_FAILON": "low", "HARDENME_GITHUB_URL": "https://evil.example"}
    ran = command("config", **strange)
    assert ran.code == 0
    assert "HARDENME_FAILON is not used; did you mean HARDENME_FAIL_ON?" in ran.err
    assert "HARDENME_GITHUB_URL is not used: hardenme has no such variable" in ran.err
    assert "evil" not in ran.out + ran.err
    assert ran.err.count("HARDENME_FAILON") == 1


def test_a_wrong_variable_is_named(command: Command) -> None:
    ran = command("check", HARDENME_SINCE="soon")
    assert ran.code == 2
    assert "HARDENME_SINCE" in ran.err
    ran = command("check", HARDENME_FORMAT="pdf")
    assert ran.code == 2
    assert "(set by HARDENME_FORMAT)" in ran.err


def test_what_is_wrong_is_told_at_once_and_nobody_is_asked(weak: Accounts) -> None:
    own(weak.command, 'fial-on = "low"\nignore = ["GHX"]\n[severities]\nGHA199 = "low"\n')
    project(weak.command, "since = 0\n")
    ran = weak.check()
    assert ran.code == 2
    assert ran.out == ""
    assert not weak.asked
    lines = [line.removeprefix("hardenme: ") for line in ran.err.splitlines()]
    assert lines == [
        "~/.config/hardenme/config.toml:1: fial-on is not a setting; did you mean fail-on?",
        "hardenme.toml:1: since takes a whole number from 1 to 3650",
        (
            "~/.config/hardenme/config.toml:2: ignore: no check is called 'GHX'; `hardenme list`"
            " shows all"
        ),
        (
            "~/.config/hardenme/config.toml:3: severities: no check is called 'GHA199'; did you"
            " mean GHA109?"
        ),
        "nothing was asked; --no-config leaves all files out, `hardenme config` shows what counts",
    ]
    assert weak.check("--no-config", "--select", "GHA104").code in {0, 1}


def test_what_a_folder_selects_is_told_and_counted(weak: Accounts) -> None:
    project(weak.command, 'select = ["GHA101"]\n')
    ran, report = checked(weak)
    assert report["checks"].keys() == {"GHA101"}
    words = "hardenme.toml of the working directory"
    assert f"{words} sets select: GHA101" in report["warnings"]
    assert report["coverage"]["not_selected"][f"not selected by {words}"] > 150
    quiet = weak.check("--quiet")
    assert f"{words} sets select: GHA101" in quiet.err
    table = weak.check()
    assert f"{words} sets select: GHA101" in " ".join(table.out.split())
    assert ran.code == quiet.code == table.code


def test_what_a_variable_selects_is_counted(weak: Accounts) -> None:
    _, report = checked(weak, HARDENME_SELECT="GHA101", HARDENME_IGNORE="NPA")
    told = report["coverage"]["not_selected"]
    assert told["not selected by HARDENME_SELECT and HARDENME_IGNORE"] > 150


def test_a_folder_weakens_nothing_and_what_it_asks_for_is_told(weak: Accounts) -> None:
    arguments = ("--select", "GHA101,GHA103,GHA104")
    ran, before = checked(weak, *arguments)
    assert ran.code == 1
    project(
        weak.command,
        'fail-on = "critical"\nsince = 1\nprofile = "solo"\n[severities]\nGHA103 = "info"\n'
        "[thresholds]\nkey-unused-days = 3650\nrsa-bits = 2048\n",
    )
    ran, report = checked(weak, *arguments)
    assert ran.code == 1
    keys = ("code", "subject", "outcome", "severity", "message")
    assert [[item.get(key) for key in keys] for item in report["findings"]] == [
        [item.get(key) for key in keys] for item in before["findings"]
    ]
    told = " / ".join(report["warnings"])
    for name in ("fail-on critical", "since 1", "GHA103 info", "key-unused-days 3650"):
        assert name in told
    assert told.count("not followed") >= 4


def test_the_users_file_changes_severities_and_thresholds(weak: Accounts) -> None:
    own(
        weak.command,
        '[severities]\nGHA103 = "critical"\n[thresholds]\nkey-unused-days = 3650\n'
        "key-new-days = 3650\nrsa-bits = 2048\n",
    )
    arguments = ("--select", "GHA103,GHA104")
    _, changed = checked(weak, *arguments)
    _, usual = checked(weak, *arguments, "--no-config")
    assert usual["checks"]["GHA103"]["severity"] == "medium"
    assert changed["checks"]["GHA103"]["severity"] == "critical"
    found = [item for item in changed["findings"] if item["code"] == "GHA103"]
    assert {item.get("severity", "critical") for item in found} == {"critical"}
    failed = [
        sum(item["outcome"] == "failed" and item["code"] == "GHA103" for item in one["findings"])
        for one in (usual, changed)
    ]
    assert failed[1] < failed[0]
    assert (
        "~/.config/hardenme/config.toml sets severities: GHA103 critical (usually medium)"
        in changed["warnings"]
    )


def test_an_owner_has_thresholds_of_its_own(weak: Accounts) -> None:
    arguments = ("--select", "GHA103")
    _, usual = checked(weak, *arguments)
    failing = {item["subject"] for item in usual["findings"] if item["outcome"] == "failed"}
    login = next(item["login"] for item in usual["identities"] if item["provider"] == "github")
    loose = "key-unused-days = 3650\nkey-new-days = 3650\n"
    for pattern, counts in ((login.upper(), True), (f"{login[:2]}*", True), ("other-*", False)):
        own(weak.command, f'[owner-thresholds."{pattern}"]\n{loose}')
        _, found = checked(weak, *arguments)
        left = {item["subject"] for item in found["findings"] if item["outcome"] == "failed"}
        assert (left < failing) is counts
        assert any(
            f"config.toml sets thresholds of owners: {pattern}: key-new-days 3650" in warning
            for warning in found["warnings"]
        )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "[owner-thresholds.acme]\napproval = 2\n",
            "owner-thresholds for acme names something that is not a threshold; did you mean appr",
        ),
        (
            '[owner-thresholds."acme-*"]\napprovals = 9\n',
            "owner-thresholds for acme-* takes for approvals a whole number from 0 to 6",
        ),
        ('[owner-thresholds."acme/web"]\napprovals = 2\n', "not an owner or a pattern, like acme"),
        ("[owner-thresholds]\napprovals = 2\n", "for approvals takes a table of whole numbers"),
    ],
)
def test_what_is_wrong_in_thresholds_of_an_owner_stops_a_run(
    command: Command, text: str, told: str
) -> None:
    own(command, text)
    ran = command("check", "local")
    assert ran.code == 2
    assert told in " ".join(ran.err.split())


def test_no_folder_sets_thresholds_of_an_owner(command: Command) -> None:
    project(command, '[owner-thresholds."*"]\napprovals = 0\n')
    ran = command("check", "local")
    assert ran.code == 2
    assert "owner-thresholds is refused" in ran.err


def test_thresholds_of_owners_are_shown(command: Command) -> None:
    own(
        command,
        '[owner-thresholds."acme-*"]\napprovals = 2\n\n'
        '[owner-thresholds."@acme"]\nrsa-bits = 4096\n',
    )
    ran = command("config", "--show-origin")
    expected = {"acme-*": {"approvals": 2}, "@acme": {"rsa-bits": 4096}}
    assert tomllib.loads(ran.out)["owner-thresholds"] == expected
    assert "# ~/.config/hardenme/config.toml:5" in ran.out
    found = json.loads(command("config", "-f", "json").out)["owner_thresholds"]
    assert {
        one["owner"]: {part["name"]: part["value"] for part in one["thresholds"]} for one in found
    } == expected


def test_a_folder_raises_and_tightens(weak: Accounts) -> None:
    project(weak.command, '[severities]\nGHA104 = "critical"\n[thresholds]\nrsa-bits = 16384\n')
    _, report = checked(weak, "--select", "GHA104")
    assert report["checks"]["GHA104"]["severity"] == "critical"
    assert "rsa-bits 16384 (usually 3072)" in " ".join(report["warnings"])


def test_waivers_of_a_folder_count_where_the_user_trusts_it(weak: Accounts) -> None:
    _, before = checked(weak, "--select", "GHA101,GHA103")
    failed = [item for item in before["findings"] if item["outcome"] == "failed"]
    one = failed[0]
    project(
        weak.command,
        f'[[waivers]]\ncheck = "{one["code"]}"\nsubject = "{one["subject"]}"\n'
        f'reason = "known"\nby = "mallow"\nuntil = {UNTIL}\n',
    )
    _, proposed = checked(weak, "--select", "GHA101,GHA103")
    assert proposed["counts"]["waived"] == 0
    assert len(proposed["waivers"]["proposed"]) == 1
    own(weak.command, f'trusted-folders = ["{weak.command.folder}"]\n')
    _, trusted = checked(weak, "--select", "GHA101,GHA103")
    assert trusted["counts"]["waived"] == 1
    assert trusted["waivers"]["proposed"] == []


def test_a_file_that_is_named_takes_the_place_of_ones_own(command: Command) -> None:
    own(command, "workers = 2\n")
    write(command.folder / "ci.toml", 'format = "json"\nignore = ["LOC"]\n')
    found = shown(command, "--config", "ci.toml")
    assert found["workers"][1] == "default"
    assert found["ignore"][:2] == (["LOC"], "own")
    assert command("check", "--config", "ci.toml", "--no-config").code == 2
    missing = command("check", "--config", "none.toml")
    assert missing.code == 2
    assert "there is no" in missing.err


def test_nothing_above_the_root_of_the_repository_counts(command: Command) -> None:
    write(command.folder / "hardenme.toml", 'select = ["GHA"]\n')
    inner = command.folder / "project" / "a"
    (command.folder / "project" / ".git").mkdir(parents=True)
    inner.mkdir()
    command.folder = inner
    assert shown(command)["select"][1] == "default"
    write(inner.parent / "pyproject.toml", '[tool.hardenme]\nselect = ["NPA"]\n')
    assert shown(command)["select"] == (["NPA"], "folder", "../pyproject.toml:2")


def test_what_is_shown_is_a_file_that_says_the_same(command: Command) -> None:
    own(command, 'ignore = ["LOC"]\nca-file = "~/ca.pem"\n[thresholds]\nrsa-bits = 4096\n')
    ran = command("config", "--show-origin")
    assert ran.code == 0
    assert "# ~/.config/hardenme/config.toml:1" in ran.out
    found = tomllib.loads(ran.out)
    assert found["ignore"] == ["LOC"]
    assert found["ca-file"] == str(command.home / "ca.pem")
    assert found["thresholds"] == {"rsa-bits": 4096}
    write(command.folder / "again.toml", command("config").out)
    again = tomllib.loads(command("config", "--config", "again.toml").out)
    assert again == found


def test_every_setting_of_a_file_is_shown(command: Command) -> None:
    text = command("config").out
    names = {name for name, item in SETTINGS.items() if item.least <= Trust.USER}
    shown_names = {line.removeprefix("# ").split(" ")[0] for line in text.splitlines()}
    tables = {"severities", "thresholds", "owner-thresholds", "waivers", "trusted-folders"}
    assert names - tables <= shown_names


def test_config_shows_what_stops_a_run(command: Command) -> None:
    project(command, 'github-url = "https://evil.example"\nselect = ["GHA"]\n')
    ran = command("config")
    assert ran.code == 2
    assert "hardenme.toml:1: github-url is refused" in ran.err
    assert "evil" not in ran.out + ran.err
    assert 'select = ["GHA"]' in ran.out


def test_config_shows_no_token(command: Command) -> None:
    token = "ghp_CANARY000000000000000000000000000000"
    own(command, f'as = "{token}"\n{token} = 1\nrate-budget = "{token}"\n')
    ran = command("config", "--show-origin", HARDENME_GITHUB_TOKEN=token, HARDENME_IGNORE="LOC")
    assert ran.code == 2
    assert "CANARY" not in ran.out + ran.err


def test_help_reads_no_file(command: Command) -> None:
    own(command, "nonsense = [\n")
    project(command, "nonsense = [\n")
    for name in ("check", "watch", "permissions", "config", "doctor"):
        ran = command(name, "--help")
        assert ran.code == 0
        assert "nonsense" not in ran.err
    assert command("list").code == 0
    assert command("demo", "--help").code == 0


def test_permissions_go_by_the_selection_of_a_run_and_say_so(command: Command) -> None:
    project(command, 'select = ["GHA103"]\n')
    ran = command("permissions")
    assert ran.code == 0
    assert "hardenme.toml of the working directory sets select: GHA103" in ran.err
    assert command("permissions", "--no-config").out != ran.out


def test_a_setting_of_check_leaves_other_commands_as_they_are(command: Command) -> None:
    own(command, 'format = "markdown"\ntargets = ["github:acme"]\nsince = 99\n')
    assert command("permissions").code == 0
    assert command("watch", "npm:left-pad", "--format", "pdf").err.count("not 'pdf'") == 1
    assert shown(command)["targets"][0] == ["github:acme"]


def test_the_schema_is_printed(command: Command) -> None:
    found = json.loads(command("config", "--schema").out)
    assert found["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_profiles_are_listed_with_their_sources(command: Command) -> None:
    text = command("list", "--profiles").out
    assert "OSPS-QA-07.01" in text
    assert "GHB103 becomes info" in text
    found = printed("profiles", command("list", "--profiles", "--format", "json").out)
    first = found["thresholds"][0]
    assert first["values"] == {"solo": 0, "team": 1, "org": 1, "strict": 2}
    assert command("list", "--profiles", "--format", "csv").code == 2


def test_the_working_directory_may_be_gone(command: Command, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    program = 'cd "$1" && rmdir "$1" && exec "$2" config'
    done = subprocess.run(  # noqa: S603 (our own script)
        ["/bin/sh", "-c", program, "sh", str(gone), SCRIPT],
        env=command.variables({}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_profile_that_a_folder_asks_for_is_told_where_none_is_set(command: Command) -> None:
    project(command, 'profile = "strict"\n')
    ran = command("config", "--show-origin")
    assert "# profile is not set" in ran.out
    assert "asks for the profile strict: a run follows it where it demands more" in ran.out
    own(command, 'profile = "team"\n')
    assert "asks for the profile" not in command("config", "--show-origin").out


@pytest.mark.parametrize(
    ("line", "said", "held"),
    [
        ("evidence = true", ("attest", "NPP106", "--yes"), ("evidence", "")),
        ("since = 9", ("recent",), ("window", "48h")),
        ("keep = 3", ("report",), ("keep", 3)),
    ],
)
def test_a_setting_is_no_other_option_of_the_same_name(
    command: Command,
    monkeypatch: pytest.MonkeyPatch,
    line: str,
    said: tuple[str, ...],
    held: tuple[str, Any],
) -> None:
    """A file that has messages hold what was seen does not say what an answer rests on."""
    own(command, f"{line}\n")
    for name, text in command.variables({}).items():
        monkeypatch.setenv(name, text)
    monkeypatch.chdir(command.folder)
    name, *words = said
    made: Any = root().commands[name]
    assert made.make_context(name, words, obj=Console.here()).params[held[0]] == held[1]
