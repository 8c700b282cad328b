from __future__ import annotations

import gzip
import json
import os
import shlex
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from hardenme.engine.catalogue import checks_of
from hardenme.facts.github.files import WorkflowOwners
from hardenme.model.check import Check
from hardenme.model.given import Limits
from hardenme.model.severity import Severity
from hardenme.model.unknown import NotKnownError, Unknown
from hardenme.model.verdict import Failed, NotApplicable, Passed
from hardenme_checks.github import branch, branch_history, branch_review
from tests.factories.github import bare_branch, branch_rules
from tests.factories.github_files import workflow_owners
from tests.factories.given import MISSING, REFUSED, SOLO, STRICT, TEAM

CHECKS = {
    check.code: check
    for check in (
        *checks_of(branch.__name__),
        *checks_of(branch_history.__name__),
        *checks_of(branch_review.__name__),
    )
}
FIELDS = {
    "GHB102": "pull_request",
    "GHB104": "dismisses_stale",
    "GHB105": "last_push_approval",
    "GHB106": "code_owner_review",
    "GHB108": "blocks_force_push",
    "GHB109": "blocks_deletion",
    "GHB111": "signatures",
    "GHB112": "conversations",
    "GHB113": "linear_history",
    "GHB114": "restricts_pushes",
}
"""The checks that one field decides."""
OWNED = workflow_owners()


def judge(
    check: Check, rules: Any, limits: Limits = TEAM, owners: WorkflowOwners | Unknown = OWNED
) -> Any:
    given = {"rules": rules, "limits": limits, "owners": owners}
    return check(**{item.name: given[item.name] for item in check.parameters})


def test_all_are_here() -> None:
    assert sorted(CHECKS) == [f"GHB{number}" for number in range(101, 115)]
    assert CHECKS["GHB114"].profiles == {"strict"}


@pytest.mark.parametrize("code", CHECKS)
@pytest.mark.parametrize("limits", [SOLO, TEAM, STRICT])
def test_a_guarded_branch_passes(code: str, limits: Limits) -> None:
    rules = branch_rules(approvals=2, least_approvals=2)
    verdict = judge(CHECKS[code], rules, limits)
    assert isinstance(verdict, Passed)


@pytest.mark.parametrize("code", CHECKS)
@pytest.mark.parametrize("limits", [TEAM, STRICT])
def test_a_bare_branch_fails(code: str, limits: Limits) -> None:
    verdict = judge(CHECKS[code], bare_branch(), limits)
    assert isinstance(verdict, Failed)
    assert verdict.fix.page == "https://github.com/hazel/catkin/settings/rules"
    assert verdict.fix.needs
    assert verdict.fix.undo


@pytest.mark.parametrize("code", CHECKS)
@pytest.mark.parametrize("state", [{"archived": True, "exists": MISSING}, {"exists": False}])
def test_nothing_to_guard(code: str, state: dict[str, Any]) -> None:
    assert isinstance(judge(CHECKS[code], bare_branch(**state)), NotApplicable)


@pytest.mark.parametrize("code", CHECKS)
@pytest.mark.parametrize("name", ["archived", "exists"])
def test_whether_there_is_something_to_guard_unknown(code: str, name: str) -> None:
    with pytest.raises(NotKnownError):
        judge(CHECKS[code], branch_rules(**{name: MISSING}))


@pytest.mark.parametrize(("code", "name"), FIELDS.items())
def test_one_field_decides(code: str, name: str) -> None:
    assert isinstance(judge(CHECKS[code], bare_branch(**{name: True})), Passed)
    assert isinstance(judge(CHECKS[code], branch_rules(**{name: False})), Failed)
    with pytest.raises(NotKnownError):
        judge(CHECKS[code], branch_rules(**{name: MISSING}))


def test_protected() -> None:
    one = bare_branch(protected=True, guarded_by=("rulesets",), rules=MISSING)
    assert isinstance(judge(CHECKS["GHB101"], one), Passed)
    with pytest.raises(NotKnownError):
        judge(CHECKS["GHB101"], bare_branch(protected=MISSING))


@pytest.mark.parametrize(
    ("limits", "approvals", "kind"),
    [
        (TEAM, 0, Failed),
        (TEAM, 1, Passed),
        (STRICT, 1, Failed),
        (STRICT, 2, Passed),
        (SOLO, 1, Passed),
    ],
)
def test_approvals(limits: Limits, approvals: int, kind: type[Any]) -> None:
    rules = branch_rules(approvals=approvals, least_approvals=approvals)
    verdict = judge(CHECKS["GHB103"], rules, limits)
    assert isinstance(verdict, kind)
    if isinstance(verdict, Failed):
        assert verdict.severity is None
        assert verdict.message.startswith(f"{approvals} approval")


