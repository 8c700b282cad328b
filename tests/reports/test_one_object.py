"""What several checks ask of one key or token is one change, and one that may not be yours goes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import combinations, permutations

import pytest

from docs.making.failing import simplest
from hardenme.engine.catalogue import catalogue
from hardenme.model.finding import Finding
from hardenme.model.verdict import Failed, Fix
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.fixplan.kinds import KINDS
from hardenme.reports.fixplan.one_object import one_change
from hardenme.reports.fixplan.step_kind import StepKind, When
from hardenme.reports.fixplan.unfamiliar import LATELY, THINGS, looked_into
from hardenme.reports.signs import signs_of
from tests.reports import planned
from tests.reports.rich_sample import WAIVER

ENDS = re.compile(r"\b(?:[Dd]elete|[Rr]evoke)\b(?= (?:this|it|that|the (?:key|token|old)))")
MAKES = re.compile(r"\b(?:[Gg]enerate|[Cc]reate) (?:a|one) ")
WHOLE = [kind for kind in KINDS if kind.whole]


@cache
def fixes_of(kind: StepKind) -> tuple[Fix, ...]:
    """What each check of a kind asks for."""
    found = (simplest(one) for one in catalogue() if one.code in kind.codes)
    return tuple(one.fix for one in found if isinstance(one, Failed))


@pytest.mark.parametrize("kind", WHOLE, ids=lambda kind: kind.key)
def test_what_is_asked_of_one_object_ends_it_once(kind: StepKind) -> None:
    several = fixes_of(kind)
    for number in (2, 3):
        for those in combinations(several, number):
            for order in permutations(those):
                step = one_change(order).step
                plain, _, otherwise = step.partition(". If something needs it: ")
                for way in re.split(r"; 2\. ", plain):
                    assert len(ENDS.findall(way)) <= 1, step
                    assert len(MAKES.findall(way)) <= 1, step
                assert len(ENDS.findall(otherwise)) <= 1, step


def test_a_new_token_has_all_limits_and_its_page_shows_both() -> None:
    (kind,) = (one for one in WHOLE if one.key == "github-token")
    step = one_change(fixes_of(kind)).step
    for limit in ("read permissions only", '"Only select repositories"', "an expiration"):
        assert step.count(limit) == 1
    assert "read permissions and" not in step
    assert all(not fix.page.endswith("/new") for fix in fixes_of(kind))


def test_what_is_deleted_or_replaced_is_not_undone_by_what_it_was() -> None:
    """A token's old value works no more, and a key's public half is with its machine."""
    for kind in (one for one in WHOLE if "token" in one.key):
        for fix in fixes_of(kind):
            if re.search(r"delete|revoke|Regenerate", fix.step):
                assert fix.undo.startswith("Cannot be undone"), fix.step


def _key(label: str, kind: str, command: str, **seen: str) -> Finding:
    fix = planned.fix("Add another one, then delete this one", command=command)
    found = planned.failed("GHA104", f"github:{kind}/7", fix, seen={"open": True, **seen})
    return replace(found, label=label)


@pytest.mark.parametrize("kind", THINGS)
@pytest.mark.parametrize("name", ["\u202eyek", "a\u200bb", "\x1b[2J"])
def test_what_has_hidden_characters_is_looked_into_and_not_replaced(kind: str, name: str) -> None:
    command = "gh api -X DELETE user/keys/7"
    outcome = looked_into(_key(name, kind, command), planned.report().started, {}).outcome
    assert isinstance(outcome, Failed)
    first, _, own = outcome.fix.step.partition(" If it is yours: ")
    assert "Delete it at once" in first
    assert "Do not add another in its place" in first
    assert own == "add another one, then delete this one"
    assert outcome.fix.command == command


def test_what_was_added_lately_is_looked_into() -> None:
    at = planned.report().started
    for age, found in ((0, True), (1, True), (7, True), (8, False), (-1, False)):
        made = _key("laptop", "ssh-key", "x", created_at=(at - timedelta(days=age)).isoformat())
        outcome = looked_into(made, at, {}).outcome
        assert isinstance(outcome, Failed)
        assert outcome.fix.step.startswith("Find out who added this key: it was added") == found
    assert timedelta(days=7) == LATELY


def test_who_added_it_is_named_and_the_page_that_lists_what_else_they_changed() -> None:
    at = planned.report().started
    made = _key("mirror", "deploy-key", "x", created_at=at.isoformat(), added_by="oakley")
    assert isinstance(made.outcome, Failed)
    owner = made.within.name.partition("/")[0].lower()
    for web in ("https://github.com", "https://github.example.test"):
        logs = {
            "account-security-log": f", in your security log: {web}/settings/security-log.",
            "org-audit-log": ", in the organization's audit log:"
            f" {web}/organizations/{owner}/settings/audit-log.",
        }
        for log, said in logs.items():
            fix = replace(made.outcome.fix, page=f"{web}/a/b/settings/keys")
            finding = replace(made, outcome=replace(made.outcome, fix=fix))
            outcome = looked_into(finding, at, {owner: log}).outcome
            assert isinstance(outcome, Failed)
            assert outcome.fix.step.startswith("Find out why oakley added this key: it was added")
            assert f"what else was changed{said} If" in outcome.fix.step
            # Of an owner that is no one known, no log is named.
            unnamed = looked_into(finding, at, {"someone": log}).outcome
            assert isinstance(unnamed, Failed)
            assert "what else was changed. If" in unnamed.fix.step


@pytest.mark.parametrize("kind", THINGS)
@pytest.mark.parametrize("code", ["GHA104", "GHR108", "NPT106"])
def test_what_is_deleted_unless_someone_knows_it_comes_first_and_is_no_sign(
    kind: str, code: str
) -> None:
    """Also where only one finding of the same key shows when it was added."""
    report = planned.report()
    fix = planned.fix("Add another one, then delete this one")
    when = report.started.isoformat()
    dated = planned.failed(code, f"github:{kind}/7", fix, seen={"open": True, "created_at": when})
    other = planned.failed("GHA103", f"github:{kind}/7", fix)
    old = planned.failed("GHA105", f"github:{kind}/8", fix)
    plan = plan_of(planned.report(dated, other, old))
    (first,) = (step for step in plan.steps if step.section is When.LOOK)
    assert "Delete it at once, unless you know" in first.actions[0].fix.step
    assert not first.is_sign
    assert {one.subject for action in first.actions for one in action.closes} == {dated.subject}
    assert first.number == 1
    assert all("at once" not in one.fix.step for step in plan.steps[1:] for one in step.actions)
    assert not signs_of(planned.report(dated, other, old))
    # What someone accepts is known.
    accepted = replace(dated, waiver=WAIVER)
    later = plan_of(planned.report(accepted, other, old)).steps
    assert all(step.section is not When.LOOK for step in later)


@pytest.mark.parametrize("kind", ["repo", "environment", "org-hook"])
def test_what_opens_nothing_by_itself_keeps_its_fix(kind: str) -> None:
    found = _key("\u202e", kind, "x")
    assert looked_into(found, planned.report().started, {}) is found


def test_no_command_remains_that_does_more_than_take_it_away() -> None:
    found = _key("\u202e", "token", "npm token create --name x")
    assert isinstance(found.outcome, Failed)
    paged = replace(found.outcome.fix, page="https://host.example.test")
    found = replace(found, outcome=replace(found.outcome, fix=paged))
    outcome = looked_into(found, planned.report().started, {}).outcome
    assert isinstance(outcome, Failed)
    assert (outcome.fix.command, outcome.fix.page) == ("", "https://host.example.test")
