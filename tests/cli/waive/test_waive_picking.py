"""Waiving from the last run by a list, and undoing it: no id and no JSON is needed."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from hardenme.cli.main import run
from hardenme.cli.terminal.console import Console
from hardenme.model.subject import Subject
from hardenme.model.verdict import Failed, Fix
from hardenme.reports import pieces
from hardenme.store.runs import Runs
from tests.cli.attest.desk import Terminal
from tests.cli.waive.test_waive import Desk
from tests.reports.sample import report_of
from tests.reports.test_report_members import about

SUBJECTS = ("alder", "birch", "cedar", "dogwood")
CODE = "GHO102"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "home").mkdir()
    (tmp_path / "here").mkdir()
    return Desk(tmp_path / "home", tmp_path / "here")


def kept(desk: Desk) -> None:
    fix = Fix("Ask the member", "https://host.example.test/orgs/acme/people")
    found = [about(CODE, name, Failed("2FA is off", {"on": False}, fix)) for name in SUBJECTS]
    report = report_of(found)
    Runs(desk.home / ".local/state/hardenme").keep(report, pieces(report, "json"))


def typed(desk: Desk, text: str, *arguments: str, login: str = "mallow") -> int:
    """Run it at a terminal."""
    out, err = io.StringIO(), Terminal()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(desk.home))
        patch.delenv("XDG_STATE_HOME", raising=False)
        patch.delenv("XDG_CONFIG_HOME", raising=False)
        patch.setenv("LOGNAME", login)
        patch.chdir(desk.folder)
        patch.setattr(sys, "stdin", Terminal(text))
        code = run(arguments, Console(out, err, {"COLUMNS": "100"}))
    desk.out, desk.err = out.getvalue(), err.getvalue()
    assert "fault of hardenme" not in desk.err
    return code


def waived(desk: Desk) -> list[str]:
    text = desk.own.read_text() if desk.own.exists() else ""
    return [name for name in SUBJECTS if f"/{name}" in text]


def test_what_fails_is_picked_by_number_and_undone_by_number(desk: Desk) -> None:
    kept(desk)
    assert typed(desk, "9\n2-3\n\nthey leave in May\n", "waive", "add", CODE) == 0
    assert waived(desk) == ["birch", "cedar"]
    assert "they leave in May" in desk.own.read_text()
    for number, name in enumerate(SUBJECTS, 1):
        assert f"{number}  " in desk.err
        assert name in desk.err
    assert "Type numbers from 1 to 4" in desk.err
    assert "A waiver needs a reason." in desk.err
    assert typed(desk, "1\n", "waive", "remove", CODE) == 0
    assert waived(desk) == ["cedar"]
    assert "it fails again from now on" in " ".join(desk.out.split())
    # Of a single one there is nothing to pick.
    assert desk("waive", "remove", CODE) == 0
    assert waived(desk) == []
    assert desk("waive", "remove", CODE) == 5
    assert "there is no waiver of GHO102" in desk.err


def test_all_and_nothing(desk: Desk) -> None:
    kept(desk)
    assert typed(desk, "quit\n", "waive", "add", CODE, "--reason", "known") == 5
    assert waived(desk) == []
    assert typed(desk, "all\n", "waive", "add", CODE, "--reason", "known") == 0
    assert waived(desk) == [*SUBJECTS]
    assert desk("waive", "remove", CODE, f"github:member/acme/{SUBJECTS[0]}") == 0
    assert waived(desk) == [*SUBJECTS[1:]]


def test_without_a_terminal_the_list_is_printed_and_nothing_written(desk: Desk) -> None:
    kept(desk)
    assert desk("waive", "add", CODE, "--reason", "known") == 2
    listed = desk.out.splitlines()
    assert listed == [str(Subject("github", "member", f"acme/{name}")) for name in SUBJECTS]
    assert "nothing was written: hardenme waive add GHO102 SUBJECT" in " ".join(desk.err.split())
    assert waived(desk) == []
    # What is listed can be given back.
    for subject in listed[:2]:
        assert desk("waive", "add", CODE, subject, "--reason", "known", "--by", "hazel") == 0
    assert desk("waive", "remove", CODE) == 2
    assert len(desk.out.splitlines()) == 2
    assert waived(desk) == [*SUBJECTS[:2]]


def test_who_accepts_is_asked_where_the_login_names_no_one(desk: Desk) -> None:
    kept(desk)
    answers = "1\nknown\n\nroot\nhazel\n"
    assert typed(desk, answers, "waive", "add", CODE, login="root") == 0
    assert desk.err.count("Type a name or a login.") == 2
    assert "by hazel" in desk.out
    assert waived(desk) == [SUBJECTS[0]]
    # A login that names someone is taken, and so is what was typed as an option.
    assert typed(desk, "2\nknown\n", "waive", "add", CODE) == 0
    named = ("--by", "linden")
    assert typed(desk, "3\nknown\n", "waive", "add", CODE, *named, login="root") == 0
    assert waived(desk) == [*SUBJECTS[:3]]
    assert typed(desk, "4\nknown\n", "waive", "add", CODE, login="root") == 5
    assert waived(desk) == [*SUBJECTS[:3]]