def test_approvals_by_one_source() -> None:
    enough = branch_rules(approvals=MISSING, least_approvals=1)
    assert isinstance(judge(CHECKS["GHB103"], enough), Passed)
    for limits, least in ((TEAM, 0), (STRICT, 1), (SOLO, 0)):
        rules = branch_rules(approvals=MISSING, least_approvals=least)
        with pytest.raises(NotKnownError):
            judge(CHECKS["GHB103"], rules, limits)


def test_approvals_where_nobody_else_is_there() -> None:
    verdict = judge(CHECKS["GHB103"], bare_branch(), SOLO)
    assert isinstance(verdict, Failed)
    assert verdict.severity is Severity.INFO
    assert "signed commits" in verdict.fix.step


@pytest.mark.parametrize("code", ["GHB104", "GHB105", "GHB106"])
def test_reviews_where_nobody_else_is_there(code: str) -> None:
    assert isinstance(judge(CHECKS[code], bare_branch(), SOLO), NotApplicable)
    reviewed = bare_branch(approvals=1, least_approvals=1)
    assert isinstance(judge(CHECKS[code], reviewed, SOLO), Failed)
    with pytest.raises(NotKnownError):
        judge(CHECKS[code], bare_branch(approvals=MISSING), SOLO)


def test_code_owners_bind_nobody_where_a_file_has_none() -> None:
    check, rules = CHECKS["GHB106"], branch_rules()
    bare = judge(check, rules, owners=workflow_owners(unowned=("tools/action.yml",)))
    assert isinstance(bare, Failed)
    assert bare.message == "a code owner must approve, but no one owns tools/action.yml"
    none = judge(check, rules, owners=workflow_owners(path=None))
    assert isinstance(none, Failed)
    assert none.message == "a code owner must approve, but there is no CODEOWNERS file"
    assert judge(check, rules, owners=REFUSED) is REFUSED
    for field in ("path", "unowned"):
        with pytest.raises(NotKnownError):
            judge(check, rules, owners=workflow_owners(**{field: MISSING}))
    open_ = judge(check, bare_branch(), owners=REFUSED)
    assert isinstance(open_, Failed), "without the rule no file matters"


def test_status_checks() -> None:
    enough = branch_rules(status_checks=MISSING, least_checks=2)
    verdict = judge(CHECKS["GHB107"], enough)
    assert isinstance(verdict, Passed)
    assert verdict.message == "at least 2 status checks required"
    with pytest.raises(NotKnownError):
        judge(CHECKS["GHB107"], branch_rules(status_checks=MISSING, least_checks=0))


def test_administrators() -> None:
    verdict = judge(
        CHECKS["GHB110"], branch_rules(binds_everybody=False, exempted_by=("classic protection",))
    )
    assert isinstance(verdict, Failed)
    assert verdict.seen["exempted_by"] == ["classic protection"]
    for name in ("protected", "binds_everybody"):
        with pytest.raises(NotKnownError):
            judge(CHECKS["GHB110"], branch_rules(**{name: MISSING}))


@pytest.mark.parametrize("code", CHECKS)
def test_a_plan_without_rules_is_named(code: str) -> None:
    verdict = judge(CHECKS[code], bare_branch(offered=False))
    assert isinstance(verdict, Failed)
    assert "plan" in verdict.fix.step
    assert not verdict.fix.command


@pytest.mark.parametrize("code", CHECKS)
def test_one_step_at_the_organization_closes_it_everywhere(code: str) -> None:
    alone = judge(CHECKS[code], bare_branch())
    assert isinstance(alone, Failed)
    assert alone.fix.wider is None, "a person has no rules for all repositories"
    wider = [
        judge(CHECKS[code], bare_branch(in_organization=True, full_name=name)).fix.wider
        for name in ("acme/web", "acme/api")
    ]
    assert wider[0] is not None
    assert wider[0] == wider[1], "the same for every repository"
    assert wider[0].page == "https://github.com/organizations/acme/settings/rules"
    if wider[0].command:
        body = json.loads(shlex.split(wider[0].command)[1])
        assert body["conditions"]["repository_name"] == {"include": ["~ALL"], "exclude": []}
        assert "orgs/acme/rulesets" in wider[0].command


def commands(limits: Limits) -> list[str]:
    verdicts = [judge(check, bare_branch(), limits) for check in CHECKS.values()]
    return [item.fix.command for item in verdicts if isinstance(item, Failed) and item.fix.command]


def body_of(command: str) -> Any:
    echo, text, pipe, *call = shlex.split(command)
    assert (echo, pipe) == ("echo", "|")
    assert call == ["gh", "api", "-X", "POST", "repos/hazel/catkin/rulesets", "--input", "-"]
    return json.loads(text)


