"""Lines of results fit a terminal, below their own beginning or their label."""

from __future__ import annotations

import io

import pytest

from hardenme.cli.terminal.console import Console
from hardenme.reports.columns import fitted, width_of

SENTENCE = "A mail asks you to update your 2FA (chalk and debug, September 2025)"


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
@pytest.mark.parametrize("line", [SENTENCE, f"  {SENTENCE}", f"fake-2fa-mail   {SENTENCE}"])
def test_a_line_fits_and_keeps_its_words(line: str, columns: int) -> None:
    found = fitted(line, columns)
    assert max(map(width_of, found)) <= columns
    assert " ".join(" ".join(found).split()) == " ".join(line.split())
    indents = {len(one) - len(one.lstrip()) for one in found[1:]}
    assert len(indents) <= 1


@pytest.mark.parametrize(
    "line",
    [
        "  https://github.com/acme/web/settings/security_analysis",
        "  hardenme attest NPP106 npm:package/@acorn-labs/sieve --yes",
        "      npm dist-tag add @acorn-labs/sieve@0.8.0 latest --registry x",
    ],
)
def test_what_is_copied_stays_whole(line: str) -> None:
    assert fitted(line, 40) == [line]


@pytest.mark.parametrize("columns", ["40", ""])
def test_a_program_reads_one_line_for_each_thing(columns: str) -> None:
    out = io.StringIO()
    Console(out, io.StringIO(), {"COLUMNS": columns} if columns else {}).tell(f"{SENTENCE}\n")
    assert (out.getvalue() == f"{SENTENCE}\n") == (not columns)
    assert max(map(len, out.getvalue().splitlines())) <= int(columns or 1000)
