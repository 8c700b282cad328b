"""`hardenme waive`, over real files."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from hardenme.cli.main import run
from hardenme.cli.terminal.console import Console
from hardenme.ground import clock
from tests.printed import printed

pytestmark = pytest.mark.skipif(not hasattr(os, "getuid"), reason="rights are not nine bits here")
KEY = "github:ssh-key/501"
WHY = ("--reason", "in a safe", "--by", "hazel")


def day(after: int) -> date:
    return clock.today() + timedelta(days=after)


@dataclass
class Desk:
    """The command in this process, with a home and a folder of its own."""

    home: Path
    folder: Path
    out: str = ""
    err: str = ""

    @property
    def own(self) -> Path:
        return self.home / ".config" / "hardenme" / "config.toml"

    @property
    def project(self) -> Path:
        return self.folder / "hardenme.toml"

    def __call__(self, *arguments: str, **environ: str) -> int:
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch:
            for name in list(os.environ):
                if name.startswith(("XDG_", "HARDENME_")) or "TOKEN" in name:
                    patch.delenv(name)
            for name, value in {"HOME": str(self.home), "LOGNAME": "mallow", **environ}.items():
                patch.setenv(name, value)
            patch.chdir(self.folder)
            code = run(arguments, Console(out, err, {"COLUMNS": "100"}))
        self.out, self.err = out.getvalue(), err.getvalue()
        assert "fault of hardenme" not in self.err
        return code

    def add(self, *arguments: str, **environ: str) -> int:
        return self("waive", "add", *arguments, **environ)

    def listed(self, code: int = 0) -> list[dict[str, Any]]:
        assert self("waive", "list", "-f", "json") == code
        rows: list[dict[str, Any]] = printed("waivers", self.out)["waivers"]
        return rows

    def states(self, code: int = 0) -> dict[str, str]:
        return {row["subject"]: row["state"] for row in self.listed(code)}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    tmp_path.chmod(0o755)
    found = Desk(tmp_path / "home", tmp_path / "here")
    found.home.mkdir()
    (found.folder / ".git").mkdir(parents=True)
    mask = os.umask(0o022)
    yield found
    os.umask(mask)


def test_a_finding_is_accepted_for_ninety_days_in_the_users_own_file(desk: Desk) -> None:
    assert desk.add("gha103", KEY, *WHY) == 0
    assert desk.out == (
        f"GHA103 {KEY} is waived until {day(90)} (90 days), by hazel: in a safe\n"
        "written to ~/.config/hardenme/config.toml\n"
    )
    assert desk.own.read_text() == (
        f'[[waivers]]\ncheck = "GHA103"\nsubject = "{KEY}"\nreason = "in a safe"\nby = "hazel"\n'
        f"until = {day(90)}\n"
    )
    assert desk.own.stat().st_mode & 0o777 == 0o600
    (row,) = desk.listed()
    assert (row["state"], row["days_left"]) == ("in force", 90)
    assert row["file"] == "~/.config/hardenme/config.toml"


def test_the_same_one_is_renewed_and_its_comments_stay(desk: Desk) -> None:
    desk.own.parent.mkdir(parents=True)
    text = (
        '# mine\nselect = ["GHA"] # these\n\n# the safe is in the cellar\n[[waivers]]\n'
        'subject = "github:repo/Acme/WEB"\ncheck = "repo-push-protection" # which\n'
        'reason = "old"   # why\nby = "somebody"\nuntil = 2020-01-01\n\n[severities]\n'
    )
    desk.own.write_text(text)
    assert desk.add("repo-push-protection", "github:acme/web", *WHY, "--days", "5") == 0
    assert "renewed in ~/.config" in desk.out
    assert desk.own.read_text() == (
        text.replace('"old"', '"in a safe"')
        .replace("somebody", "hazel")
        .replace("2020-01-01", f"{day(5)}")
    )
    assert desk.states() == {"github:repo/Acme/WEB": "in force"}


@pytest.mark.parametrize(
    ("check", "text", "subject"),
    [
        ("GHR102", "github:acme/web", "github:repo/acme/web"),
        ("GHR102", "github:acme/*", "github:repo/acme/*"),
        ("GHR102", "github:repo/acme/web", "github:repo/acme/web"),
        ("GHO101", "github:acme", "github:org/acme"),
        ("GHA101", "github:mallow", "github:user/mallow"),
        ("GHA103", KEY, KEY),
        ("NPP101", "npm:left-pad", "npm:package/left-pad"),
        ("NPP101", "npm:@acme/web", "npm:package/@acme/web"),
        ("NPP101", "npm:@acme/*", "npm:package/@acme/*"),
        ("NPO102", "npm:@acme", "npm:org/acme"),
        ("NPT101", "npm:token/73e3*", "npm:token/73e3*"),
    ],
)
def test_a_subject_is_an_id_or_what_check_takes(
    desk: Desk, check: str, text: str, subject: str
) -> None:
    assert desk.add(check, text, *WHY) == 0
    assert desk.listed()[0]["subject"] == subject


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("GHX999", KEY, *WHY), "no check is called 'GHX999'"),
        (("GHA1O3", KEY, *WHY), "did you mean GHA1"),
        (("GHA", KEY, *WHY), "no check is called 'GHA'"),
        (("GHA103", *WHY), "name what GHA103 fails for"),
        (("GHA103", "501", *WHY), "takes an id, like github:repo/acme/web"),
        (("GHA103", "*", *WHY), "takes an id"),
        (("GHR102", "github:repo/*", *WHY), "covers too much"),
        (("GHR102", "github:repo/*o*", *WHY), "covers too much"),
        (("GHR102", "github:acme", *WHY), "GHR102 is not about accounts"),
        (("GHA103", KEY), "--reason is missing"),
        (("GHA103", KEY, "--reason", "x" * 501, "--by", "h"), "--reason takes 500 characters"),
        (("GHA103", KEY, *WHY, "--days", "0"), "--days takes a number from 1 to 366"),
        (("GHA103", KEY, *WHY, "--days", "367"), "--days takes a number from 1 to 366"),
        (("GHA103", KEY, *WHY, "--until", "2020-01-01"), "2020-01-01 is past"),
        (("GHA103", KEY, *WHY, "--until", "9999-01-01"), "a waiver ends within a year"),
        (("GHA103", KEY, *WHY, "--until", "tomorrow"), "--until takes a date, like 20"),
        (("GHA103", KEY, *WHY, "--until", "2027-01-01", "--days", "3"), "give one of them"),
        (("GHA103", KEY, *WHY, "--issue", "#12"), "--issue takes an address"),
        (("GHA103", KEY, *WHY, "--file", "x", "--project"), "give one of them"),
        (("GHA103", KEY, "--report", "/nowhere"), "--reason is missing"),
        (("GHA103", "--report", "/nowhere"), "/nowhere cannot be read"),
    ],
)
def test_what_makes_no_waiver_is_told_and_nothing_is_written(
    desk: Desk, arguments: tuple[str, ...], told: str
) -> None:
    assert desk.add(*arguments) == 2
    assert told in desk.err
    assert not desk.own.exists()


def test_a_token_is_never_written_down(desk: Desk) -> None:
    token = "ghp_CANARY000000000000000000000000000000"
    assert desk.add("GHA103", KEY, "--reason", f"it is {token}", "--by", "hazel") == 2
    assert "looks like a token" in desk.err
    assert not desk.own.exists()


def test_who_accepts_is_the_login_if_it_names_somebody(desk: Desk) -> None:
    assert desk.add("GHA103", KEY, "--reason", "r") == 0
    assert desk.listed()[0]["by"] == "mallow"
    assert desk.add("GHA104", KEY, "--reason", "r", LOGNAME="root") == 2
    assert "--by is missing" in desk.err


def test_a_hostile_reason_is_written_and_shown_inert(desk: Desk) -> None:
    hostile = '\x1b[31m"""\n[[waivers]] \u202e = \\ | @x'
    assert desk.add("GHA103", KEY, "--reason", hostile, "--by", "=cmd()\u200b") == 0
    (row,) = desk.listed()
    assert row["reason"] == '\\x1b[31m"""\\n[[waivers]] \\u202e = \\ | @x'
    assert desk("waive", "list") == 0
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e\u200b]", desk.out + desk.own.read_text())


