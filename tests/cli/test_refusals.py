"""Whatever is refused, the next command is named, and the parser takes it."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from hardenme.cli.main import COMMANDS, root, run
from hardenme.cli.stored.runs import keep
from hardenme.cli.terminal.console import Console
from tests.plans.printed_commands import refusal
from tests.reports.rich_sample import rich

NAMED = re.compile(r"hardenme (?:[a-z-]+ ?)(?:[^`;\n]*)")
WRONG = "no-such-thing"
WORDS = {
    "attest": ("NPP106", "--demo"),
    "auth": ("login", WRONG),
    "cache": ("clear", "--older", WRONG),
    "check": ("github:a/b/c",),
    "completion": (WRONG,),
    "config": ("-f", WRONG),
    "demo": ("-f", WRONG),
    "diff": ("last", "--demo"),
    "doctor": ("-f", WRONG),
    "drill": (WRONG,),
    "explain": (WRONG,),
    "exposed": (WRONG,),
    "fix": ("999",),
    "fleet": ("merge", "--plan", WRONG, "--in", WRONG),
    "incident": ("status", "--name", WRONG),
    "list": ("--standard", WRONG),
    "move": ("npm:@acme",),
    "people": ("-f", WRONG),
    "permissions": ("--app-manifest",),
    "person": ("nettle",),
    "recent": ("--since", WRONG),
    "rehearse": ("-f", WRONG),
    "report": ("--keep", "0"),
    "runbook": ("-f", "pdf"),
    "schedule": ("print", "cron"),
    "show": ("--step", WRONG),
    "trend": ("--demo",),
    "verify-request": ("--who", "Rowan"),
    "waive": ("add", WRONG),
    "watch": ("axios",),
}
"""For each command, words that it refuses."""
MORE = (
    ("fix", "3", "--needs", "--demo"),
    ("fix", "zzzzzz"),
    ("show", "--demo", "no-such-file.json"),
    ("show", "-f", "ticket"),
    ("show", "--member", "no/one"),
    ("show", "--by", WRONG),
    ("show", "--step", "zzzzzz"),
    ("move", "npm:@acme", "--to", WRONG),
    ("schedule", "print"),
    ("schedule", "print", "--watch", "--daily", "--cron"),
    ("incident", "attest", "1"),
    ("incident", "prove"),
    ("verify-request",),
    ("list", "--standard", "nist"),
    ("explain",),
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


def test_words_are_here_for_every_command() -> None:
    assert set(WORDS) == set(root().commands)


@pytest.mark.parametrize(
    "words", [*((name, *words) for name, words in WORDS.items()), *MORE], ids=" ".join
)
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