@pytest.mark.parametrize(("limits", "approvals"), [(SOLO, set()), (TEAM, {1}), (STRICT, {2})])
def test_one_command_alone_asks_for_approvals_as_many_as_the_profile(
    limits: Limits, approvals: set[int]
) -> None:
    rules = [rule for command in commands(limits) for rule in body_of(command)["rules"]]
    pulls = [rule["parameters"] for rule in rules if rule["type"] == "pull_request"]
    asked = [one for rule in pulls if (one := rule["required_approving_review_count"])]
    assert len(pulls) > len(asked) == len(approvals)
    assert {*asked} == approvals


def test_commands_fit_githubs_description() -> None:
    root = Path(__file__).parents[2]
    folder = Path(os.environ.get("HARDENME_CONTRACTS", root.parent / "shared" / "contracts"))
    file = folder / "github-rest.openapi.json.gz"
    if not file.exists():
        pytest.skip(f"GitHub's description is not there: {file.name}")
    components = json.loads(gzip.decompress(file.read_bytes()))["components"]
    for command in commands(TEAM):
        body = body_of(command)
        for rule in body["rules"]:
            name = f"repository-rule-{rule['type'].replace('_', '-')}"
            schema = {"$ref": f"#/components/schemas/{name}", "components": components}
            assert name in components["schemas"]
            Draft202012Validator(schema).validate(rule)
        ruleset = components["schemas"]["repository-ruleset"]["properties"]
        assert body["target"] in ruleset["target"]["enum"]
        assert body["enforcement"] in components["schemas"]["repository-rule-enforcement"]["enum"]


def test_one_switch_binds_administrators_whom_classic_protection_alone_exempts() -> None:
    def command(**overrides: Any) -> str:
        rules = branch_rules(binds_everybody=False, **overrides)
        verdict = judge(CHECKS["GHB110"], rules)
        assert isinstance(verdict, Failed)
        return verdict.fix.command

    path = "repos/mallow/ladle/branches/release%2Fnext/protection/enforce_admins"
    alone = command(
        exempted_by=("classic protection",), branch="release/next", full_name="mallow/ladle"
    )
    assert alone == f"gh api -X POST {path}"
    # Whose names a bypass list loses is for a person to say.
    assert command(exempted_by=("rulesets",)) == ""
    assert command(exempted_by=("rulesets", "classic protection")) == ""
    assert command(exempted_by=("classic protection", "allowed actors")) == ""


@pytest.mark.parametrize(
    ("sources", "label"),
    [
        (("rulesets",), "bypass list"),
        (("classic protection",), "Do not allow bypassing"),
        (("allowed actors",), "Allow specified actors"),
        ((), "bypass list"),
    ],
)
def test_the_step_names_what_lets_somebody_past(sources: tuple[str, ...], label: str) -> None:
    verdict = judge(CHECKS["GHB110"], branch_rules(binds_everybody=False, exempted_by=sources))
    assert isinstance(verdict, Failed)
    assert label in verdict.fix.step


@pytest.mark.parametrize(
    ("sources", "page", "also"),
    [
        (("rulesets",), "rules", False),
        (("classic protection",), "branches", False),
        (("allowed actors",), "branches", False),
        (("rulesets", "classic protection"), "rules", True),
        ((), "rules", True),
    ],
)
def test_classic_protection_is_on_a_page_of_its_own(
    sources: tuple[str, ...], page: str, *, also: bool
) -> None:
    verdict = judge(CHECKS["GHB110"], branch_rules(binds_everybody=False, exempted_by=sources))
    assert isinstance(verdict, Failed)
    assert verdict.fix.page.endswith(f"/settings/{page}")
    assert ("/settings/branches" in verdict.fix.step) is also


@pytest.mark.parametrize("code", ["GHB102", "GHB103", "GHB106", "GHB108"])
def test_a_rule_that_writers_bypass_is_said_to_be_one(code: str) -> None:
    verdict = judge(CHECKS[code], bare_branch(writers_bypass=True))
    assert isinstance(verdict, Failed)
    assert "bypass list" in verdict.fix.step
    assert verdict.seen["writers_bypass"] is True


def test_a_pass_names_the_rules_that_nobody_can_bypass() -> None:
    check = CHECKS["GHB110"]
    for pulls, pushes, named in (
        (True, True, "the rules for pull requests and force pushes"),
        (True, False, "the rules for pull requests"),
        (False, True, "the rules for force pushes"),
        (False, False, "one of its rulesets or classic protection"),
    ):
        rules = branch_rules(
            binds_everybody=True, pull_request=pulls, blocks_force_push=pushes, blocks_deletion=True
        )
        verdict = judge(check, rules)
        assert isinstance(verdict, Passed)
        assert verdict.message == f"no one can bypass {named}"
