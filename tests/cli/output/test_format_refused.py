"""A format that a command does not have is refused in the same words by each of them."""

from __future__ import annotations

import io
import re

import pytest

from hardenme.cli.main import run
from hardenme.cli.terminal.console import Console
from hardenme.ground.exit_code import Exit

COMMANDS = (
    *(("trend",), ("diff", "monday.json", "friday.json"), ("watch", "npm:sieve"), ("check",)),
    *(("people",), ("person", "nettle", "github:acme", "--leaves"), ("recent",), ("runbook",)),
    *(("incident", "status"), ("doctor",), ("auth", "status"), ("show",), ("report",)),
    *(("show", "--by", "repository"), ("show", "--practices"), ("fix",), ("permissions",)),
    *(("list",), ("list", "--profiles"), ("list", "--standard", "osps"), ("config",)),
    *(("attest", "--list"), ("waive", "list"), ("verify-request", "--contacts")),
)
REFUSED = re.compile(
    r"hardenme: --format (with --[a-z]+ )?takes one of: (\w+, )*\w+; not 'tabel'"
    r"(; did you mean table\?)?"
)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_it_is_refused_before_anything_is_read(words: tuple[str, ...]) -> None:
    console = Console(io.StringIO(), io.StringIO(), {"COLUMNS": "80"})
    code = run([*words, "--format", "tabel"], console)
    first = console.err.getvalue().splitlines()[0]  # type: ignore[attr-defined]
    assert (code, console.out.getvalue()) == (Exit.USAGE, "")  # type: ignore[attr-defined]
    assert REFUSED.fullmatch(first), first
