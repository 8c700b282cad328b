from __future__ import annotations

import json
from typing import Any

import pytest

from hardenme.facts.github.actions import (
    ActionsPolicy,
    ForkApprovalPolicy,
    ForkWorkflowsPolicy,
    SettingPlace,
    WorkflowTokenPolicy,
)
from hardenme.facts.github.selected_actions import SelectedActionsPolicy, UsedActions
from hardenme.facts.github.site import GitHubFact
from hardenme.model.check import Check
from hardenme.model.unknown import NotKnownError
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed
from hardenme_checks.github.actions import (
    actions_cannot_approve,
    actions_pinning_required,
    actions_selected,
    fork_pull_request_approval,
    fork_pull_request_without_secrets,
    workflow_token_read_only,
)
from tests.factories.github_actions import ORGANIZATION, setting
from tests.factories.given import MISSING, REFUSED

SETTINGS: list[tuple[Check, type[GitHubFact], str, Any]] = [
    (actions_selected, ActionsPolicy, "allowed", "all"),
    (actions_pinning_required, ActionsPolicy, "pinned", False),
    (workflow_token_read_only, WorkflowTokenPolicy, "default", "write"),
    (actions_cannot_approve, WorkflowTokenPolicy, "approves", True),
    (fork_pull_request_approval, ForkApprovalPolicy, "policy", "first_time_contributors"),
]
SELECTION = setting(SelectedActionsPolicy)
USED = setting(UsedActions)
NEEDS_MORE = {actions_selected.code: (SELECTION, USED)}
"""What a check takes beside the setting."""
EACH = pytest.mark.parametrize(("check", "kind", "name", "value"), SETTINGS)


def fix_of(verdict: Any) -> Fix:
    assert isinstance(verdict, Failed)
    return verdict.fix


@EACH
def test_a_setting(check: Check, kind: type[GitHubFact], name: str, value: Any) -> None:
    more = NEEDS_MORE.get(check.code, ())
    assert isinstance(check(setting(kind), *more), Passed)
    assert isinstance(check(setting(kind, **{name: value}), *more), Failed)
    with pytest.raises(NotKnownError):
        check(setting(kind, **{name: MISSING}), *more)


@EACH
@pytest.mark.parametrize("idle", ["disabled", "archived", "private", "public"])
def test_where_no_workflow_runs_nothing_is_judged(
    check: Check, kind: type[GitHubFact], name: str, value: Any, idle: str
) -> None:
    for known in (value, MISSING):
        policy = setting(kind, at=SettingPlace(idle=idle), **{name: known})
        verdict = check(policy, *NEEDS_MORE.get(check.code, ()))
        assert isinstance(verdict, NotApplicable)
        assert verdict.seen == {"idle": idle}


def test_the_owners_own_actions_are_a_selection() -> None:
    verdict = actions_selected(setting(ActionsPolicy, allowed="local_only"), REFUSED, REFUSED)
    assert isinstance(verdict, Passed)
    assert verdict.message == "only the owner's actions can run"


def test_a_word_that_nobody_knows_is_no_selection() -> None:
    policy = setting(ActionsPolicy, allowed="most")
    assert isinstance(actions_selected(policy, SELECTION, USED), Failed)


def selected(*patterns: str, **overrides: Any) -> Any:
    selection = setting(SelectedActionsPolicy, patterns=patterns, **overrides)
    return actions_selected(setting(ActionsPolicy), selection, USED)


@pytest.mark.parametrize(
    "pattern",
    ["*", "**", "*/*", "*@*", "*/checkout@v4", "*@v1", "octo*", "octo-*/*", "*-labs/press@*"],
)
def test_a_pattern_without_an_owner_allows_what_anyone_publishes(pattern: str) -> None:
    for others in ((), ("alder/press@*",), ("!alder/*", "!*")):
        verdict = selected(*others, pattern)
        assert isinstance(verdict, Failed)
        assert verdict.seen["patterns_allowed"] == [pattern]
        assert verdict.fix.page == "https://github.com/cedar-labs/cone/settings/actions"
        assert verdict.fix.wider is not None