def test_in_the_project_it_is_a_proposal_until_the_folder_is_trusted(desk: Desk) -> None:
    inner = desk.folder / "docs"
    inner.mkdir()
    desk.folder, top = inner, desk.folder
    assert desk.add("GHR102", "github:acme/web", *WHY, "--project") == 0
    assert "to waive GHR102 github:repo/acme/web" in desk.out
    assert "is proposed" in desk.out
    assert "it is a proposal" in desk.err
    assert (top / "hardenme.toml").stat().st_mode & 0o777 == 0o644
    assert desk.states() == {"github:repo/acme/web": "proposed"}
    desk.own.parent.mkdir(parents=True)
    desk.own.write_text(f'trusted-folders = ["{top}"]\n')
    assert desk.states() == {"github:repo/acme/web": "in force"}
    assert desk.add("GHR103", "github:acme/web", *WHY, "--project") == 0
    assert "is waived until" in desk.out
    assert "proposal" not in desk.err
    assert desk.own.read_text().count("waivers") == 0


def test_a_proposal_that_has_expired_is_listed_as_expired(desk: Desk) -> None:
    desk.project.write_text(
        f'[[waivers]]\ncheck = "GHA103"\nsubject = "{KEY}"\nreason = "r"\nby = "hazel"\n'
        f"until = {day(-1)}\n"
    )
    assert desk.states() == {KEY: "expired"}


