from __future__ import annotations

import json
import shlex
from dataclasses import replace
from typing import Any

import pytest

from hardenme.model.check import Check
from hardenme.model.profile import PROFILES
from hardenme.model.severity import Severity
from hardenme.model.unknown import NotKnownError
from hardenme.model.verdict import Failed, Manual, NotApplicable, Passed
from hardenme_checks.github.organization import org_owner_count, org_two_factor_required
from hardenme_checks.github.organization_policies import (
    org_classic_tokens_restricted,
    org_domain_verified,
    org_immutable_releases_enforced,
    org_oauth_apps_restricted,
    org_ruleset_on_default_branches,
    org_security_configuration_enforced,
    org_token_approval_required,
)
from hardenme_checks.github.organization_privileges import (
    org_base_permission_minimal,
    org_deploy_keys_restricted,
    org_issue_deletion_restricted,
    org_outside_invitation_restricted,
    org_private_fork_restricted,
    org_public_repository_creation_restricted,
    org_repository_deletion_restricted,
    org_visibility_change_restricted,
)
from tests.factories.github_organization import (
    approval_requests,
    classic_policy,
    default,
    immutable,
    oauth_policy,
    owners,
    privileges,
    profile,
    reach,
    security,
    sight,
)
from tests.factories.given import LOST, MISSING, REFUSED, SOLO, TEAM, every

SETTINGS = "https://github.com/organizations/cedar-labs/settings"
PATCH = "gh api -X PATCH orgs/cedar-labs"


def test_two_factor() -> None:
    assert isinstance(org_two_factor_required(security()), Passed)
    verdict = org_two_factor_required(security(two_factor_required=False))
    assert isinstance(verdict, Failed)
    assert verdict.fix.page == f"{SETTINGS}/security"
    assert verdict.fix.command == "", "GitHub has no command for it"
    with pytest.raises(NotKnownError):
        org_two_factor_required(security(two_factor_required=MISSING))


@pytest.mark.parametrize("count", [2, 3, 5])
def test_a_few_owners(count: int) -> None:
    verdict = org_owner_count(owners(*"abcde"[:count]), TEAM)
    assert verdict == Passed(f"{count} owners", {"owners": count})


@pytest.mark.parametrize("count", [1, 6])
def test_too_few_owners_and_too_many(count: int) -> None:
    verdict = org_owner_count(owners(*"abcdef"[:count]), TEAM)
    assert isinstance(verdict, Failed)
    assert verdict.fix.command == ""
    assert verdict.fix.page == "https://github.com/orgs/cedar-labs/people?query=role%3Aowner"


def test_the_profile_says_how_many_owners() -> None:
    assert isinstance(org_owner_count(owners("alder"), SOLO), Passed)
    assert isinstance(org_owner_count(owners("alder"), replace(TEAM, owners_least=1)), Passed)
    assert isinstance(org_owner_count(owners(*"abc"), replace(TEAM, owners_most=2)), Failed)
    for name in ("team", "org", "strict"):
        assert isinstance(org_owner_count(owners("alder"), PROFILES[name].limits), Failed)
    with pytest.raises(NotKnownError):
        org_owner_count(owners(logins=MISSING), TEAM)


@pytest.mark.parametrize(
    ("base", "severity"), [("read", Severity.LOW), ("write", None), ("admin", None)]
)
def test_a_base_permission(base: str, severity: Severity | None) -> None:
    assert isinstance(org_base_permission_minimal(privileges()), Passed)
    verdict = org_base_permission_minimal(privileges(base_permission=base))
    assert isinstance(verdict, Failed)
    assert verdict.severity is severity
    assert verdict.fix.command == f"{PATCH} -f default_repository_permission=none"
    assert base in verdict.fix.undo
    with pytest.raises(NotKnownError):
        org_base_permission_minimal(privileges(base_permission=MISSING))


@pytest.mark.parametrize(
    ("check", "field", "key", "by_api"),
    [
        (
            org_public_repository_creation_restricted,
            "create_public",
            "members_can_create_public_repositories",
            True,
        ),
        (
            org_repository_deletion_restricted,
            "delete_repositories",
            "members_can_delete_repositories",
            False,
        ),
        (
            org_visibility_change_restricted,
            "change_visibility",
            "members_can_change_repo_visibility",
            False,
        ),
        (
            org_outside_invitation_restricted,
            "invite_outsiders",
            "members_can_invite_outside_collaborators",
            False,
        ),
        (
            org_private_fork_restricted,
            "fork_private",
            "members_can_fork_private_repositories",
            True,
        ),
        (org_issue_deletion_restricted, "delete_issues", "members_can_delete_issues", False),
        (
            org_deploy_keys_restricted,
            "deploy_keys",
            "deploy_keys_enabled_for_repositories",
            True,
        ),
    ],
    ids=lambda value: getattr(value, "code", ""),
)
def test_what_members_may_do(check: Check, field: str, key: str, *, by_api: bool) -> None:
    passed = check(privileges())
    assert isinstance(passed, Passed)
    assert passed.seen == {key: False}
    verdict = check(privileges(**{field: True}))
    assert isinstance(verdict, Failed)
    assert verdict.seen == {key: True}
    assert verdict.fix.page == f"{SETTINGS}/member_privileges"
    assert verdict.fix.command == (f"{PATCH} -F {key}=false" if by_api else "")
    with pytest.raises(NotKnownError):
        check(privileges(**{field: MISSING}))


def test_only_the_setting_that_is_judged_is_needed() -> None:
    bare = dict.fromkeys(("base_permission", "delete_issues", "deploy_keys"), MISSING)
    assert isinstance(org_private_fork_restricted(privileges(**bare)), Passed)


