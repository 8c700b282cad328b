from __future__ import annotations

import copy
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

import jsonschema
import pytest

from hardenme.model.finding import NAMES, WAIVED
from hardenme.model.report import SCHEMA_VERSION, Report
from hardenme.model.secret import Secret
from hardenme.model.severity import Severity
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Fix
from hardenme.reports import FORMATS, render
from hardenme.reports.jsonfile import SCHEMA
from tests.reports.publishing_sample import secretive
from tests.reports.sample import (
    CANARY,
    HOSTILE,
    USER,
    bypassing_token,
    finding,
    hostile,
    large,
    maintainer,
    report_of,
    repository,
    unprotected,
)

RULES = json.loads(SCHEMA.read_text(encoding="utf-8"))
Document = dict[str, Any]
VALIDATOR = jsonschema.Draft202012Validator(RULES)


def loaded(report: Report) -> Document:
    document: Document = json.loads(render(report, "json"))
    return document


def problems(document: Document) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(document)]


def test_the_schema_is_a_schema_of_the_version_that_is_written() -> None:
    jsonschema.Draft202012Validator.check_schema(RULES)
    assert RULES["properties"]["schema_version"]["const"] == SCHEMA_VERSION
    assert RULES["$id"].endswith(f":{SCHEMA_VERSION}")


def test_the_schema_knows_every_outcome_reason_and_severity() -> None:
    outcomes = set(RULES["$defs"]["finding"]["properties"]["outcome"]["enum"])
    assert outcomes | {"passed"} == {*NAMES.values(), WAIVED}
    reasons = RULES["$defs"]["finding"]["properties"]["unknown"]["oneOf"][1]
    assert set(reasons["properties"]["reason"]["enum"]) == set(Reason)
    assert set(RULES["$defs"]["severity"]["enum"]) == {str(level) for level in Severity}


def test_every_object_of_the_schema_is_closed() -> None:
    def objects(node: Any) -> Iterator[Document]:
        if isinstance(node, dict):
            if node.get("type") == "object" and ("properties" in node or "required" in node):
                yield node
            for value in node.values():
                yield from objects(value)
        elif isinstance(node, list):
            for value in node:
                yield from objects(value)

    found = list(objects(RULES))
    assert len(found) >= 12
    assert [node for node in found if node.get("additionalProperties") is not False] == []


@pytest.mark.parametrize(
    "report",
    [maintainer, hostile, lambda: large(20), lambda: report_of([])],
    ids=["maintainer", "hostile", "large", "empty"],
)
def test_what_is_written_is_valid(report: Callable[[], Report]) -> None:
    text = render(report(), "json")
    assert text.isascii()
    assert problems(json.loads(text)) == []


def spoil_version(document: Document) -> None:
    document["schema_version"] = "2.0"


def spoil_extra(document: Document) -> None:
    document["more"] = 1


def spoil_passed(document: Document) -> None:
    passed = next(one for one in document["findings"] if one["outcome"] == "passed")
    passed["message"] = "held"


def spoil_fix(document: Document) -> None:
    failed = next(one for one in document["findings"] if one["outcome"] == "failed")
    failed["fix"] = None


def spoil_evidence(document: Document) -> None:
    failed = next(one for one in document["findings"] if one["outcome"] == "failed")
    failed["evidence"]["sources"] = []


def spoil_unknown(document: Document) -> None:
    unknown = next(one for one in document["findings"] if one["outcome"] == "unknown")
    unknown["unknown"]["reason"] = "TIRED"


def spoil_missing_reason(document: Document) -> None:
    unknown = next(one for one in document["findings"] if one["outcome"] == "unknown")
    unknown["unknown"] = None


def spoil_manual(document: Document) -> None:
    manual = next(one for one in document["findings"] if one["outcome"] == "manual")
    manual["manual"] = None


def spoil_attested(document: Document) -> None:
    attested = next(one for one in document["findings"] if one["outcome"] == "attested")
    attested["attested"] = None