def test_a_projects_pyproject_keeps_all_that_is_not_ours(desk: Desk) -> None:
    text = (
        '[project]\nname = "web" # ours\n\n[tool.hardenme]\nselect = ["GHR"]\n\n[tool.x]\na = 1\n'
    )
    pyproject = desk.folder / "pyproject.toml"
    pyproject.write_text(text)
    assert desk.add("GHR102", "github:acme/web", *WHY, "--project") == 0
    assert pyproject.read_text().startswith(text + "\n[[tool.hardenme.waivers]]\n")
    assert desk.states() == {"github:repo/acme/web": "proposed"}
    assert not desk.project.exists()


def test_another_file_counts_where_it_is_named(desk: Desk, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    assert desk.add("GHA103", KEY, *WHY, "--file", str(other)) == 0
    assert "it counts in runs that are given this file, with --config" in desk.err
    assert "GHA103" in other.read_text()
    assert desk.states() == {}
    assert desk.add("GHA103", KEY, *WHY, "--file", str(desk.own)) == 0
    assert desk.err == ""


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ("link", "it is a link to elsewhere"),
        ("open", "others can write it"),
        ("broken", "it is not TOML"),
        ("odd", "it is written in a way"),
        ("read-only", "it is read-only"),
        ("folder", "it is not a regular file"),
    ],
)
def test_a_file_that_cannot_be_used_is_left_as_it_is(desk: Desk, how: str, why: str) -> None:
    desk.own.parent.mkdir(parents=True)
    text = {"broken": "a = = 1\n", "odd": "waivers = 7\n"}.get(how, "# mine\n")
    if how == "link":
        (desk.home / "real.toml").write_text(text)
        desk.own.symlink_to(desk.home / "real.toml")
    elif how == "folder":
        desk.own.mkdir()
    else:
        desk.own.write_text(text)
        desk.own.chmod({"open": 0o666, "read-only": 0o400}.get(how, 0o600))
    assert desk.add("GHA103", KEY, *WHY) == 2
    if how == "odd":
        why = "is not a list of tables"
    assert why in desk.err
    assert "~/.config/hardenme/config.toml" in desk.err
    if how != "folder":
        assert desk.own.read_text() == text


def filled(desk: Desk) -> None:
    """Two that have expired, one that has not, and one that no file may hold."""
    entry = '[[waivers]]\ncheck = "{}"\nsubject = "{}"\nreason = "r"\nby = "hazel"\nuntil = {}\n'
    desk.own.parent.mkdir(parents=True, exist_ok=True)
    desk.own.write_text(
        "\n".join(
            (
                "# mine\n",
                "# about the key\n" + entry.format("GHA103", KEY, day(0)),
                "# about the repository\n" + entry.format("GHR102", "github:repo/acme/web", day(1)),
                entry.format("GHA104", "github:ssh-key/502", "2020-01-01"),
                entry.format("GHA999", "github:ssh-key/503", day(9)),
            )
        )
    )


def test_the_list_tells_what_each_comes_to(desk: Desk) -> None:
    assert desk("waive", "list") == 0
    assert "no waiver is in force" in desk.out
    filled(desk)
    rows = {row["subject"]: row for row in desk.listed(3)}
    assert {name: row["state"] for name, row in rows.items()} == {
        KEY: "expired",
        "github:repo/acme/web": "in force",
        "github:ssh-key/502": "expired",
        "github:ssh-key/503": "cannot be used",
    }
    assert "did you mean" in rows["github:ssh-key/503"]["why"]
    assert desk("waive", "list") == 3
    assert "1 day left: ends soon" in desk.out
    desk.own.write_text('[[waivers]]\ncheck = "GHA103"\n')
    assert desk("waive", "list") == 3
    assert "waivers[1].until is missing" in desk.err
    assert desk("waive", "list", "-f", "xml") == 2


def test_the_expired_are_removed_with_their_own_comments(desk: Desk) -> None:
    filled(desk)
    before = desk.own.read_text()
    assert desk("waive", "prune", "--dry-run") == 0
    assert desk.out.count("would remove GHA10") == 2
    assert desk.own.read_text() == before
    assert desk("waive", "prune") == 0
    assert desk.out.startswith(f"removed GHA103 {KEY}, expired on {day(0)}, by hazel: r\n")
    after = desk.own.read_text()
    assert re.findall("#.*", after) == ["# mine", "# about the repository"]
    assert re.findall('check = "(.*)"', after) == ["GHR102", "GHA999"]
    assert desk("waive", "prune") == 0
    assert "there is nothing to remove" in desk.out


def test_nothing_is_made_to_remove_something_from_it(desk: Desk) -> None:
    assert desk("waive", "prune") == desk("waive", "prune", "--project") == 0
    assert not desk.own.parent.exists()
    assert not desk.project.exists()


def test_help_stands_where_nothing_was_said(desk: Desk) -> None:
    assert desk("waive") == 2
    assert "Remove those that have expired" in desk.err
