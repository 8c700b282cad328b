"""`hardenme render`: what is said where there is nothing to render."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from hardenme.cli.console import Console
from hardenme.cli.main import run


def said(*arguments: str) -> str:
    """What the command says on standard error when it refuses."""
    out, err = io.StringIO(), io.StringIO()
    assert run(["render", *arguments], Console(out, err, {})) == 2
    assert out.getvalue() == ""
    return err.getvalue()


def test_a_format_that_is_none_is_told_with_the_one_that_may_be_meant(tmp_path: Path) -> None:
    assert "not 'htlm'; did you mean html?" in said(str(tmp_path / "r.json"), "-f", "htlm")
    assert "did you mean" not in said(str(tmp_path / "r.json"), "-f", "xyz")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{}", "it has no `schema_version`"),
        ("hello", "it is no JSON object"),
        ("", "it is empty"),
    ],
)
def test_what_is_no_report_is_told_with_its_name(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "r.json"
    file.write_text(text)
    assert f"r.json is no report to read: {why}" in said(str(file))
