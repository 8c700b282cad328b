from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.engine.report_filter import ReportFilter, cut
from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.verdict import Failed, Fix
from hardenme.reports import pieces, render
from hardenme.reports.csvfile import COLUMNS, LONGEST, cell
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.plain import counted
from tests.reports.machine_sample import everything, halted
from tests.reports.sample import HOSTILE, WEB, finding, hostile, maintainer, report_of

FORMULAS = (
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠A1"),  # noqa: RUF001
    *("  =1", "'=1", '"=1', "\u00a0=1", " ' \"@x", "a;=1", 'a;"=1', "a; +1", "|calc", "﹦1"),
    *('=HYPERLINK("https://evil.example.test","x")', "=cmd|' /C calc'!A0"),
)


def rows(report: Report) -> list[dict[str, str]]:
    text = render(report, "csv")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def listed(report: Report) -> list[dict[str, str]]:
    """The rows of findings."""
    return [row for row in rows(report) if row["outcome"] != "note"]


@pytest.mark.parametrize("report", [everything(), maintainer(), hostile()])
def test_every_failed_finding_is_a_row_with_its_step_the_worst_first(report: Report) -> None:
    found = listed(report)
    failed = [one for one in report.findings if one.fails]
    assert Counter(row["fingerprint"] for row in found) == Counter(
        one.fingerprint for one in failed
    )
    assert {row["outcome"] for row in found} == {"failed"}
    weights = [Severity.parse(row["severity"]) for row in found]
    assert weights == sorted(weights, reverse=True)
    assert all(set(row) == set(COLUMNS) and None not in row.values() for row in found)
    titles = {step.id: cell(step.title) for step in plan_of(report).steps}
    assert {row["step"]: row["change"] for row in found} == titles


def test_what_is_not_a_row_is_counted() -> None:
    counts = everything().counts()
    *_, note = (row["message"] for row in rows(everything()) if row["outcome"] == "note")
    unknown = counts["unknown"] + counts["errored"]
    assert note == (
        f"{counts['failed']} failed, in the rows below. Not in them, and not passed:"
        f" {unknown} unknown, {counted(counts['manual'], 'question')}, {counts['waived']} waived."
        " -f json has everything."
    )


def test_what_is_not_known_is_listed_where_that_is_what_was_asked_for() -> None:
    part = cut(everything(), ReportFilter(unknown=True))
    found = {(one["code"], one["subject"]): one for one in listed(part)}
    assert {row["outcome"] for row in found.values()} <= {"unknown", "errored"}
    assert len(found) == everything().counts()["unknown"] + everything().counts()["errored"]
    unknown = found["NPA101", "npm:user/mallow"]
    assert unknown["unknown_reason"] == "NEEDS_PRESENCE"
    assert unknown["unknown_needed"] == "a one-time password of the npm account"
    notes = [row["message"] for row in rows(part) if row["outcome"] == "note"]
    assert notes[-1].endswith("None counts as passed.")


def test_the_form_is_that_of_rfc_4180() -> None:
    text = render(hostile(), "csv")
    lines = text.split("\r\n")
    assert lines.pop() == ""
    notes = 2 + len(hostile().warnings)
    assert len(lines) == sum(one.fails for one in hostile().findings) + 1 + notes
    quoted = r'"(?:[^"\r\n]|"")*"'
    row = re.compile(rf"{quoted}(?:,{quoted}){{{len(COLUMNS) - 1}}}")
    assert [line for line in lines if not row.fullmatch(line)] == []
    assert lines[0] == ",".join(f'"{name}"' for name in COLUMNS)
    text.encode()


def test_a_row_tells_what_was_found_and_how_it_is_closed() -> None:
    (row,) = [
        one
        for one in rows(everything())
        if one["subject"] == "github:repo/mallow/web" and one["code"] == "GHB101"
    ]
    assert {name: value for name, value in row.items() if value} == {
        "code": "GHB101",
        "check": "branch-protected",
        "family": "GHB",
        "severity": "high",
        "outcome": "failed",
        "subject": "github:repo/mallow/web",
        "within": "github:repo/mallow/web",
        "message": "no active rule covers the default branch `main`",
        "fix": "Add a branch ruleset that targets the default branch.",
        "page": f"{WEB}/mallow/web/settings/rules",
        "needs": "administration of the repository",
        "undo": "Delete the ruleset on the same page.",
        "fingerprint": row["fingerprint"],
        "title": "Default branch is not protected",
        "step": row["step"],
        "change": "Protect the branches and release tags of mallow/web",
    }


