"""Statements of the documentation are proved by the commands that they are about.

`statements.toml` has the words of a page, a command, and what it comes to. The words have to be on
the page, so that who changes one looks at the other. `test_examples.py` runs what pages show as
commands.
"""

from __future__ import annotations

import re
import shlex
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import Command, Ran

ROOT = Path(__file__).parents[2]
TABLE: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("statements.toml").read_text(encoding="utf-8")
)["statement"]
LEAST = 60


def name(row: dict[str, Any]) -> str:
    return f"{row['page']}: {row['run']}"


def flat(text: str) -> str:
    return " ".join(text.split()).lower()


@pytest.fixture(scope="module")
def demoed(
    tmp_path_factory: pytest.TempPathFactory, new_command: Callable[[Path], Command]
) -> Path:
    """A home where the demo was run."""
    command = new_command(tmp_path_factory.mktemp("statements"))
    assert command("demo").code == 0
    return command.home


def proved(row: dict[str, Any], above: Path, demoed: Path) -> Ran:
    """What the command of a statement comes to."""
    command = Command.within(above)
    if row.get("demo"):
        shutil.copytree(demoed, command.home, dirs_exist_ok=True)
    for file, text in row.get("files", {}).items():
        (command.folder / file).write_text(text, encoding="utf-8")
        (command.folder / file).chmod(row.get("modes", {}).get(file, 0o644))
    return command(*shlex.split(row["run"]), **row.get("environ", {}))


def test_each_statement_is_on_its_page() -> None:
    texts = {
        page: flat((ROOT / "docs" / page).read_text(encoding="utf-8"))
        for page in {row["page"] for row in TABLE}
    }
    assert [row["says"] for row in TABLE if flat(row["says"]) not in texts[row["page"]]] == []
    assert len({name(row) for row in TABLE}) >= LEAST


@pytest.mark.second_tier("runs a command for each statement")
@pytest.mark.sampled(15)
@pytest.mark.parametrize("row", TABLE, ids=name)
def test_a_statement_is_so(row: dict[str, Any], tmp_path: Path, demoed: Path) -> None:
    ran = proved(row, tmp_path, demoed)
    shown = f"{ran.out}{ran.err}"
    assert ran.code == row["code"], shown
    assert re.search(row["shows"], shown, re.MULTILINE), shown[:2000]
    assert "lacks" not in row or row["lacks"] not in shown
