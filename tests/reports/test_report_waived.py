"""What is waived is counted and listed everywhere; what was waived is told where it fails."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, timedelta

import jsonschema
import pytest
from syrupy.assertion import SnapshotAssertion

from hardenme.model.finding import Finding
from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.model.waiver import Waiver, Waivers
from hardenme.reports import ALERTS, FORMATS, render, step_summary
from hardenme.reports.grouping import checklist_of
from hardenme.reports.jsonfile import SCHEMA
from hardenme.reports.reading import read
from hardenme.reports.waived import KEPT, SOON, left
from tests.reports.sample import (
    AT,
    COUNTED,
    HOSTILE,
    account_findings,
    entries_of,
    old_key,
    report_of,
    unprotected,
    without_alerts,
)

DAY = AT.date()
READ_BY_PEOPLE = ("table", "markdown", ALERTS)
NAMES = ("web", "api", "tool")


def waiver(
    check: str, subject: str, days: int, reason: str = "one maintainer", **more: str
) -> Waiver:
    return Waiver(check, subject, reason, DAY + timedelta(days=days), **{"by": "hazel", **more})


def waived(finding: Finding, by: Waiver) -> Finding:
    return replace(finding, waiver=by)


ALL = waiver("GHB101", "github:repo/mallow/*", 67, issue="mallow/web#12", origin="~/config.toml")
SHORT = waiver("GHA103", "github:ssh-key/401", SOON, "it lies in a safe")
GONE = waiver("GHR103", "github:repo/mallow/web", -24, "no dependencies", issue="mallow/web#9")


def report() -> Report:
    findings = account_findings()
    findings += [waived(unprotected(name), ALL) for name in NAMES]
    findings += [waived(old_key(401, "old laptop"), SHORT), old_key(402, "build server")]
    findings += [replace(without_alerts("web"), lapsed=GONE), without_alerts("api")]
    ledger = Waivers(
        unused=(waiver("GHA104", "github:ssh-key/400", 30, origin="~/config.toml"),),
        expired=(GONE, waiver("NPT106", "npm:token/3f9c", 0)),
        proposed=(waiver("NPA101", "npm:user/mallow", 90, by="eve", origin="hardenme.toml"),),
    )
    return replace(report_of(findings), waivers=ledger)


@pytest.mark.parametrize("form", READ_BY_PEOPLE)
@pytest.mark.parametrize("width", [100, 48])
def test_it_reads_as_it_did(form: str, width: int, snapshot: SnapshotAssertion) -> None:
    if form == "markdown" and width < 100:
        return
    assert render(report(), form, width=width) == snapshot


@pytest.mark.parametrize("form", sorted(FORMATS.keys() - {"screen", "mermaid", "commands", "csv"}))
def test_each_is_listed_with_who_and_why_and_until_when(form: str) -> None:
    text = render(report(), form, width=200)
    if form == "github":
        # An annotation stands for what is to be done; the step's summary has the rest.
        text = step_summary(report(), 1 << 20, with_members=True)
    for part in ("hazel", "one maintainer", "it lies in a safe", "mallow/web#12", f"{ALL.until}"):
        assert part in text, part


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_the_last_line_counts_it(form: str) -> None:
    for quiet in (False, True):
        lines = render(report(), form, width=200, quiet=quiet).splitlines()
        last = next(line for line in reversed(lines) if line and not line.startswith("<!--"))
        assert "4 waived" in last
        assert last.startswith("6 failed")


def test_it_is_no_task_and_weighs_nothing() -> None:
    found = checklist_of(report())
    assert found.waived == 4
    assert sum(found.severities.values()) == found.failed == 6
    assert "GHB101" not in {item.code for item in found.items}
    assert [(one.code, one.severity, one.count) for one in found.accepted] == [
        ("GHB101", Severity.HIGH, 3),
        ("GHA103", Severity.MEDIUM, 1),
    ]
    text = render(report(), "markdown")
    assert "- [ ]" not in text.partition("## Waived")[2].partition("##")[0]


def test_days_are_counted_from_the_day_of_the_report() -> None:
    long, short = checklist_of(report()).accepted
    assert left(long) == f"until {ALL.until}, 67 days left"
    assert left(short) == f"until {SHORT.until}, 14 days left: ends soon"
    assert left(replace(short, days=1)).endswith("1 day left: ends soon")


def test_of_one_item_it_is_told_whose_waiver_lapsed() -> None:
    (item,) = [item for item in checklist_of(report()).items if item.code == "GHR103"]
    (lapsed,) = item.lapsed
    assert (lapsed.names, lapsed.count, lapsed.others) == (("mallow/web",), 1, 0)
    told = "mallow/web: accepted until 2026-10-31 by hazel: no dependencies (mallow/web#9)"
    assert f"Once {told}" in " ".join(render(report(), "table").split())


def test_where_all_is_waived_nothing_is_to_fix() -> None:
    whole = report_of([waived(unprotected(name), ALL) for name in NAMES])
    assert "Nothing is open, except waived findings." in render(whole, "table")
    assert render(whole, ALERTS).startswith(
        "3 packages, 0 releases looked at, nothing unusual, 3 waived"
    )
    assert render(whole, ALERTS, quiet=True) == ""


def test_of_many_the_first_are_named_and_all_are_counted() -> None:
    many = report_of([waived(unprotected(f"r{number:04}"), ALL) for number in range(KEPT + 300)])
    (one,) = checklist_of(many).accepted
    assert (len(one.names), one.count, one.others) == (KEPT, KEPT + 300, 300)
    assert f"and {KEPT + 300 - 20} more" in " ".join(render(many, "markdown").split())
    assert not COUNTED.search(" ".join(render(many, "table").split()))


def test_of_many_waivers_the_rest_is_counted() -> None:
    several = tuple(waiver("GHB101", f"github:repo/a/r{number}", 9) for number in range(300))
    findings = [waived(unprotected(f"r{number}"), one) for number, one in enumerate(several)]
    whole = replace(report_of(findings), waivers=Waivers(proposed=several))
    assert not COUNTED.search(" ".join(render(whole, "table").split()))
    text = render(whole, "markdown")
    assert entries_of(text, "Waived") == entries_of(text, "Waivers that accept nothing") == 300


@pytest.mark.second_tier("takes long")
def test_a_waiver_that_somebody_wrote_shows_as_nothing_but_text() -> None:
    findings, told = [], []
    for number, text in enumerate(HOSTILE):
        bad = Waiver(
            "GHB101",
            f"github:repo/{text}",
            text,
            DAY + timedelta(days=number + 1),
            text,
            text,
            text,
        )
        findings.append(waived(unprotected(f"a{number}"), bad))
        findings.append(replace(without_alerts(f"b{number}"), lapsed=bad))
        told.append(bad)
    whole = replace(report_of(findings), waivers=Waivers(tuple(told), tuple(told), tuple(told)))
    for form in (*sorted(FORMATS), ALERTS):
        text = render(whole, form, width=90).replace("\r\n", "\n")
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028\u202e\u2066\ud800]", text), (
            form
        )
        assert "CANARY" not in text, form
    markdown = render(whole, "markdown")
    outside = re.sub(r"(`+)(?:.*?[^`])\1(?!`)", "", markdown)
    assert not re.search(r"<script|<img|!\[|@mallow|www\.|#1", outside)
    assert max(map(len, render(whole, "table", width=60).splitlines())) < 200


def test_json_holds_it_by_the_schema_and_it_comes_back() -> None:
    text = render(report(), "json")
    document = json.loads(text)
    jsonschema.validate(document, json.loads(SCHEMA.read_text()))
    assert document["counts"]["waived"] == 4
    stored = read(text)
    assert stored.waivers == report().waivers
    assert [one.waiver for one in stored.findings if one.waiver] == [SHORT, ALL, ALL, ALL]
    assert render(stored, "table") == render(report(), "table")
    assert date.fromisoformat(document["waivers"]["expired"][0]["until"]) == GONE.until
