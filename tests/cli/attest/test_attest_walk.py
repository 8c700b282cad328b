"""`hardenme attest` without a check: the open questions of the last kept run, one by one."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hardenme.cli.main import run
from hardenme.cli.terminal.console import Console
from hardenme.engine.catalogue import find
from hardenme.store.attestations import add, read
from tests.cli.attest.desk import LANTERN, PRACTICE, QUESTION, Desk, Terminal, desk, listed
from tests.cli.conftest import Accounts
from tests.factories.statements import today

pytestmark = pytest.mark.sampled(3)

__all__ = ["desk"]

PROMPT = "skip, back or quit?"


def walk(desk: Desk, *arguments: str, typed: str | None = None) -> int:
    """Run it, where nobody can be asked: it asks no host."""
    asked = desk.accounts.asked
    code = desk("attest", *arguments, typed=typed, tokens=False)
    assert desk.accounts.asked == asked
    return code


def test_each_open_question_is_put_with_its_page_and_what_to_look_for(desk: Desk) -> None:
    found = desk.checked()
    open_ = [name for name, one in found.items() if name and one["outcome"] == "manual"]
    page = found[LANTERN]["manual"]["page"]
    assert walk(desk, typed="maybe\nyes 1\nno 3\nskip\n") == 0
    assert len(open_) == 3
    assert desk.err.count(QUESTION) == 1
    assert desk.err.count(PROMPT) == 4
    shown = (
        " · 3 packages · 1 of 1\n",
        ": me, as hazel on ",
        "Yes means: The package disallows tokens",
    )
    for text in (*shown, '2. Choose "Require two-factor', f" {page} "):
        assert text.strip() in " ".join(desk.err.split()), text
    assert desk.err.endswith("`hardenme check` counts your answers.\n")
    rows = listed(desk)
    assert sorted(row["answer"] for row in rows) == ["no", "yes"]
    assert {row["account"] for row in rows} == {f"npm:hazel@{desk.accounts.npm.url}"}
    assert {row["by"] for row in rows} == {"hazel"}
    assert {row["until"][:10] for row in rows} == {f"{today(90):%Y-%m-%d}"}
    # Those that are answered are open no more, though the run is the same.
    assert walk(desk, typed="q\n") == 5
    (left,) = set(open_) - {row["subject"] for row in rows}
    assert f"{left} · 1 of 1" in desk.err
    found = desk.checked()
    wanted = {"yes": "attested", "no": "failed"}
    assert {row["subject"]: wanted[row["answer"]] for row in rows} == {
        row["subject"]: found[row["subject"]]["outcome"] for row in rows
    }
    assert found[left]["outcome"] == "manual"


def test_it_records_what_the_command_for_one_records(desk: Desk) -> None:
    desk.checked(LANTERN.replace("package/", ""))
    how = ("--by", "Hazel", "--days", "30", "--evidence", "the page")
    assert walk(desk, *how, typed="y\n") == 0
    assert desk.attest("NPP106", LANTERN, "--yes", *how) == 0
    one, other = (
        {name: getattr(item, name) for name in item.__dataclass_fields__} for item in said(desk)
    )
    for moment in ("at", "until"):
        assert abs((one.pop(moment) - other.pop(moment)).total_seconds()) < 60
    assert one == other


def said(desk: Desk) -> tuple[Any, ...]:
    return read(desk.folder).statements


def test_where_nobody_can_be_asked_it_prints_them_and_records_nothing(desk: Desk) -> None:
    desk.checked()
    before = desk.files()
    assert walk(desk) == 0
    for word in ("--yes", "--no"):
        assert desk.out.count(f"  hardenme attest NPP106 {LANTERN} {word}\n") == 1
    assert desk.out.count(QUESTION) == 3
    assert desk.files() == before
    # Each command that is printed answers its question.
    commands = [line.split()[2:4] for line in desk.out.splitlines() if "--yes" in line]
    for code, subject in commands:
        assert desk.attest(code, subject, "--yes") == 0
    assert walk(desk) == 0
    assert (desk.out, "left no question open" in desk.err) == ("", True)


def test_an_answer_that_was_given_outlasts_an_interruption(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.checked()

    class Interrupted(Terminal):
        def readline(self, *_: Any) -> str:
            line = super().readline()
            if not line:
                raise KeyboardInterrupt
            return line

    monkeypatch.setenv("XDG_STATE_HOME", str(desk.home / "state"))
    monkeypatch.setattr(sys, "stdin", Interrupted("yes 1\nno 2\n"))
    err = Terminal()
    assert run(["attest"], Console(io.StringIO(), err, {"COLUMNS": "100"})) == 130
    assert err.getvalue().endswith("hardenme: interrupted\n")
    assert [item.answer for item in said(desk)] == ["yes", "no"]


def test_an_answer_that_counts_no_more_is_asked_for_again(desk: Desk) -> None:
    desk.checked(LANTERN.replace("package/", ""))
    assert walk(desk, typed="y\n") == 0
    assert desk("attest", "--withdraw", "NPP106", LANTERN) == 0
    assert walk(desk, typed="n\n") == 0
    assert "on record: withdrawn" in desk.err
    assert [item.answer for item in said(desk)] == ["yes", "withdrawn", "no"]


def test_a_run_without_an_account_needs_its_name(desk: Desk) -> None:
    desk.checked(LANTERN.replace("package/", ""), tokens=False)
    assert walk(desk, typed="y\n") == 5
    assert PROMPT not in desk.err
    assert f"add --account LOGIN hardenme attest NPP106 {LANTERN}" in " ".join(desk.err.split())
    assert walk(desk, "--account", "hazel", typed="y\n") == 0
    assert listed(desk)[0]["account"] == f"npm:hazel@{desk.accounts.npm.url}"


def test_another_account_than_the_runs_answers_nothing(desk: Desk) -> None:
    desk.checked()
    assert walk(desk, "--account", "mallow", typed="y\n") == 5
    assert PROMPT not in desk.err
    assert "the last run did not ask as mallow" in " ".join(desk.err.split())
    assert not said(desk)


def test_a_broken_record_is_not_added_to(desk: Desk) -> None:
    desk.checked()
    assert walk(desk, typed="yes 1\nq\n") == 0
    (desk.folder / "attestations.jsonl").write_text("{}\n")
    assert walk(desk, typed="y\n") == 2
    assert PROMPT not in desk.err


def test_questions_of_both_providers_are_put_the_worst_first(
    organizations: Accounts, tmp_path: Path
) -> None:
    desk = Desk(organizations, tmp_path / "mine", organizations.tokens)
    desk.home.mkdir()
    desk.checked("github:bramble-labs", "me", select="NPP106,NPA103,GHO131,ATT101")
    assert walk(desk) == 0
    codes = [line.split()[0] for line in desk.out.splitlines() if not line.startswith(" ")]
    assert {"GHO131", "NPA103"} <= set(codes)
    weights = [find(code).severity for code in codes]
    assert weights == sorted(weights, reverse=True)
    assert walk(desk, typed="yes all\n" * len(codes)) == 0
    accounts = {row["code"]: row["account"].partition(":")[0] for row in listed(desk)}
    assert accounts == {
        code: "npm" if code.startswith("NP") else "github" for code in dict.fromkeys(sorted(codes))
    }


def test_a_question_that_resolves_an_unknown_outlasts_the_run(desk: Desk) -> None:
    """GitHub shows the bypass of an environment to few: a person can look, and answer later."""
    for repository in desk.accounts.github.world.repositories:
        for environment in repository.environments:
            environment.admins_bypass = None
    found = desk.checked(select="GHR128")
    name, one = next(
        (name, one) for name, one in found.items() if name and one["outcome"] == "unknown"
    )
    asked = one["unknown"]["question"]
    assert asked["question"].startswith("In the environment ")
    assert walk(desk, typed="yes 1\n") == 0
    assert asked["question"] in " ".join(desk.err.split())
    assert asked["page"] in desk.err
    assert [(row["subject"], row["answer"]) for row in listed(desk)] == [(name, "yes")]
    assert desk.checked(select="GHR128")[name]["outcome"] == "attested"


def kept_as(desk: Desk, **fields: Any) -> None:
    """The record with other fields in its one answer, as if it had been written so."""
    (one,) = said(desk)
    for file in desk.folder.glob("attestations.*"):
        file.unlink()
    add(desk.folder, replace(one, **fields))


@pytest.mark.sampled(2)
@pytest.mark.parametrize("case", ["expired", "ahead", "other words", "another account"])
@pytest.mark.parametrize(
    ("code", "subject", "target"),
    [("NPP106", LANTERN, LANTERN.replace("package/", "")), ("ATT105", PRACTICE, "me")],
)
def test_an_answer_that_does_not_count_leaves_the_question_open(
    desk: Desk, case: str, code: str, subject: str, target: str
) -> None:
    assert desk.attest(code, subject, "--yes") == 0
    other: dict[str, dict[str, Any]] = {
        "expired": {"at": today(-100), "until": today(-10)},
        "ahead": {"at": today(5), "until": today(50)},
        "other words": {"question": "Is it so?"},
        "another account": {"account": "github:mallow"},
    }
    kept_as(desk, **other[case])
    assert desk.checked(target, select=code)[subject]["outcome"] == "unknown"
    assert walk(desk) == 0
    assert f"hardenme attest {code} {subject} --yes\n" in desk.out
    assert f"hardenme attest {code} {subject} --no\n" in desk.out
    assert walk(desk, typed="y\n") == 0
    assert desk.err.count(PROMPT) == 1
    assert desk.checked(target, select=code)[subject]["outcome"] == "attested"
    assert walk(desk) == 0
    assert "left no question open" in desk.err


def test_a_question_whose_answer_is_not_recorded_is_not_said_to_be_none(desk: Desk) -> None:
    found = desk.checked("me", select="GHT106")
    assert [one["outcome"] for name, one in found.items() if name] == ["manual"]
    assert walk(desk) == 0
    assert "left no question open" not in desk.err
    assert "It also asks: GHT106." in " ".join(desk.err.split())


def saved(desk: Desk, *answers: dict[str, str]) -> str:
    """A file as the page saves it."""
    path = desk.home / "hardenme-answers.json"
    path.write_text(json.dumps({"version": 1, "answers": answers}))
    return str(path)


def about(subject: str, answer: str) -> dict[str, str]:
    return {"code": "NPP106", "subject": subject, "answer": answer}


def test_answers_noted_on_the_page_are_put_again_and_recorded_when_confirmed(desk: Desk) -> None:
    found = desk.checked()
    first, second, third = (
        name for name, one in found.items() if name and one["outcome"] == "manual"
    )
    gone = about("npm:package/gone", "yes")
    file = saved(desk, about(first, "yes"), about(second, "no"), gone)
    assert walk(desk, "--answers", file, typed="quit\n") == 5
    assert said(desk) == ()
    assert desk.err.count("(you noted: yes)") == desk.err.count("(you noted: no)") == 1
    assert "confirm what you noted, or yes all" in desk.err
    assert "1 noted answer left out: the last run left no such question open" in desk.err
    assert third not in desk.err
    assert walk(desk, "--answers", file, typed="confirm\n") == 0
    assert {(one.subject, str(one.answer)) for one in said(desk)} == {
        (first, "yes"),
        (second, "no"),
    }
    # Confirmed once, they are open no more.
    assert walk(desk, "--answers", file, typed="confirm\n") == 5
    assert len(said(desk)) == 2


def test_a_noted_answer_can_be_answered_otherwise(desk: Desk) -> None:
    desk.checked()
    file = saved(desk, about(LANTERN, "yes"))
    assert walk(desk, "--answers", file, typed="no\n") == 0
    assert "you noted: yes" in desk.err
    assert [str(one.answer) for one in said(desk)] == ["no"]


def test_without_a_terminal_no_noted_answer_is_recorded(desk: Desk) -> None:
    desk.checked()
    assert walk(desk, "--answers", saved(desk, about(LANTERN, "yes"))) == 0
    assert said(desk) == ()
    assert LANTERN in desk.out


def test_nothing_can_be_confirmed_that_was_not_noted(desk: Desk) -> None:
    desk.checked()
    assert walk(desk, typed="confirm\nquit\n") == 5
    assert said(desk) == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"answers": []}',
        '{"version": 2, "answers": []}',
        '{"version": 1, "answers": [{"code": "NPP106", "subject": "x", "answer": "withdrawn"}]}',
        '{"version": 1, "answers": [{"code": "NPP106", "answer": "yes"}]}',
    ],
)
def test_a_file_that_the_page_did_not_save_is_refused(desk: Desk, text: str) -> None:
    desk.checked()
    path = desk.home / "other.json"
    path.write_text(text)
    assert walk(desk, "--answers", str(path), typed="confirm\n") == 2
    assert "does not hold answers that the page saved" in " ".join(desk.err.split())
    assert walk(desk, "--answers", str(desk.home / "none.json"), typed="confirm\n") == 2
    assert "cannot be read" in " ".join(desk.err.split())
    assert walk(desk, "NPP106", "--answers", str(path), typed="") == 2