def test_a_waiver_that_expired_is_named() -> None:
    found = {(one["code"], one["subject"]): one for one in listed(everything())}
    assert found["GHR103", "github:repo/mallow/tool"]["waiver_expired"] == "2026-10-01"
    assert ("GHB101", "github:repo/mallow/tool") not in found


@pytest.mark.parametrize(
    ("report", "note"),
    [
        (replace(everything(), partial="killed"), "This report is not whole: killed"),
        (replace(everything(), redacted="pseudonyms"), "redacted: pseudonyms"),
        (replace(everything(), warnings=("judged again from facts",)), "judged again from facts"),
        (halted(), "This report is not whole: The rate limit is used up"),
    ],
)
def test_what_holds_of_the_whole_report_comes_first(report: Report, note: str) -> None:
    first = rows(report)[0]
    assert first["outcome"] == "note"
    assert first["message"].startswith(note)


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_begins_like_a_formula(text: str) -> None:
    shown = cell(text)
    assert not re.match(r"[\s\"']*[=+\-@＝＋－＠﹦|]", shown.replace("'", "·"))  # noqa: RUF001
    assert not re.search(r";[\s\"]*[=+\-@]", shown)
    assert shown.count("'") >= text.count("'")


@given(st.text(alphabet=st.characters() | st.sampled_from("=+-@;'\" \t\r\n＝"), max_size=30))  # noqa: RUF001
def test_no_text_at_all_begins_like_a_formula(text: str) -> None:
    assert not re.search(r"(?:^|;)[\s\"]*[=+\-@\t\r\n＝＋－＠]", cell(text))  # noqa: RUF001


def test_a_dash_that_becomes_a_minus_in_ascii_begins_no_formula() -> None:
    report = replace(everything(), redacted="", partial="", warnings=())
    label = replace(report.findings[0], label="\u20131+1")
    text = render(replace(report, findings=(label,)), "csv", ascii_only=True)
    _, row = csv.DictReader(io.StringIO(text, newline=""))
    assert row["label"] == "'-1+1"


def test_plain_words_are_left_as_they_are() -> None:
    for text in (
        "acme/web",
        "a - b = c",
        "x@y",
        "gh api -X DELETE user/keys/1; see the page",
        "1-2",
    ):
        assert cell(text) == text


def test_line_breaks_and_hidden_characters_are_seen() -> None:
    assert cell("a\r\nb\x1b\u202e\ud800\x00") == r"a\r\nb\x1b\u202e\ud800\x00"
    assert len(cell("x" * 1_000_000)) == LONGEST


def test_the_pieces_are_the_whole() -> None:
    assert "".join(pieces(everything(), "csv")) == render(everything(), "csv")


def formulas() -> Report:
    """A report whose every text is a formula."""
    texts = (*FORMULAS, *HOSTILE)
    return report_of(
        finding(
            "GHB101",
            Subject("github", "repo", text),
            Failed(f"{text}.", {"a": 1}, Fix(f"{text}.", f"{text}.", text, text, text)),
            label=text,
        )
        for text in texts
    )


def test_a_spreadsheet_computes_nothing(tmp_path: Path) -> None:
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    (tmp_path / "report.csv").write_text(render(formulas(), "csv"), "utf-8", newline="")
    done = subprocess.run(  # noqa: S603 (what the machine has)
        [
            *(program, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"),
            *("--convert-to", "fods", "--infilter=CSV:44,34,76,1"),
            *("--outdir", str(tmp_path), "report.csv"),
        ],
        cwd=tmp_path,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    sheet = (tmp_path / "report.fods").read_text("utf-8")
    assert "table:formula" not in sheet
    assert sheet.count("<table:table-row") >= len(FORMULAS)
    assert "github:repo/" in sheet
