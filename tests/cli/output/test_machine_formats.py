"""The formats for machines, from the command line: what a real run writes is what others accept."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import jsonschema

from hardenme.reports.jsonfile import SCHEMA
from tests.cli.conftest import Accounts
from tests.reports.test_report_junit import schema as junit
from tests.reports.test_report_sarif import VALIDATOR


def test_each_format_tells_of_the_same_run(weak: Accounts, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    usual = weak.check("--select", "GHA,GHB,NPA", "-f", "json", "-o", str(file))
    document = json.loads(file.read_text("utf-8"))
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(document)
    assert [one["name"] for one in document["standards"]] == ["osps", "scm", "cis", "slsa", "ssdf"]
    counts = document["counts"]

    def rendered(form: str) -> str:
        ran = weak.command("show", str(file), "-q", "-f", form)
        assert (ran.code, ran.err) == (0, ""), form
        return ran.out

    log = json.loads(rendered("sarif"))
    assert [error.message for error in VALIDATOR.iter_errors(log)] == []
    (run,) = log["runs"]
    personal = [one for one in document["findings"] if one["subject"].startswith("github:email/")]
    assert sum(run["properties"]["counts"].values()) == sum(counts.values()) - len(personal)
    rule = next(one for one in run["tool"]["driver"]["rules"] if one["id"] == "GHB109")
    assert "osps:OSPS-AC-03.02" in rule["properties"]["tags"]
    junit().validate(rendered("junit"))
    rows = list(csv.DictReader(io.StringIO(rendered("csv"))))
    assert [row["outcome"] for row in rows] == ["note", *["failed"] * counts["failed"]]
    assert usual.code == 1


def test_code_scanning_files_and_annotations_come_from_check_itself(
    weak: Accounts, tmp_path: Path
) -> None:
    summary, file = tmp_path / "summary", tmp_path / "out.sarif"
    summary.touch()
    ran = weak.check("--select", "GHA,GHB", "-f", "sarif", "-o", str(file))
    assert ran.code == 1
    assert [error.message for error in VALIDATOR.iter_errors(json.loads(file.read_text()))] == []
    here = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    ran = weak.check("--select", "GHA,GHB", "-f", "github", **here)
    assert ran.code == 1
    assert ran.out.startswith("::error title=GHA101 GitHub account has no 2FA (critical)::")
    assert summary.read_text("utf-8").startswith("# hardenme checklist")
    named = weak.check("--select", "GHA108", "-f", "csv", "--with-members")
    assert "github:email/" in named.out