def spoil_coverage(document: Document) -> None:
    del document["coverage"]["known"]


def spoil_subject(document: Document) -> None:
    document["findings"][0]["subject"] = "nothing"


@pytest.mark.second_tier("takes long in all", one_of=5)
@pytest.mark.parametrize(
    "spoil",
    [
        spoil_version,
        spoil_extra,
        spoil_passed,
        spoil_fix,
        spoil_evidence,
        spoil_unknown,
        spoil_missing_reason,
        spoil_manual,
        spoil_attested,
        spoil_coverage,
        spoil_subject,
    ],
)
def test_the_schema_refuses_what_is_not_so(spoil: Callable[[Document], None]) -> None:
    document = loaded(maintainer())
    spoiled = copy.deepcopy(document)
    spoil(spoiled)
    assert spoiled != document
    assert problems(spoiled) != []


def test_there_is_one_finding_a_check_and_subject_passes_in_short() -> None:
    report = maintainer()
    document = loaded(report)
    assert [(one["code"], one["subject"]) for one in document["findings"]] == [
        (one.code, str(one.subject)) for one in report.findings
    ]
    passed = [one for one in document["findings"] if one["outcome"] == "passed"]
    assert len(passed) == document["counts"]["passed"] == 7
    assert all(set(one) == {"code", "subject", "within", "outcome"} for one in passed)
    assert document["counts"]["failed"] == 30
    assert document["counts"]["errored"] == 1


def test_a_failed_finding_has_all_that_the_fixer_needs() -> None:
    document = loaded(report_of([bypassing_token("a1b2c3", "release")]))
    assert document["findings"] == [
        {
            "code": "NPT101",
            "slug": "npm-token-without-bypass",
            "title": "npm token can write packages without 2FA",
            "subject": "npm:token/a1b2c3",
            "within": "npm:user/mallow",
            "label": "release",
            "outcome": "failed",
            "severity": "critical",
            "message": "the token can publish and bypasses two-factor authentication",
            "evidence": {
                "seen": {"bypass_2fa": True, "permissions": ["package:write"]},
                "sources": [
                    {
                        "endpoint": "GET /-/npm/v1/tokens",
                        "status": 200,
                        "pages_read": 1,
                        "pages_expected": 1,
                        "observed_at": "2026-11-24T16:03:05Z",
                        "cached": False,
                    }
                ],
            },
            "fix": {
                "step": "Revoke it, and publish through a trusted publisher.",
                "page": "https://npm.example.test/settings/mallow/tokens",
                "command": "npm token revoke a1b2c3",
                "needs": "the npm account, with its second factor",
                "undo": "Make a new token; what used the old one needs it.",
                "wider": None,
            },
            "waiver": None,
            "lapsed": None,
            "unknown": None,
            "manual": None,
            "attested": None,
        }
    ]


def test_the_other_outcomes_say_what_they_are() -> None:
    found = {one["outcome"]: one for one in loaded(maintainer())["findings"]}
    assert found["unknown"]["unknown"]["reason"] == "NEEDS_PRESENCE"
    assert found["unknown"]["evidence"]["sources"][0]["status"] == 403
    assert found["manual"]["manual"]["page"].endswith("/settings/mallow/profile")
    assert found["attested"]["attested"] == {"by": "mallow", "until": "2027-02-01T00:00:00Z"}
    assert found["errored"]["message"].startswith("KeyError: ")
    assert found["not_applicable"]["evidence"]["seen"] == {"isEmpty": True}


def test_an_unknown_without_sources_of_its_own_keeps_those_of_its_reason() -> None:
    source = finding("GHA101", USER, Unknown(Reason.MALFORMED, "an answer")).sources
    outcome = Unknown(Reason.MALFORMED, "an answer", evidence=source)
    bare = replace(finding("GHA101", USER, outcome), sources=())
    (one,) = loaded(report_of([bare]))["findings"]
    assert one["evidence"]["sources"][0]["endpoint"] == "GET /user"


