from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from hardenme.model.publishing import Publishing
from hardenme.model.report import Report
from hardenme.reports import jsonfile, pieces, render
from tests.reports.publishing_sample import five, hostile, many, report_with

RULES = json.loads(jsonfile.SCHEMA.read_text())
VALID = Draft202012Validator(RULES)


def written(report: Report) -> Any:
    return json.loads(render(report, "json"))


@pytest.mark.parametrize(
    "report",
    [
        five,
        hostile,
        lambda: many(30),
        lambda: report_with(None),
        lambda: report_with(Publishing(())),
    ],
    ids=["five", "hostile", "many", "none", "empty"],
)
def test_what_is_written_is_valid(report: Callable[[], Report]) -> None:
    text = render(report(), "json")
    assert text.isascii()
    assert text == "".join(pieces(report(), "json"))
    problems = [f"{one.json_path}: {one.message}" for one in VALID.iter_errors(json.loads(text))]
    assert problems == []


def test_nothing_is_left_out() -> None:
    report = five()
    assert report.publishing is not None
    told = written(report)["publishing"]
    assert [one["package"] for one in told["packages"]] == [
        one.package for one in report.publishing.packages
    ]
    web = told["packages"][2]
    assert web["weekly"] == 3_140_000
    assert web["counts"] == {"open": 3, "closed": 2, "unknown": 1}
    assert web["paths"][0] == {
        "key": "token/ci-publish",
        "way": "token",
        "name": "ci-publish",
        "state": "open",
        "intended": False,
        "reason": "it writes to all packages and asks for no second factor",
        "needed": None,
        "hops": [{"kind": "token", "name": "ci-publish"}],
    }
    assert [path["intended"] for path in web["paths"]].count(True) == 1
    assert web["paths"][3]["needed"] == "hardenme attest NPP106 npm:package/@acorn/web"
    assert web["steps"][2] == {
        "key": "access/@acorn/web",
        "closes": ["token/ci-publish"],
        "presence": True,
        "step": "Require a second factor and disallow tokens.",
        "page": "https://npm.example.test/package/@acorn/web/access",
        "command": "npm access set mfa=publish @acorn/web",
        "needs": "write access to the package, and its second factor",
        "undo": "npm access set mfa=automation, or the same page",
    }
    assert web["unread"] == [
        "who owns the organization on npm: it takes npm's session token.",
    ]
    assert told["packages"][1]["weekly"] is None
    assert told["reaches"][0] == {
        "way": "token",
        "name": "ci-publish",
        "packages": ["@acorn/web", "acorn-press"],
        "weekly": 3_140_812,
        "at_least": True,
    }
    assert written(report_with(None))["publishing"] is None


def drop_reason(told: Any) -> None:
    del told["packages"][2]["paths"][0]["reason"]


def invent_state(told: Any) -> None:
    told["packages"][2]["paths"][0]["state"] = "half open"


def add_member(told: Any) -> None:
    told["reaches"][0]["more"] = 1


def lose_count(told: Any) -> None:
    told["packages"][2]["counts"].pop("unknown")


@pytest.mark.parametrize("spoil", [drop_reason, invent_state, add_member, lose_count])
def test_the_schema_takes_no_slip(spoil: Callable[[Any], None]) -> None:
    document = written(five())
    spoil(document["publishing"])
    assert list(VALID.iter_errors(document))
