from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hardenme.cli.main import run
from hardenme.cli.terminal.console import Console
from hardenme.ground.exit_code import Exit
from hardenme.model.report import Identity, Report
from hardenme.reports import render
from tests.drift.compared import finding, report


def diffed(*words: str, **environ: str) -> tuple[int, str, str]:
    console = Console(io.StringIO(), io.StringIO(), {"COLUMNS": "80", **environ})
    code = run(["diff", *words], console)
    return code, console.out.getvalue(), console.err.getvalue()  # type: ignore[attr-defined]


def counted(made: Report) -> str:
    return render(made, "json")


def accounts(*logins: str) -> tuple[Identity, ...]:
    """One host's answers for several accounts, each by a token of its own."""
    return tuple(
        Identity("github", "https://api.github.test", login, "classic", "env") for login in logins
    )


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """Stored reports by what they hold."""
    reports: dict[str, Report] = {
        "good": report(finding("passed")),
        "bad": report(finding(), week=1),
        "mild": report(finding(severity=finding().severity.LOW), week=1),
        "blind": report(finding("unknown"), week=1),
        "other": report(finding("passed"), targets=("github:other",)),
        "another account": report(finding(), identities=accounts("rowan")),
        "one more account": report(finding(), identities=accounts("hazel", "rowan")),
    }
    for name, made in reports.items():
        (tmp_path / name).write_text(counted(made), encoding="utf-8")
    return {name: str(tmp_path / name) for name in reports}


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("good", "bad", Exit.FINDINGS),
        ("bad", "good", Exit.CLEAN),
        ("good", "good", Exit.CLEAN),
        ("good", "mild", Exit.CLEAN),
        ("bad", "blind", Exit.UNKNOWN),
        ("good", "other", Exit.USAGE),
        ("good", "another account", Exit.USAGE),
        ("good", "one more account", Exit.FINDINGS),
        ("one more account", "another account", Exit.CLEAN),
    ],
)
def test_the_exit_code_tells_new_lost_and_neither_apart(
    files: dict[str, str], before: str, after: str, code: Exit
) -> None:
    assert diffed(files[before], files[after])[0] == code


def test_what_changed_is_printed_and_nothing_where_that_is_all_there_is_to_say(
    files: dict[str, str],
) -> None:
    code, out, err = diffed(files["good"], files["bad"])
    assert (code, err) == (1, "")
    assert "1 new" in out
    assert "GHR101" in out
    assert diffed(files["good"], files["good"], "-q") == (0, "", "")


def test_quiet_is_two_lines_a_change_and_lines_are_one(files: dict[str, str]) -> None:
    code, out, err = diffed(files["good"], files["bad"], "-q", COLUMNS="400")
    assert (code, err) == (1, "")
    first, second, standing = out.splitlines()
    assert first.startswith("- high, new: ")
    assert "acme/web" in first
    assert second.startswith("  ")
    assert standing.startswith("Standing: 1 high")
    assert standing.endswith(files["bad"])
    brief = diffed(files["good"], files["bad"], "--lines", COLUMNS="400")[1]
    assert brief == f"{first}\n{standing}\n"
    narrow = diffed(files["good"], files["bad"], "-q", COLUMNS="60")[1].splitlines()
    assert " ".join(" ".join(narrow).split()) == " ".join(out.split())
    assert [one for one in narrow if len(one) > 60 and "/" not in one] == []
    marked = diffed(files["good"], files["bad"], "-q", "-f", "markdown")[1]
    assert marked.startswith("- high, new: ")


def test_the_severity_that_counts_is_an_option(files: dict[str, str]) -> None:
    assert diffed(files["good"], files["mild"], "--fail-on", "low")[0] == 1
    code, out, err = diffed(files["good"], files["mild"], "--fail-on", "soon")
    assert (code, out) == (2, "")
    assert "'soon' is not a severity" in err


def test_two_that_cannot_be_compared_say_why_and_json_says_it_too(files: dict[str, str]) -> None:
    code, out, err = diffed(files["good"], files["other"])
    assert (code, out) == (2, "")
    assert "other targets: github:acme, and then github:other" in err
    document = json.loads(diffed(files["good"], files["other"], "-f", "json")[1])
    assert "other targets" in document["incomparable"]


def test_a_file_gets_it_and_says_where_it_is(files: dict[str, str], tmp_path: Path) -> None:
    place = tmp_path / "drift.json"
    code, out, err = diffed(files["good"], files["bad"], "-f", "json", "-o", str(place))
    assert (code, out) == (1, "")
    assert f"what changed is in {place}" in err
    assert json.loads(place.read_text(encoding="utf-8"))["findings"]["new"] == 1
    assert place.stat().st_mode & 0o777 == 0o600


def test_standard_input_is_one_of_the_two(
    files: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = Path(files["bad"]).read_bytes()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text), encoding="utf-8"))
    assert diffed(files["good"], "-")[0] == 1
    code, _, err = diffed("-", "-")
    assert code == 2
    assert "standard input holds one report" in err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "cannot be read: No such file"),
        ("", "it is empty"),
        ("{}", "not a report to read"),
        ('{"schema_version": "2.0"', "is of version 2.0"),
    ],
)
def test_what_is_no_report_is_one_line_and_code_2(
    files: dict[str, str], tmp_path: Path, text: str | None, words: str
) -> None:
    broken = tmp_path / "broken"
    if text is not None:
        broken.write_text(text, encoding="utf-8")
    for pair in ((str(broken), files["good"]), (files["good"], str(broken))):
        code, out, err = diffed(*pair)
        assert (code, out) == (2, "")
        assert words in err
        assert err.count("\n") == 1


def test_an_unknown_form_is_told_before_a_file_is_read() -> None:
    code, _, err = diffed("a", "b", "-f", "tabel")
    assert code == 2
    assert "table, markdown, json, github, line; not 'tabel'; did you mean table?" in err


def test_a_report_that_was_stored_is_the_same_as_the_one_that_was_made(
    files: dict[str, str], tmp_path: Path
) -> None:
    hard: dict[str, Any] = {"label": "a\u200bb", "severity": finding().severity.CRITICAL}
    made = report(replace(finding(), **hard), finding("waived", code="GHR102"))
    place = tmp_path / "hard"
    place.write_text(counted(made), encoding="utf-8")
    assert diffed(str(place), str(place), "-q") == (0, "", "")
    assert files
