"""The help of every command fits the terminal, and cuts nothing."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest

from hardenme.cli.main import root, run
from hardenme.cli.options.panels import CommandGroup
from hardenme.cli.terminal.console import Console
from hardenme.reports.columns import COMMAND

EXPLAINED = re.compile(r"^ {2}hardenme .* {2,}\S")
"""An example with what it is for on the same line."""


def words_of(group: Any, *before: str) -> Iterator[tuple[str, ...]]:
    yield before
    for name, command in group.commands.items():
        if isinstance(command, CommandGroup):
            yield from words_of(command, *before, name)
        else:
            yield (*before, name)


@pytest.mark.parametrize("words", [one for one in words_of(root()) if one], ids=" ".join)
def test_each_command_in_a_sentence_is_taken_for_one(words: tuple[str, ...]) -> None:
    command = " ".join(("hardenme", *words))
    found = COMMAND.search(f"Then {command} shows it")
    assert found is not None
    assert found[0] == command


@pytest.mark.parametrize("columns", [60, 80])
@pytest.mark.parametrize("words", [*words_of(root())], ids=" ".join)
def test_help_fits_and_is_whole(
    words: tuple[str, ...], columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    console = Console(io.StringIO(), io.StringIO(), {"COLUMNS": str(columns)})
    assert run([*words, "--help"], console) == 0
    assert isinstance(console.out, io.StringIO)
    lines = console.out.getvalue().splitlines()
    wide = [line for line in lines if len(line) > columns]
    # A command alone is whole, so that it can be copied.
    assert [line for line in wide if not line.startswith("  hardenme ")] == []
    assert [line for line in wide if EXPLAINED.match(line)] == []
    assert [line for line in lines if line.endswith("...") and "[" not in line] == []