def test_texts_of_a_check_stand_once() -> None:
    document = loaded(maintainer())
    assert document["checks"]["GHA101"]["why"].endswith("It happens often.")
    assert render(maintainer(), "json").count("It happens often.") == 1


def test_labels_and_ids_come_out_visible() -> None:
    document = loaded(hostile())
    texts = json.dumps(document, ensure_ascii=False)
    assert "\u202e" not in texts
    assert "\\\\u202e" in texts
    assert "\x1b" not in "".join(one.get("label", "") for one in document["findings"])
    assert all(one.get("label", "").isprintable() for one in document["findings"])


def test_what_was_seen_may_be_any_number() -> None:
    fix = Fix("Do it.", page="https://github.example.test/x")
    failed = Failed("x", {"rate": float("nan"), "big": float("inf"), "many": [1, 2]}, fix)
    (one,) = loaded(report_of([finding("GHA101", USER, failed)]))["findings"]
    assert one["evidence"]["seen"] == {"rate": "nan", "big": "inf", "many": [1, 2]}


def test_times_are_in_utc() -> None:
    report = replace(
        report_of([unprotected("web")]),
        started=datetime(2026, 1, 1, 1, 0, tzinfo=timezone(timedelta(hours=2))),
    )
    assert loaded(report)["started"] == "2025-12-31T23:00:00Z"
    naive = replace(report, started=report.started.replace(tzinfo=None))
    assert loaded(naive)["started"] == "2026-01-01T01:00:00Z"


def test_the_same_report_is_the_same_text_and_one_finding_is_one_line() -> None:
    report = maintainer()
    text = render(report, "json")
    assert text == render(report, "json", width=40, color=True, quiet=True, ascii_only=True)
    assert sum('"outcome": ' in line for line in text.splitlines()) == len(report.findings)


@pytest.mark.parametrize("form", list(FORMATS))
def test_a_secret_of_this_run_is_removed_wherever_it_stands(form: str) -> None:
    value = "CANARYcanaryCANARY-not-a-secret-0123456789"
    Secret(value)
    fix = Fix(f"Step {value}.", f"https://a.example.test/{value}", f"npm x {value}", value, value)
    failed = Failed(f"is {value}", {value: [value], "other": value}, fix)
    found = finding("GHA101", repository(value), failed, label=value, endpoint=f"GET /{value}")
    lost = finding("GHA103", repository(value), Unknown(Reason.REJECTED, value, value))
    report = replace(
        report_of([found, lost], partial=value),
        targets=(value,),
        warnings=(value, CANARY, f"https://user:{value}@a.example.test/"),
        allowed_unknown=(value,),
        publishing=secretive(value),
    )
    text = render(report, form, width=30)
    flat = "".join(text.split())
    assert value not in flat
    assert CANARY not in flat
    assert "redacted" in flat
    if form == "json":
        assert problems(json.loads(text)) == []


def test_a_format_that_forgets_about_secrets_prints_none(monkeypatch: pytest.MonkeyPatch) -> None:
    careless = SimpleNamespace(render=lambda _report, _style: f"token {CANARY}")
    monkeypatch.setitem(sys.modules, "hardenme.reports.careless", careless)  # type: ignore[arg-type]
    monkeypatch.setitem(FORMATS, "careless", "careless")
    assert render(maintainer(), "careless") == "token [redacted]\n"


def test_what_is_redacted_in_one_value_does_not_reach_the_next() -> None:
    texts = ("https://a", "b:c@d", "Bearer ", "x" * 20, *HOSTILE)
    report = replace(report_of([]), warnings=texts)
    warnings = loaded(report)["warnings"]
    assert warnings[:2] == ["https://a", "b:c@d"]
    assert len(warnings) == len(texts)
