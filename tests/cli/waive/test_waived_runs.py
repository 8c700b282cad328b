"""What a run and its report say of findings that are accepted, and of waivers."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from hardenme.reports import FORMATS, render, step_summary
from hardenme.reports.reading import read
from tests.cli.conftest import Accounts
from tests.cli.waive.test_waive import KEY, day

pytestmark = pytest.mark.skipif(not hasattr(os, "getuid"), reason="rights are not nine bits here")
CHECKED = ("--select", "GHA101,GHA102,GHA103,GHA104")


def outcomes(report: dict[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in report["findings"]:
        found.setdefault(one["code"], []).append(one["outcome"])
    return found


def waived_everything(weak: Accounts) -> int:
    """Accept all that fails; returns how many waivers that takes."""
    findings = json.loads(weak.check(*CHECKED, "-f", "json").out)["findings"]
    failed = [(one["code"], one["subject"]) for one in findings if one["outcome"] == "failed"]
    for code, subject in failed:
        ran = weak.command(
            "waive", "add", code, subject, "--reason", "<b>@x</b>|=1+1", "--by", "hazel"
        )
        assert ran.code == 0, ran.err
    return len(failed)


@pytest.mark.sampled(2, among="waivers")
@pytest.mark.second_tier("a run for each format")
def test_a_run_goes_by_what_was_written_down_in_every_format(weak: Accounts) -> None:
    before = weak.check(*CHECKED, "-f", "json")
    assert before.code == 1
    failed = json.loads(before.out)["counts"]["failed"]
    waived_everything(weak)
    after = weak.check(*CHECKED, "-f", "json")
    report = json.loads(after.out)
    assert after.code == 0, after.err
    assert (report["counts"]["failed"], report["counts"]["waived"]) == (0, failed)
    assert report["coverage"]["known"] == json.loads(before.out)["coverage"]["known"]
    stored = read(after.out)
    for form in sorted(FORMATS.keys() - {"screen", "mermaid", "commands", "csv"}):
        text = render(stored, form)
        if form == "github":
            text = step_summary(stored, 1 << 20)
        assert "hazel" in text, form
        assert f"{day(90)}" in text, form
    table = render(stored, "table")
    assert "Nothing is open, except waived findings." in table
    assert table.splitlines()[-1].startswith("0 failed")
    assert f"{failed} waived" in table.splitlines()[-1]
    assert "`<b>@x</b>|=1+1`" in render(stored, "markdown")


@pytest.mark.sampled(2, among="waivers")
def test_what_has_expired_comes_back_with_its_history(weak: Accounts) -> None:
    count = waived_everything(weak)
    own = weak.command.home / ".config" / "hardenme" / "config.toml"
    own.write_text(own.read_text().replace(f"{day(90)}", f"{day(0)}"))
    ran = weak.check(*CHECKED, "-f", "json")
    report = json.loads(ran.out)
    assert ran.code == 1
    assert report["counts"]["waived"] == 0
    failed = [one for one in report["findings"] if one["outcome"] == "failed"]
    assert all(one["lapsed"]["by"] == "hazel" for one in failed)
    assert len(report["waivers"]["expired"]) == count
    table = render(read(ran.out), "table")
    assert f"Once   accepted until {day(0)} by hazel: <b>@x</b>" in table
    assert "hardenme waive prune" in table


@pytest.mark.sampled(2, among="waivers")
def test_a_folders_proposal_is_shown_and_never_applied(weak: Accounts) -> None:
    before = weak.check(*CHECKED, "-f", "json")
    ran = weak.command(
        *(
            "waive",
            "add",
            "GHA101",
            "github:mallow",
            "--project",
            "--by",
            "eve",
            "--reason",
            "\x1b[2J",
        )
    )
    assert ran.code == 0
    after = weak.check(*CHECKED, "-f", "json")
    assert (after.code, outcomes(json.loads(after.out))) == (1, outcomes(json.loads(before.out)))
    (asked,) = json.loads(after.out)["waivers"]["proposed"]
    assert (asked["check"], asked["by"]) == ("GHA101", "eve")
    table = " ".join(render(read(after.out), "table").split())
    assert (
        "hardenme.toml of the working directory asks to waive GHA101 of github:user/mallow until"
        f" {day(90)} by eve: \\x1b[2J. It is not applied."
    ) in table


@pytest.mark.sampled(2, among="waivers")
def test_what_a_report_lists_as_unused_is_removed_unless_it_was_renewed(
    weak: Accounts, tmp_path: Path
) -> None:
    # An account that was looked at has no such thing to accept: the check passes.
    passing = next(
        one["code"]
        for one in json.loads(weak.check("--select", "GHA", "-f", "json").out)["findings"]
        if one["outcome"] == "passed" and one["subject"] == "github:user/mallow"
    )
    add = ("waive", "add", passing, "github:mallow", "--reason", "r", "--by", "hazel")
    assert weak.command(*add).code == 0
    report = tmp_path / "report.json"
    report.write_text(weak.check("--select", passing, "-f", "json").out)
    assert [one["check"] for one in json.loads(report.read_text())["waivers"]["unused"]] == [
        passing
    ]
    assert weak.command(*add, "--days", "9").code == 0
    ran = weak.command("waive", "prune", "--unused", str(report))
    assert "there is nothing to remove" in ran.out
    assert weak.command(*add).code == 0
    ran = weak.command("waive", "prune", "--unused", str(report))
    assert ran.out.startswith(f"removed {passing} github:user/mallow, unused, until {day(90)}")


def test_the_subjects_of_a_report_can_be_copied(weak: Accounts, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    report.write_text(weak.check("--select", "GHA103", "-f", "json").out)
    ran = weak.command("waive", "add", "GHA103", "--report", str(report))
    assert ran.code == 0
    assert f"{KEY}  first laptop\n" in ran.out
    assert "to accept one: hardenme waive add GHA103 SUBJECT --reason TEXT" in ran.err
    assert weak.command("waive", "add", "GHA101", "--report", str(report)).code == 5
    report.write_text("{}")
    assert weak.command("waive", "add", "GHA101", "--report", str(report)).code == 2