@pytest.mark.parametrize(
    "patterns",
    [
        (),
        ("alder/press@*",),
        ("alder/*",),
        ("cedar-labs/*", "alder/press*@v1"),
        ("alder_emu/press@0123456789abcdef0123456789abcdef01234567",),
        ("alder/press/.github/workflows/build.yml@main",),
        ("!*/*", "alder/*"),
    ],
)
def test_patterns_that_name_their_owners_are_a_selection(patterns: tuple[str, ...]) -> None:
    verdict = selected(*patterns)
    assert isinstance(verdict, Passed)
    assert verdict.seen == {
        "allowed_actions": "selected",
        "github_owned_allowed": True,
        "verified_allowed": False,
        "patterns_allowed": list(patterns),
    }


@pytest.mark.parametrize("name", ["patterns", "github_owned", "verified"])
def test_a_selection_that_is_not_read_does_not_pass(name: str) -> None:
    assert actions_selected(setting(ActionsPolicy), REFUSED, USED) is REFUSED
    selection = setting(SelectedActionsPolicy, **{name: MISSING})
    with pytest.raises(NotKnownError):
        actions_selected(setting(ActionsPolicy), selection, USED)


def test_an_organizations_selection_is_changed_there() -> None:
    verdict = actions_selected(
        setting(ActionsPolicy, subject=ORGANIZATION),
        setting(SelectedActionsPolicy, subject=ORGANIZATION, patterns=("*",)),
        REFUSED,
    )
    fix = fix_of(verdict)
    assert fix.page == "https://github.com/organizations/cedar-labs/settings/actions"
    assert fix.wider is None


def test_newcomers_to_github_alone_wait() -> None:
    policy = "first_time_contributors_new_to_github"
    verdict = fork_pull_request_approval(setting(ForkApprovalPolicy, policy=policy))
    assert isinstance(verdict, Failed)
    assert verdict.message == "only contributors new to GitHub need approval"


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"secrets": True}, "fork pull requests get secrets"),
        ({"write_tokens": True}, "fork pull requests get a write token"),
    ],
)
def test_what_is_sent_to_forks(sent: dict[str, bool], message: str) -> None:
    verdict = fork_pull_request_without_secrets(setting(ForkWorkflowsPolicy, runs=True, **sent))
    assert isinstance(verdict, Failed)
    assert verdict.message == message
    for runs, expected in ((False, Passed), (MISSING, None)):
        policy = setting(ForkWorkflowsPolicy, runs=runs, **sent)
        if expected is None:
            with pytest.raises(NotKnownError):
                fork_pull_request_without_secrets(policy)
        else:
            assert isinstance(fork_pull_request_without_secrets(policy), expected)


@pytest.mark.parametrize("name", ["secrets", "write_tokens"])
def test_what_is_sent_to_forks_is_not_known(name: str) -> None:
    with pytest.raises(NotKnownError):
        fork_pull_request_without_secrets(setting(ForkWorkflowsPolicy, **{name: MISSING}))
    idle = setting(ForkWorkflowsPolicy, runs=MISSING)
    assert isinstance(fork_pull_request_without_secrets(idle), Passed)


def rewritten(path: str, program: str) -> str:
    return f"gh api {path} --jq '{program}' | gh api -X PUT {path} --input -"


ADDRESSES = "del(.selected_repositories_url, .selected_actions_url)"


ALL = setting(ActionsPolicy, allowed="all")


def test_a_repository_is_fixed_there_and_for_the_whole_organization() -> None:
    fix = fix_of(actions_selected(ALL, SELECTION, USED))
    assert fix.page == "https://github.com/cedar-labs/cone/settings/actions"
    assert fix.needs == "repository admin"
    assert fix.wider is not None
    assert fix.wider.page == "https://github.com/organizations/cedar-labs/settings/actions"
    assert fix.wider.needs == "organization owner"