def test_a_domain() -> None:
    assert isinstance(org_domain_verified(profile()), Passed)
    verdict = org_domain_verified(profile(verified=False))
    assert isinstance(verdict, Failed)
    assert verdict.fix.page == f"{SETTINGS}/domains"
    with pytest.raises(NotKnownError):
        org_domain_verified(profile(verified=MISSING))


def test_classic_tokens() -> None:
    assert isinstance(org_classic_tokens_restricted(classic_policy()), Passed)
    verdict = org_classic_tokens_restricted(classic_policy(refused=False))
    assert isinstance(verdict, Manual)
    assert verdict.page == f"{SETTINGS}/personal-access-tokens"
    with pytest.raises(NotKnownError):
        org_classic_tokens_restricted(classic_policy(refused=MISSING))


def test_a_default_that_is_enforced() -> None:
    whole = org_security_configuration_enforced(profile(), every(default()))
    halves = every(default(which="public"), default(which="private_and_internal"))
    assert isinstance(whole, Passed)
    assert isinstance(org_security_configuration_enforced(profile(), halves), Passed)


@pytest.mark.parametrize(
    "found",
    [
        (),
        (default(enforced=False),),
        (default(push_protection="disabled"),),
        (default(push_protection="not_set"),),
        (default(secret_scanning="not_set"),),
        (default(), default(enforced=False)),
    ],
)
def test_no_default_or_one_that_does_not_bind(found: tuple[Any, ...]) -> None:
    verdict = org_security_configuration_enforced(profile(), every(*found))
    assert isinstance(verdict, Failed)
    assert verdict.seen["not_enforced_for"] == "public, private and internal"
    assert verdict.fix.page == f"{SETTINGS}/security_products"


@pytest.mark.parametrize(
    ("bound", "left"), [("public", "private and internal"), ("private_and_internal", "public")]
)
def test_half_of_the_new_repositories_is_not_all(bound: str, left: str) -> None:
    verdict = org_security_configuration_enforced(profile(), every(default(which=bound)))
    assert isinstance(verdict, Failed)
    assert verdict.seen["not_enforced_for"] == left
    assert f"new {left} repositories" in verdict.message


@pytest.mark.parametrize(
    "defaults",
    [
        every(default(), missing=LOST),
        every(default(which=MISSING)),
        every(default(enforced=MISSING)),
        every(default(secret_scanning=MISSING)),
        every(default(push_protection=MISSING)),
    ],
)
def test_defaults_that_are_not_all_known(defaults: Any) -> None:
    with pytest.raises(NotKnownError):
        org_security_configuration_enforced(profile(), defaults)


def test_immutable_releases() -> None:
    assert isinstance(org_immutable_releases_enforced(immutable()), Passed)
    for chosen, undo in (("selected", 'Choose "Selected'), ("none", 'Choose "No policy"')):
        verdict = org_immutable_releases_enforced(immutable(enforced=chosen))
        assert isinstance(verdict, Failed)
        assert verdict.fix.undo.startswith(undo)
        assert verdict.fix.command == (
            "gh api -X PUT orgs/cedar-labs/settings/immutable-releases -f enforced_repositories=all"
        )
    with pytest.raises(NotKnownError):
        org_immutable_releases_enforced(immutable(enforced=MISSING))


def test_rulesets_of_the_organization() -> None:
    assert isinstance(org_ruleset_on_default_branches(reach(), sight()), Passed)
    assert isinstance(org_ruleset_on_default_branches(reach(branches=0), sight()), NotApplicable)
    unbound = reach(unbound=("cedar-labs/cone", "cedar-labs/x"))
    verdict = org_ruleset_on_default_branches(unbound, sight(whole=MISSING))
    assert isinstance(verdict, Failed)
    assert "cedar-labs/cone" in verdict.message
    echo, _, rest = verdict.fix.command.partition(" | ")
    body = json.loads(shlex.split(echo)[1])
    assert body["conditions"]["ref_name"]["include"] == ["~DEFAULT_BRANCH"]
    assert body["enforcement"] == "active"
    assert rest == "gh api -X POST orgs/cedar-labs/rulesets --input -", (
        "a new one beside the others"
    )
    for unknown in ({"unbound": MISSING}, {"branches": MISSING}):
        with pytest.raises(NotKnownError):
            org_ruleset_on_default_branches(reach(**unknown), sight())
    with pytest.raises(NotKnownError):
        org_ruleset_on_default_branches(reach(), sight(whole=MISSING))
    assert org_ruleset_on_default_branches(reach(), REFUSED) is REFUSED
    assert isinstance(org_ruleset_on_default_branches(unbound, REFUSED), Failed)


def test_what_no_api_shows_is_a_question() -> None:
    oauth = org_oauth_apps_restricted(oauth_policy(refused=False))
    assert isinstance(oauth, Manual)
    assert oauth.page == f"{SETTINGS}/oauth_application_policy"
    for requests in (REFUSED, approval_requests(waiting=False)):
        asked = org_token_approval_required(profile(verified=MISSING), requests)
        assert isinstance(asked, Manual)
        assert asked.page == f"{SETTINGS}/personal-access-tokens"


def test_an_app_that_was_refused_proves_that_apps_are_restricted() -> None:
    assert isinstance(org_oauth_apps_restricted(oauth_policy()), Passed)
    with pytest.raises(NotKnownError):
        org_oauth_apps_restricted(oauth_policy(refused=MISSING))


def test_a_request_that_waits_proves_that_approval_is_asked_for() -> None:
    assert isinstance(org_token_approval_required(profile(), approval_requests()), Passed)
    with pytest.raises(NotKnownError):
        org_token_approval_required(profile(), approval_requests(waiting=MISSING))
