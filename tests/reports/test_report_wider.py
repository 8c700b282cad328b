"""Steps that close a finding on many repositories at once, and lists that are cut."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from hardenme.model.finding import Finding
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.verdict import Failed, Fix
from hardenme.reports import render
from hardenme.reports.gathering import KEPT
from hardenme.reports.grouping import checklist_of
from hardenme.reports.jsonfile import SCHEMA
from tests.reports.sample import COUNTED, WEB, finding, report_of, unprotected, without_alerts

ORG = Subject("github", "org", "acme")
STEP = Fix(
    "Require it for all repositories.",
    f"{WEB}/organizations/acme/settings/rules",
    command="gh api -X POST orgs/acme/rulesets",
    needs="organization owner",
    undo="Delete the ruleset.",
)


def closable(
    name: str, step: Fix | None = STEP, *, code: str = "GHR103", severity: Severity | None = None
) -> Finding:
    fix = Fix(
        f"Enable it for {name}.",
        f"{WEB}/acme/{name}/settings",
        command=f"gh api -X PUT repos/acme/{name}/x",
        needs="repository admin",
        undo="Disable it.",
        wider=step,
    )
    subject = Subject("github", "repo", f"acme/{name}")
    return finding(code, subject, Failed("it is off", {"x": False}, fix, severity=severity))


def named(count: int, prefix: str = "r") -> list[str]:
    return [f"{prefix}{number:05}" for number in range(count)]


def flat(findings: Iterable[Finding], form: str = "table") -> str:
    return " ".join(render(report_of(findings), form, width=200).split())


def document(findings: Iterable[Finding]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(render(report_of(findings), "json"))
    jsonschema.validate(found, json.loads(SCHEMA.read_text("utf-8")))
    return found


def test_one_step_that_closes_several_is_one_item_at_its_own_page() -> None:
    (place,) = checklist_of(report_of(map(closable, named(3)))).places
    assert place.pages == (STEP.page,)
    (item,) = place.items
    assert item.wider == STEP
    assert (item.count, item.closes) == (3, 3)
    assert item.names == ("acme/r00000", "acme/r00001", "acme/r00002")


def test_a_step_that_closes_one_alone_gives_way_to_that_ones_own() -> None:
    (place,) = checklist_of(report_of([closable("web")])).places
    assert place.pages == (f"{WEB}/acme/web/settings",)
    assert place.items[0].wider is None
    text = flat([closable("web")])
    assert "gh api -X PUT repos/acme/web/x" in text
    assert "One step" not in text


def test_it_joins_those_that_have_no_wider_step() -> None:
    findings = [closable("web"), closable("api", None)]
    (place,) = checklist_of(report_of(findings)).places
    assert [item.count for item in place.items] == [2]


def test_different_steps_and_different_checks_stay_apart() -> None:
    other = replace(STEP, page=f"{WEB}/organizations/other/settings/rules")
    findings = [closable(name) for name in named(2)]
    findings += [closable(name, other) for name in named(3, "o")]
    findings += [closable(name, code="GHR102") for name in named(4)]
    items = checklist_of(report_of(findings)).items
    assert [(item.code, item.count) for item in items] == [
        ("GHR102", 4),
        ("GHR103", 3),
        ("GHR103", 2),
    ]


def test_a_step_closes_findings_of_any_severity_and_weighs_the_worst() -> None:
    findings = [closable("a", severity=Severity.LOW), closable("b", severity=Severity.HIGH)]
    (item,) = checklist_of(report_of(findings)).items
    assert (item.severity, item.count) == (Severity.HIGH, 2)


def test_the_organizations_own_finding_is_closed_with_them() -> None:
    own = finding("GHR103", ORG, Failed("it is not required", {"x": False}, STEP))
    (item,) = checklist_of(report_of([own, closable("web"), closable("api")])).items
    assert item.count == 3
    assert item.names[0] == "acme"
    (item,) = checklist_of(report_of([own, closable("web")])).items
    assert (item.count, item.wider) == (2, STEP)
    text = flat([own])
    assert "gh api -X POST orgs/acme/rulesets" in text
    assert "One step" not in text


def test_an_organizations_finding_with_another_step_stays_apart() -> None:
    own = finding("GHR103", ORG, Failed("off", {"x": 1}, replace(STEP, step="Do it otherwise.")))
    items = checklist_of(report_of([own, closable("web"), closable("api")])).items
    assert sorted(item.count for item in items) == [1, 2]


def test_what_is_clicked_on_the_same_page_stands_under_it_once() -> None:
    own = finding("GHR102", ORG, Failed("off", {"x": 1}, replace(STEP, step="Do it otherwise.")))
    (place,) = checklist_of(report_of([own, *map(closable, named(2))])).places
    assert [item.code for item in place.items] == ["GHR102", "GHR103"]


def test_of_equal_severity_the_step_that_closes_most_comes_first() -> None:
    other = replace(STEP, page=f"{WEB}/organizations/acme/settings/actions")
    findings = [closable(name) for name in named(2)]
    findings += [closable(name, other, code="GHA103") for name in named(5)]
    findings += [closable("one", None, code="GHA108"), unprotected("web")]
    order = [item.code for item in checklist_of(report_of(findings)).items]
    assert order == ["GHB101", "GHA103", "GHR103", "GHA108"]
    places = [place.items[0].code for place in checklist_of(report_of(findings)).places]
    assert places == order


def test_the_table_shows_the_one_step_first_and_then_for_what() -> None:
    text = flat(map(closable, named(12))).partition("── To fix")[2]
    parts = [
        "Fix One step closes 12: Require it for all repositories.",
        "gh api -X POST orgs/acme/rulesets",
        "Needs organization owner",
        "Undo Delete the ruleset.",
        "Now it is off",
        "Where acme/r00000",
        "acme/r00009, acme/r00010, acme/r00011",
    ]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    assert "repos/acme" not in text


def test_markdown_shows_the_one_step_first_and_then_for_what() -> None:
    text = render(report_of(map(closable, named(12))), "markdown").partition("## To fix")[2]
    assert text.count("[ ]") == 1
    parts = [
        "  - Fix: One step closes 12: Require it for all",
        "  - Run: `gh api -X POST orgs/acme/rulesets`",
        "  - Needs: organization owner",
        "  - Undo: Delete the",
        "  - Now: it is off",
        "  - Where: `acme/r00000`",
        "`acme/r00009` and 2 more",
    ]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


@pytest.mark.second_tier("takes long")
def test_json_has_each_step_once_and_every_finding_names_it() -> None:
    other = replace(STEP, step="Another.", command="", page=STEP.page)
    findings = [*map(closable, named(3)), closable("x", other), closable("y", None)]
    findings.append(closable("z", code="GHR102"))
    found = document(findings)
    wider = {one["subject"].rpartition("/")[2]: one["fix"]["wider"] for one in found["findings"]}
    first = wider["r00000"]
    assert wider == {
        **dict.fromkeys((*named(3), "z"), first),
        "x": next(one["name"] for one in found["steps"] if one["step"] == "Another."),
        "y": None,
    }
    (step,) = (one for one in found["steps"] if one["name"] == first)
    assert step == {
        "name": first,
        "closes": 4,
        "codes": ["GHR102", "GHR103"],
        "step": STEP.step,
        "page": STEP.page,
        "command": STEP.command,
        "needs": STEP.needs,
        "undo": STEP.undo,
    }
    assert found["findings"][0]["fix"]["command"].startswith("gh api -X PUT repos/acme/")
    assert document([unprotected("web")])["steps"] == []


@pytest.mark.second_tier("reports of thousands of repositories")
@pytest.mark.sampled(2)
@pytest.mark.parametrize(("form", "count"), [("table", 1_000), ("markdown", 10_000)])
def test_thousands_of_repositories_are_all_there_or_counted(form: str, count: int) -> None:
    names = named(count)
    findings = [closable(name) for name in names]
    findings += [without_alerts(name) for name in names]
    findings += [unprotected(name) for name in names]
    text = render(report_of(findings), form, width=100)
    assert f"One step closes {count}:" in text
    last = [line for line in text.splitlines() if "<!--" not in line][-1]
    assert last.startswith(f"{3 * count} failed")
    if form == "markdown":
        assert text.count("\n") < 400
        assert "9990 more" in " ".join(text.split())
    else:
        assert not COUNTED.search(" ".join(text.split()))


def test_what_is_cut_is_counted_beyond_what_is_kept() -> None:
    count = KEPT + 100
    text = render(report_of(without_alerts(name) for name in named(count)), "markdown")
    assert f"and {count - 50} more: `--format json` has them all" in text
    quiet = render(report_of(unprotected(name) for name in named(count)), "markdown", quiet=True)
    assert f"and {count - 20} more" in quiet


def test_texts_beyond_those_that_are_kept_count_too() -> None:
    findings = [closable(name, None) for name in named(KEPT + 5)]
    last = findings[-1].outcome
    assert isinstance(last, Failed)
    odd = replace(last, message="it was never on")
    findings[-1] = replace(findings[-1], outcome=odd)
    (item,) = checklist_of(report_of(findings)).items
    assert item.message is None
    assert len(item.cases) == KEPT
    assert item.others == 5
    assert findings[-1].subject.name in flat(findings)
