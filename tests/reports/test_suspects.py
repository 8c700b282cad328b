"""Whom a sign of an attack names, nothing is decided about before that is settled."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest

from docs.making.failing import simplest
from hardenme.cli.person.handler import warned
from hardenme.engine.catalogue import catalogue
from hardenme.engine.report_filter import each_place
from hardenme.model.evidence import Seen
from hardenme.model.report import Identity, Report
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.fixplan.kinds import KINDS
from hardenme.reports.fixplan.step_kind import When
from hardenme.reports.fixplan.suspects import promotes, suspects
from hardenme.reports.ticket.content import of_place, of_step
from hardenme.reports.ticket.drawing import drawn
from tests.reports import planned

ME = Identity("npm", "https://registry.example.test", "hazel", "session", "/home/hazel/.npmrc")
PACKAGE = "npm:package/@acme/web"
ORGANIZATION = "npm:org/acme"
ME_SUBJECT = "npm:user/hazel"


def sign(seen: Seen, message: str = "it is unusual") -> object:
    found = planned.failed(
        "REL110", f"{PACKAGE}@1.0.1", planned.fix("Look at that URL"), Severity.CRITICAL, PACKAGE
    )
    assert isinstance(found.outcome, Failed)
    return replace(found, outcome=replace(found.outcome, message=message, seen=seen))


def member(login: str) -> object:
    step = f"Ask {login}, then remove the account from acme"
    return planned.failed(
        "NPO104", f"npm:member/acme/{login}", planned.fix(step), within=ORGANIZATION
    )


def made(seen: Seen, *more: object, message: str = "it is unusual") -> Report:
    found = [sign(seen, message), member("sorrel"), member("teasel"), *more]
    return replace(planned.report(*found), identities=(ME,))  # type: ignore[arg-type]  # findings


MESH: Seen = {"dependencies": ["mesh github:sorrel/mesh"]}


@pytest.mark.parametrize(
    ("seen", "named"),
    [
        (MESH, {"sorrel"}),
        ({"dependencies": ["mesh git+https://github.com/Sorrel/mesh.git"]}, {"sorrel"}),
        ({"_npmUser": "sorrel", "away_days": 400}, {"sorrel"}),
        ({"added": ["sorrel"], "address changed": []}, {"sorrel"}),
        ({"added": [], "address changed": ["hazel"]}, {"hazel"}),
        ({"dependencies": ["web github:hazel/web"]}, set()),
        ({"dependencies": ["sorrel-mesh github:rowan/sorrel"]}, set()),
        ({"version": "1.0.1"}, set()),
    ],
)
def test_an_account_that_the_run_saw_is_named_by_the_fields_that_decided(
    seen: Seen, named: set[str]
) -> None:
    # What the message says decides nothing.
    for message in ("it is unusual", "sorrel and hazel published it from teasel/web"):
        report = made(seen, message=message)
        assert set(suspects(report, plan_of(report).steps)) == named


@pytest.mark.parametrize(
    ("successor", "named"), [("Sorrel", True), ("teasel", False), ("hazel", False), ("", False)]
)
def test_whoever_takes_over_is_warned_of_where_any_run_has_a_sign(
    successor: str, *, named: bool
) -> None:
    calm = replace(planned.report(), identities=(ME,))
    for runs in ((made(MESH),), (calm, made(MESH)), (made(MESH), None)):
        assert bool(warned(runs, successor)) is named
    assert not warned((calm, None), successor)


def test_what_is_about_a_suspect_carries_the_note_in_the_plan_and_in_each_piece() -> None:
    report = made(MESH)
    plan = plan_of(report)
    (first,) = (one for one in plan.steps if one.section is When.LOOK)
    for step in (one for one in plan.steps if one is not first):
        about = any("sorrel" in action.fix.step for action in step.actions)
        noted = [one for one in step.risks if "sorrel" in one]
        assert bool(noted) == about
        assert all(f"(step {first.id})" in one for one in noted)
        text = drawn(of_step(report, plan, step))
        assert ("A sign of an attack names sorrel" in text) == about
        assert (f"(reference {first.id})" in text) == about
    for place, part in each_place(report):
        text = drawn(of_place(part, place))
        if place.kind == "org":
            assert text.count(f"A sign of an attack names sorrel (reference {first.id})") == 1
        assert "names teasel" not in text


ASKS_FOR = re.compile(r"\b(?:add|make|give)\b[^.]*\b(?:owners?|admin)\b", re.IGNORECASE)
LESSER = frozenset({"GHO123", "GHO133", "GHW207"})
"""Checks whose words are similar, and which give a lesser right in place of a greater one."""


@cache
def asking() -> dict[tuple[str, str], Failed]:
    """Each kind of step and check that asks for one more person with full rights, by its words."""
    checks = {check.code: check for check in catalogue()}
    found = {(kind.key, code): simplest(checks[code]) for kind in KINDS for code in kind.codes}
    return {
        (kind, code): verdict
        for (kind, code), verdict in sorted(found.items())
        if isinstance(verdict, Failed) and ASKS_FOR.search(verdict.fix.step) and code not in LESSER
    }


@pytest.mark.second_tier("makes every check fail")
def test_a_suspect_is_never_proposed_for_more_rights() -> None:
    assert {"org-owners", "npm-owners", "second-owner"} <= {kind for kind, _ in asking()}
    for (kind, code), verdict in asking().items():
        subject = ORGANIZATION if code.startswith("NPO") else PACKAGE
        asked = planned.failed(code, subject, verdict.fix, seen=verdict.seen)
        assert promotes(asked)
        report = made(MESH, asked)
        (step,) = (one for one in plan_of(report).steps if code in one.codes)
        assert any(one.startswith("Do not choose sorrel: ") for one in step.risks), kind


@pytest.mark.second_tier("makes every check fail")
def test_who_leaves_an_organization_is_not_chosen_for_more_rights_in_it() -> None:
    for (kind, code), verdict in asking().items():
        for place, leaves in (("acme", True), ("other", False)):
            subject = f"npm:org/{place}" if code.startswith("NPO") else f"npm:package/@{place}/web"
            asked = planned.failed(code, subject, verdict.fix, seen=verdict.seen, within=ME_SUBJECT)
            if not code.startswith("NPO"):
                asked = replace(asked, within=asked.subject)
            steps = plan_of(planned.report(member("sorrel"), member("teasel"), asked)).steps  # type: ignore[arg-type]  # findings
            (leaving,) = (one.id for one in steps if "NPO104" in one.codes)
            (step,) = (one for one in steps if code in one.codes)
            noted = [one for one in step.risks if one.startswith("Do not choose sorrel or teasel:")]
            assert bool(noted) == leaves, (kind, code, place)
            assert all(f"leave acme (step {leaving})" in one for one in noted)


def test_who_loses_rights_is_not_chosen() -> None:
    many: Seen = {"owners": 9, "count": 9, "administrators": 9, "left": 9}
    for code in ("GHO105", "NPO102", "GHR112", "NPP110"):
        assert not promotes(planned.failed(code, PACKAGE, planned.fix("Demote them"), seen=many))


def test_an_account_that_may_be_taken_over_is_secured_before_all_else() -> None:
    own = planned.failed("NPA105", "npm:user/hazel", planned.fix("Verify the address"))
    changed: Seen = {"address changed": ["hazel"]}
    for seen, taken in ((changed, True), ({"files": 3}, False)):
        report = made(seen, own)
        ((_, part),) = [one for one in each_place(report) if one[0].kind == "user"]
        lines = drawn(of_place(part, part.findings[0].subject)).splitlines()
        assert lines[4].startswith("A sign of an attack names this account") == taken
        assert not any("Do not choose hazel" in one for one in lines)
