from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest

from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.verdict import Failed, Fix
from hardenme.reports import files, pieces, render
from hardenme.reports.sarif import rules
from hardenme.reports.sarif.limits import GITHUB, TAGS
from hardenme.reports.sarif.words import SCORES
from tests.reports.machine_sample import MEMBER, everything, halted, mapped
from tests.reports.planned import failed, fix, report
from tests.reports.sample import HOSTILE, WEB, finding, hostile, large, maintainer, report_of

FOLDER = Path(__file__).with_name("schemas")
VALIDATOR = jsonschema.Draft4Validator(
    json.loads((FOLDER / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
)
Document = dict[str, Any]


def log(report: Report, **options: Any) -> Document:
    document: Document = json.loads(render(report, "sarif", **options))
    return document


def only(report: Report, **options: Any) -> Document:
    (run,) = log(report, **options)["runs"]
    found: Document = run
    return found


def results(report: Report, **options: Any) -> dict[str, Document]:
    """The results by code and subject."""
    return {
        f"{one['ruleId']} {one['locations'][0]['logicalLocations'][0]['fullyQualifiedName']}": one
        for one in only(report, **options)["results"]
    }


def strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    for value in (
        node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    ):
        yield from strings(value)


REPORTS: dict[str, Callable[[], Report]] = {
    "everything": everything,
    "halted": halted,
    "maintainer": maintainer,
    "hostile": hostile,
    "large": lambda: large(20),
    "empty": lambda: report_of([]),
}


@pytest.mark.parametrize("make", REPORTS.values(), ids=REPORTS)
def test_what_is_written_is_valid_and_has_what_code_scanning_demands(
    make: Callable[[], Report],
) -> None:
    text = render(make(), "sarif")
    assert text.isascii()
    document = json.loads(text)
    assert [error.message for error in VALIDATOR.iter_errors(document)] == []
    for run in document["runs"]:
        ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
        assert len(set(ids)) == len(ids)
        described = [*run["tool"]["driver"]["rules"], *run["tool"]["driver"]["notifications"]]
        for descriptor in described:
            for part in ("shortDescription", "fullDescription", "help"):
                assert len(descriptor[part]["text"]) > 0
            assert len(descriptor["shortDescription"]["text"]) <= 1024
            assert len(descriptor["fullDescription"]["text"]) <= 1024
        for one in run["results"]:
            assert ids[one["ruleIndex"]] == one["ruleId"]
            assert one["message"]["text"]
            (place,) = one["locations"]
            assert set(place["physicalLocation"]["region"]) == {
                *("startLine", "startColumn", "endLine", "endColumn")
            }


def test_a_failure_has_its_level_and_says_how_it_is_closed() -> None:
    found = results(everything())
    failed = found["GHB101 github:repo/mallow/web"]
    assert (failed["kind"], failed["level"]) == ("fail", "error")
    assert failed["message"]["text"] == (
        "mallow/web: no active rule covers the default branch `main`. Fix: Add a branch ruleset"
        f" that targets the default branch. {WEB}/mallow/web/settings/rules"
    )
    assert found["GHR103 github:repo/mallow/web"]["level"] == "warning"
    lowered = found["GHR102 github:workflow/mallow/web/release build.yml"]
    assert (lowered["level"], lowered["properties"]["severity"]) == ("note", "low")


def test_what_is_not_known_is_open_and_says_so_first() -> None:
    kinds = Counter((one["kind"], one["level"]) for one in results(everything()).values())
    assert kinds[("open", "none")] == 2
    assert kinds[("review", "none")] == 1
    assert set(kinds) == {
        *(("open", "none"), ("review", "none")),
        *(("fail", level) for level in ("error", "warning", "note")),
    }
    found = results(everything())
    unknown = found["NPA101 npm:user/mallow"]
    assert unknown["message"]["text"].startswith("Not known for mallow: NEEDS_PRESENCE, it takes")
    errored = found["NPT106 npm:token/3f9c"]
    assert errored["message"]["text"].startswith("Not known for token 3f9c: KeyError.")
    manual = found["NPA103 npm:user/mallow"]
    assert manual["message"]["text"].startswith("To confirm by hand for mallow: Is the second")


def test_nothing_that_passed_is_a_result_and_all_is_counted() -> None:
    report = everything()
    run = only(report, with_members=True)
    outcomes = Counter(one["properties"]["outcome"] for one in run["results"])
    counts = report.counts()
    assert run["properties"]["counts"] == counts
    assert outcomes == {
        name: number
        for name, number in counts.items()
        if number and name not in {"passed", "attested", "not_applicable"}
    }
    assert counts["attested"]
    assert counts["passed"]


def test_a_waiver_is_a_suppression_and_an_expired_one_is_none() -> None:
    found = results(everything())
    waived = found["GHB101 github:repo/mallow/tool"]
    assert waived["suppressions"] == [
        {
            "kind": "external",
            "status": "accepted",
            "justification": "moves in March; accepted by hazel; until 2027-03-01; see "
            f"{WEB}/acorn/web/issues/7",
        }
    ]
    assert waived["message"]["text"].startswith("Accepted until 2027-03-01: mallow/tool: ")
    lapsed = found["GHR103 github:repo/mallow/tool"]
    assert "suppressions" not in lapsed
    assert lapsed["message"]["text"].endswith(" It was accepted until 2026-10-01.")


def test_the_notifications_tell_what_no_result_tells() -> None:
    def told(report: Report) -> list[tuple[str, str]]:
        (one,) = only(report)["invocations"]
        return [
            (notice["descriptor"]["id"], notice["message"]["text"])
            for notice in one["toolExecutionNotifications"]
        ]

    whole = told(everything())
    assert ("check-broke", "1 result is not known: the check broke") in whole
    assert ("to-confirm", "1 to confirm by hand") in whole
    assert ("waivers", "unused waivers: 1") in whole
    assert ("waivers", "expired waivers: 1") in whole
    assert ("warning", "certificates are checked against another file") in whole
    left = "4 findings about people are left out; --with-members puts them in"
    assert ("left-out", left) in whole
    reasons = [text for name, text in whole if name == "not-known"]
    assert len(reasons) == 1
    assert reasons[0].startswith("1 result is not known, NEEDS_PRESENCE: ")
    assert not [name for name, _ in whole if name == "run-not-whole"]
    assert told(halted())[0][0] == "run-not-whole"
    stopped = replace(everything(), partial="interrupted", redacted="pseudonyms")
    assert told(stopped)[:2] == [
        ("redacted", "redacted: pseudonyms"),
        ("run-not-whole", "This report is not whole: interrupted"),
    ]


@pytest.mark.parametrize(
    ("report", "successful"),
    [(everything(), True), (halted(), False), (replace(everything(), partial="x"), False)],
)
def test_a_run_that_did_not_go_to_its_end_was_not_successful(
    report: Report, *, successful: bool
) -> None:
    (one,) = only(report)["invocations"]
    assert one["executionSuccessful"] is successful
    assert (one["startTimeUtc"], one["endTimeUtc"]) == (
        "2026-11-24T16:03:05Z",
        "2026-11-24T16:03:07Z",
    )


def test_fingerprints_are_those_of_the_findings_whatever_else_changes() -> None:
    def prints(report: Report) -> dict[str, tuple[str, str]]:
        return {
            name: tuple(one["partialFingerprints"].values())
            for name, one in results(report).items()
        }

    before = prints(everything())
    after = prints(replace(everything(), version="9.9", targets=("github:acorn",)))
    assert before == after
    for finding_ in everything().findings:
        found = before.get(f"{finding_.code} {finding_.subject}")
        if found:
            assert found == (f"{finding_.fingerprint}:1", finding_.fingerprint)
    assert len(set(before.values())) == len(before)


def uris(report: Report) -> list[str]:
    return [
        place["physicalLocation"]["artifactLocation"]["uri"]
        for run in log(report)["runs"]
        for one in run["results"]
        for place in one["locations"]
    ]


def test_addresses_are_relative_encoded_and_lead_nowhere_else() -> None:
    names = (
        *HOSTILE,
        "..",
        "../../etc/passwd",
        "/etc/passwd",
        "javascript:alert(1)",
        "C:\\x",
        "%41",
    )
    fix = Fix("Do it", WEB)
    report = report_of(
        finding("GHB101", Subject(provider, "repo", name), Failed("x", {"a": 1}, fix))
        for name in names
        for provider in ("github", "javascript:")
    )
    found = uris(report)
    assert len(found) == 2 * len(names)
    for address in found:
        assert re.fullmatch(
            r"(?:[A-Za-z0-9._~@-]|%[0-9A-F]{2})+(?:/(?:[\w.~@-]|%[0-9A-F]{2})+)*", address
        )
        assert not {".", ".."} & set(address.split("/"))
        assert ":" not in address
        unquote(address, errors="strict")
    assert len(set(found)) == len(found)


def test_a_workflow_is_named_as_the_file_that_it_is_where_the_report_is_of_its_repository() -> None:
    own = replace(everything(), targets=("github:mallow/web",))
    assert ".github/workflows/release%20build.yml" in uris(own)
    for targets in (
        ("github:mallow/we",),
        ("github:mallow",),
        ("me",),
        ("github:mallow/web", "me"),
    ):
        others = uris(replace(everything(), targets=targets))
        assert "github/repo/mallow/web/.github/workflows/release%20build.yml" in others


def test_no_text_is_a_link() -> None:
    document = log(hostile())
    messages = [one["message"]["text"] for run in document["runs"] for one in run["results"]]
    assert [text for text in messages if re.search(r"\]\(", text)] == []
    assert any("javascript:" in text for text in messages)


@pytest.mark.second_tier("names of a megabyte")
def test_a_name_of_a_megabyte_makes_no_megabyte_of_an_address() -> None:
    name = "x" * 1_000_000
    subject = Subject("github", "repo", name)
    report = report_of([finding("GHB101", subject, Failed(name, {"a": 1}, Fix("Do", WEB)))])
    assert uris(report) == [f"github/{report.findings[0].fingerprint}"]
    assert len(render(report, "sarif")) < 300_000


def test_rules_are_the_checks_with_their_weight_and_their_controls() -> None:
    found = {rule["id"]: rule for rule in only(everything())["tool"]["driver"]["rules"]}
    assert set(found) == set(everything().checks)
    rule = found["GHB101"]
    assert rule["properties"] == {
        "tags": ["security", "GHB", "osps:OSPS-AC-03.01", "slsa:L2"],
        "security-severity": "8.0",
        "controls": ["osps:OSPS-AC-03.01", "slsa:L2"],
    }
    assert rule["defaultConfiguration"] == {"level": "error"}
    assert rule["shortDescription"]["text"] == "Default branch is not protected"
    assert rule["fullDescription"]["text"].startswith("The default branch is protected by")
    assert rule["help"]["text"].startswith(
        "Default branch is not protected\n\nRequired: The default branch is protected by"
    )
    assert "\n\n## Why\n\nWhoever can push" in rule["help"]["markdown"]
    assert "helpUri" not in rule
    assert "security-severity" not in found["GHB103"]["properties"]


def test_the_scores_are_read_as_the_severities_that_they_stand_for() -> None:
    bands = {
        Severity.CRITICAL: (9.01, 10.0),
        Severity.HIGH: (7.0, 8.9),
        Severity.MEDIUM: (4.0, 6.9),
        Severity.LOW: (0.1, 3.9),
    }
    assert set(SCORES) == set(bands)
    for severity, (least, most) in bands.items():
        assert least <= float(SCORES[severity]) <= most


def test_a_rule_has_no_more_tags_than_are_taken_and_all_its_controls() -> None:
    report = replace(everything(), checks=mapped(dict(everything().checks), 40))
    for rule in only(report)["tool"]["driver"]["rules"]:
        assert len(rule["properties"]["tags"]) == TAGS
        assert len(rule["properties"]["controls"]) == 40


def test_a_page_is_linked_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "DOCUMENTATION", "https://docs.example.test/checks/")
    (first, *_) = only(everything())["tool"]["driver"]["rules"]
    assert first["helpUri"] == "https://docs.example.test/checks/GHA101"


def test_people_are_left_out_unless_they_are_asked_for() -> None:
    without = render(everything(), "sarif")
    assert not re.search(rf"\b{MEMBER}\b", without)
    assert "sorrel" not in without
    named = results(everything())["GHB101 github:repo/acorn/web"]
    assert named["message"]["text"].startswith("acorn/web: (a person) (and @(a person)) pushed; ")
    with_them = results(everything(), with_members=True)
    assert f"GHA101 github:member/acorn/{MEMBER}" in with_them
    assert MEMBER in with_them["GHB101 github:repo/acorn/web"]["message"]["text"]


def test_the_pieces_of_one_file_are_the_whole() -> None:
    assert "".join(pieces(everything(), "sarif")) == render(everything(), "sarif")
    ((one),) = ("".join(file) for file in files(everything(), "sarif"))
    assert json.loads(one) == log(everything())
    assert GITHUB.results == 5_000


def test_no_string_has_a_character_that_steers() -> None:
    steering = re.compile(
        r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
    )
    assert [text for text in strings(log(hostile())) if steering.search(text)] == []


def test_a_workflow_of_an_organization_has_the_line_that_its_fix_points_to() -> None:
    page = "https://github.example.test/acme/web/blob/HEAD/.github/workflows/ci.yml#L12"
    made = failed(
        "GHW201",
        "github:workflow/acme/web/ci.yml",
        fix("Pin it", page),
        within="github:repo/acme/web",
    )
    for targets in (("github:acme",), ("github:acme/web",)):
        log = json.loads(render(report(made, targets=targets), "sarif"))
        (place,) = log["runs"][0]["results"][0]["locations"]
        found = place["physicalLocation"]
        assert found["region"]["startLine"] == 12
        assert found["artifactLocation"]["uri"].endswith(".github/workflows/ci.yml")