@pytest.mark.parametrize("patterns", [(), ("alder/press@*", "birch/bark/.github/x.yml@*")])
def test_what_workflows_use_is_selected_by_the_same_command(patterns: tuple[str, ...]) -> None:
    fix = fix_of(actions_selected(ALL, SELECTION, setting(UsedActions, patterns=patterns)))
    path = "repos/cedar-labs/cone/actions/permissions"
    choose = rewritten(path, f'{ADDRESSES} | .allowed_actions = "selected"')
    names = f" | .patterns_allowed = {json.dumps([*patterns])}" if patterns else ""
    allow = f".github_owned_allowed = true{names}"
    assert fix.command == f"{choose} && {rewritten(f'{path}/selected-actions', allow)}"
    assert all(one in fix.step for one in patterns)


@pytest.mark.parametrize("used", [REFUSED, setting(UsedActions, patterns=MISSING)])
def test_where_it_is_not_known_what_workflows_use_no_command_stops_them(used: Any) -> None:
    fix = fix_of(actions_selected(ALL, SELECTION, used))
    assert fix.step.startswith("List the actions that workflows use")
    assert fix.command == ""
    for one in (fix, fix_of(actions_selected(ALL, SELECTION, USED))):
        assert one.wider is not None
        assert one.wider.command == ""


@pytest.mark.parametrize("used", [REFUSED, USED, setting(UsedActions, patterns=())])
def test_an_organization_is_restricted_by_no_command(used: Any) -> None:
    """What all of its repositories use is not read, and those that use more would stop."""
    policy = setting(ActionsPolicy, allowed="all", subject=ORGANIZATION, label="cedar-labs")
    fix = fix_of(actions_selected(policy, SELECTION, used))
    assert "list the actions that workflows use" in fix.step
    assert fix.command == ""


@EACH
def test_the_command_for_an_organization_names_nothing_else(
    check: Check, kind: type[GitHubFact], name: str, value: Any
) -> None:
    policy = setting(kind, subject=ORGANIZATION, label="cedar-labs", **{name: value})
    fix = fix_of(check(policy, *NEEDS_MORE.get(check.code, ())))
    assert "repos/" not in fix.command


def test_one_command_does_not_take_back_what_another_closed() -> None:
    policy = setting(WorkflowTokenPolicy, default="write", approves=True)
    commands = [
        fix_of(c(policy)).command for c in (workflow_token_read_only, actions_cannot_approve)
    ]
    path = "repos/cedar-labs/cone/actions/permissions/workflow"
    assert commands == [
        rewritten(path, '.default_workflow_permissions = "read"'),
        rewritten(path, ".can_approve_pull_request_reviews = false"),
    ]


def test_a_persons_repository_has_nothing_above_it() -> None:
    policy = setting(ActionsPolicy, allowed="all", at=SettingPlace())
    fix = fix_of(actions_selected(policy, SELECTION, USED))
    assert fix.wider is None


def test_an_organizations_default_closes_no_repository_that_has_its_own() -> None:
    policy = setting(ForkApprovalPolicy, policy="first_time_contributors")
    fix = fix_of(fork_pull_request_approval(policy))
    assert fix.wider is None
    assert fix.command == (
        "gh api -X PUT repos/cedar-labs/cone/actions/permissions/fork-pr-contributor-approval"
        " -f approval_policy=all_external_contributors"
    )


def test_an_organization_is_fixed_as_a_whole() -> None:
    policy = setting(
        ActionsPolicy, allowed="all", subject=ORGANIZATION, at=SettingPlace("cedar-labs")
    )
    fix = fix_of(actions_selected(policy, SELECTION, REFUSED))
    assert fix.page == "https://github.com/organizations/cedar-labs/settings/actions"
    assert fix.command == ""
    assert fix.wider is None
