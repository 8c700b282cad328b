"""Where a refusal has a next command, it names it, and the parser takes it."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from hardenme.cli.main import COMMANDS, run
from hardenme.cli.stored.runs import keep
from hardenme.cli.terminal.console import Console
from tests.plans.printed_commands import refusal
from tests.reports.rich_sample import rich

NAMED = re.compile(r"hardenme (?:[a-z-]+ ?)(?:[^`;\n]*)")
WRONG = "no-such-thing"
REFUSED = (
    ("attest", "NPP106", "--demo"),
    ("diff", "last", "--demo"),
    ("explain", WRONG),
    ("explain",),
    ("fix", "999"),
    ("fix", "zzzzzz"),
    ("incident", "attest", "1"),
    ("incident", "prove"),
    ("permissions", "--app-manifest"),
    ("schedule", "print"),
    ("show", "--demo", "no-such-file.json"),
    ("show", "--step", "zzzzzz"),
    ("show", "-f", "ticket"),
    ("trend", "--demo"),
    ("watch", "--demo"),
    (WRONG,),
)


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A run that is kept, and nothing else."""
    for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", None)
    keep(Console(io.StringIO(), io.StringIO(), {}), rich())


def said(*words: str) -> tuple[int, str]:
    """The exit code of a command, and what it says on standard error."""
    err = io.StringIO()
    return run(words, Console(io.StringIO(), err, {"COLUMNS": "100"})), err.getvalue()


def named(text: str) -> list[str]:
    """The commands that a text names."""
    found = (one.group().strip().rstrip(".,:;") for one in NAMED.finditer(text))
    return [one for one in found if one.split()[1] in COMMANDS or one.split()[1] == "--help"]


@pytest.mark.parametrize("words", REFUSED, ids=" ".join)
def test_a_refusal_names_a_command_that_the_parser_takes(words: tuple[str, ...]) -> None:
    code, text = said(*words)
    assert code == 2, text
    commands = re.findall(r"`(hardenme [^`]+)`", text) or named(text)
    assert commands, text
    assert {one: refusal(one) for one in commands if refusal(one)} == {}


def test_an_option_is_no_value_of_another() -> None:
    code, text = said("fix", "1", "--needs", "--demo")
    assert code == 2
    assert "--needs takes a value, and --demo is an option" in text
