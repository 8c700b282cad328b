from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import xmlschema

from hardenme.model.finding import NAMES, WAIVED
from hardenme.model.report import Report
from hardenme.model.subject import Subject
from hardenme.model.verdict import Failed, Fix
from hardenme.reports import pieces, render
from tests.reports.machine_sample import everything, halted
from tests.reports.sample import HOSTILE, WEB, finding, hostile, large, maintainer, report_of


@cache
def schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(Path(__file__).with_name("schemas") / "junit-10.xsd"))


REPORTS: dict[str, Callable[[], Report]] = {
    "everything": everything,
    "halted": halted,
    "maintainer": maintainer,
    "hostile": hostile,
    "large": lambda: large(10),
    "empty": lambda: report_of([]),
}
ENDS = {
    "failed": "failure",
    "errored": "error",
    "unknown": "skipped",
    "manual": "skipped",
    "waived": "skipped",
    "not_applicable": "skipped",
    "attested": "system-out",
    "passed": "",
}
"""What stands in the test case of an outcome."""


def parsed(report: Report) -> ET.Element:
    return ET.fromstring(render(report, "junit"))  # noqa: S314 (our own text)


def ends(case: ET.Element) -> str:
    return case[0].tag if len(case) else ""


def cases(report: Report) -> list[ET.Element]:
    return [
        case
        for suite in parsed(report)
        if suite.get("name") != "hardenme run"
        for case in suite.iter("testcase")
    ]


@pytest.mark.parametrize("make", REPORTS.values(), ids=REPORTS)
def test_what_is_written_is_valid_and_its_counts_are_right(make: Callable[[], Report]) -> None:
    report = make()
    schema().validate(render(report, "junit"))
    root = parsed(report)
    totals: Counter[str] = Counter()
    for suite in root:
        found = Counter(map(ends, suite.iter("testcase")))
        counted = {"failures": "failure", "errors": "error", "skipped": "skipped"}
        assert suite.get("tests") == str(found.total())
        for name, tag in counted.items():
            assert suite.get(name) == str(found[tag])
        totals += found
    assert root.get("tests") == str(totals.total())
    assert root.get("failures") == str(totals["failure"])
    assert root.get("errors") == str(totals["error"])


def test_every_finding_is_a_case_that_ends_as_its_outcome_says() -> None:
    report = everything()
    assert set(ENDS) == {*NAMES.values(), WAIVED}
    assert {one.result for one in report.findings} == set(ENDS)
    shown = {(case.get("classname"), case.get("name")): ends(case) for case in cases(report)}
    assert shown == {
        (f"hardenme.{one.code[:3]}.{one.code}", f"{one.slug}: {one.subject}"): ENDS[one.result]
        for one in report.findings
    }
    assert len(shown) == len(report.findings)


def test_nothing_that_is_not_known_succeeds() -> None:
    good = {"", "system-out"}
    for report in (everything(), maintainer(), hostile(), large(5)):
        known = Counter(one.result for one in report.findings)
        succeeded = sum(ends(case) in good for case in cases(report))
        assert succeeded == known["passed"] + known["attested"]


def test_a_failure_tells_its_severity_and_how_it_is_closed() -> None:
    (case,) = [
        one
        for one in cases(everything())
        if one.get("name") == "branch-protected: github:repo/mallow/web"
    ]
    failure = case[0]
    assert failure.get("type") == "high"
    assert failure.get("message") == (
        "Default branch is not protected: no active rule covers the default branch `main`"
    )
    assert failure.text == (
        "mallow/web: no active rule covers the default branch `main`\n"
        "Fix: Add a branch ruleset that targets the default branch.\n"
        f"Page: {WEB}/mallow/web/settings/rules\n"
        "Needs: administration of the repository\n"
        "Undo: Delete the ruleset on the same page."
    )


def test_what_is_skipped_says_why_and_what_is_attested_on_whose_word() -> None:
    told = {case.get("name"): case[0] for case in cases(everything()) if len(case)}
    unknown = told["npm-two-factor-enabled: npm:user/mallow"]
    assert unknown.get("message") == (
        "unknown, NEEDS_PRESENCE: it takes a one-time password of the npm account"
    )
    waived = told["branch-protected: github:repo/mallow/tool"]
    assert waived.get("message") == (
        "waived by hazel until 2027-03-01: moves in March"
        " (https://github.example.test/acorn/web/issues/7)"
    )
    manual = told["npm-two-factor-webauthn: npm:user/mallow"]
    assert str(manual.get("message")).startswith("to confirm by hand: Is the second factor")
    attested = told["npm-token-expires: npm:token/77aa"]
    assert attested.text == "taken on the word of mallow, until 2027-02-01: expires next week"


@pytest.mark.parametrize(
    ("report", "end"),
    [(everything(), ""), (halted(), "error"), (replace(everything(), partial="killed"), "error")],
)
def test_a_run_that_did_not_go_to_its_end_is_never_green(report: Report, end: str) -> None:
    suite = next(suite for suite in parsed(report) if suite.get("name") == "hardenme run")
    (case,) = suite.iter("testcase")
    assert ends(case) == end


def test_a_repository_is_a_suite_and_what_stands_above_is_one_a_family() -> None:
    names = [suite.get("name") for suite in parsed(large(2))]
    assert names[0] == "hardenme run"
    assert "hardenme mallow/repository-00001" in names
    assert "hardenme NPP" in names


def test_what_xml_has_no_character_for_is_seen_as_its_escape() -> None:
    text = render(hostile(), "junit")
    allowed = re.compile(r"[\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")
    assert allowed.fullmatch(text)
    for escape in (r"\x1b[31m", r"\ud800", r"\U000e0001", r"\x00", r"\u2028"):
        assert escape in text
    labels = [one.label for one in hostile().findings]
    assert any(r"\x1b" in label for label in labels)
    root = parsed(hostile())
    assert any("<script>" in str(case.get("name")) for case in root.iter("testcase"))


def test_markup_in_a_name_stays_a_name() -> None:
    bad = ('"/><failure/>', "]]></failure></testcase>", "<!DOCTYPE x>", "&evil;", *HOSTILE)
    report = report_of(
        finding(
            "GHB101",
            Subject("github", "repo", text),
            Failed(f"x {text}", {"a": 1}, Fix(f"x{text}", WEB)),
        )
        for text in bad
    )
    root = parsed(report)
    assert len(list(root.iter("testcase"))) == len(bad) + 1
    assert len(list(root.iter("failure"))) == len(bad)


def test_the_pieces_are_the_whole() -> None:
    assert "".join(pieces(everything(), "junit")) == render(everything(), "junit")
