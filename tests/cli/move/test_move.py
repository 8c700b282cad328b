"""`hardenme move` writes a script and a table, and asks for what it does not know."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from hardenme.ground.exit_code import Exit
from hardenme.reports.move.script import script
from tests.cli.command import Command
from tests.cli.conftest import Accounts

pytestmark = pytest.mark.sampled(6)

TARGETS = ("npm:@acorn-labs", "npm:mallow-trivet")


def test_a_kept_run_is_enough(checked: Accounts) -> None:
    asked = checked.asked
    ran = checked.command(
        *("move", "npm:@acorn-labs/ladle", "--to", "staged", "-o", "one.sh"),
        *("--workflow", "release.yml", "--env", "release"),
    )
    assert (ran.code, checked.asked) == (Exit.CLEAN, asked), ran.err
    folder = checked.command.folder
    assert (folder / "one.sh").read_text() == script()
    assert stat.S_IMODE((folder / "one.txt").stat().st_mode) == 0o600
    (row,) = rows(folder / "one.txt")
    assert row == ["1", "@acorn-labs/ladle", "mallow/ladle", "release.yml", "stage", "release"]
    assert "NEXT      sh one.sh check" in ran.out


def rows(table: Path) -> list[list[str]]:
    return [line.split() for line in table.read_text().splitlines() if line[0] != "#"]


def test_what_is_not_known_is_asked_for(command: Command) -> None:
    ran = command("move", *TARGETS, "npm:@acorn-labs/new", "--to", "trusted", "--demo")
    assert ran.code == Exit.UNKNOWN
    assert "ANSWER    5 rows with a ? in move.txt: write the name there" in ran.out
    batches = re.search(r"(\d+) packages in (\d+) batch(?:es)?, by what is released", ran.out)
    assert batches is not None
    assert "NEW       @acorn-labs/new: not found on npm" in ran.out
    assert "The packages are invented: do not run the script." in ran.out
    found = {row[1]: row for row in rows(command.folder / "move.txt")}
    assert len(found) == 6
    assert found["@acorn-labs/new"][2:] == ["?", "?", "publish", "?"]
    assert found["@acorn-labs/sieve"][2] == "?"


def test_a_table_with_answers_is_not_written_over(command: Command) -> None:
    (command.folder / "move.txt").write_text("mine")
    ran = command("move", "npm:@acorn-labs", "--to", "staged", "--demo")
    assert ran.code == Exit.USAGE
    assert "move.txt is there, and may hold your answers" in ran.err
    assert (command.folder / "move.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["npm:@a"],
            "say where to: --to staged, where a person approves each release, or --to trusted",
        ),
        (["npm:@a", "--to", "there"], "--to takes staged or trusted"),
        (["github:a", "--to", "staged"], "move takes npm:@SCOPE or npm:PACKAGE"),
        (["--to", "staged"], "move takes npm:@SCOPE or npm:PACKAGE"),
        (["npm:a", "--to", "staged", "--repo", "a"], "--repo takes OWNER/REPO"),
        (["npm:a", "--to", "staged", "--workflow", "a/b.yml"], "--workflow takes a file name"),
        (["npm:a", "--to", "staged", "--env", "-x"], "--env takes a name"),
        (["npm:a", "--to", "staged", "-o", "move"], "--output takes the name of a script"),
    ],
)
def test_what_is_not_of_its_form_is_refused(command: Command, words: list[str], said: str) -> None:
    ran = command("move", *words)
    assert ran.code == Exit.USAGE
    assert said in ran.err
    assert not (command.folder / "move.sh").exists()
