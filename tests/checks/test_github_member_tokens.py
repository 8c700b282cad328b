from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hardenme.facts.github.apps import APP_TOKEN, OAUTH_TOKEN, SSH_KEY, SsoCredential, TokenGrant
from hardenme.model.unknown import NotKnownError
from hardenme.model.verdict import Failed, Passed, Verdict
from hardenme_checks.github.member_tokens import (
    org_sso_credential_bounded,
    org_token_grant_bounded,
)
from tests.factories.github_apps import sso_credential, token_grant
from tests.factories.given import MISSING, NOW, STRICT, TEAM, ago


def granted(grant: TokenGrant) -> Verdict:
    verdict = org_token_grant_bounded(grant, NOW, TEAM)
    assert isinstance(verdict, Passed | Failed)
    return verdict


def authorized(credential: SsoCredential) -> Verdict:
    verdict = org_sso_credential_bounded(credential, NOW, TEAM)
    assert isinstance(verdict, Passed | Failed)
    return verdict


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"expires_at": None}, "never expires"),
        ({"last_used": ago(91)}, "unused for 91 days"),
        ({"last_used": None, "granted_at": ago(91)}, "never used in 91 days"),
        ({"repository_selection": "all"}, "reaches all repositories"),
    ],
)
def test_a_grant_without_a_bound(changed: dict[str, Any], message: str) -> None:
    verdict = granted(token_grant(**changed))
    assert isinstance(verdict, Failed)
    assert verdict.message == f"maple's token {message}"
    assert verdict.fix.page.endswith("/cedar-labs/settings/personal-access-tokens/active")


@pytest.mark.parametrize(
    "held", ["repository/administration:write", "organization/organization_administration:write"]
)
def test_a_grant_that_administers(held: str) -> None:
    assert isinstance(granted(token_grant(held)), Failed)
    assert isinstance(granted(token_grant(held.replace("write", "read"))), Passed)


def test_all_that_is_wrong_with_a_grant_is_told() -> None:
    verdict = granted(token_grant(expires_at=None, repository_selection="all"))
    assert isinstance(verdict, Failed)
    assert verdict.message == "maple's token never expires, reaches all repositories"


def test_a_grant_within_its_bounds() -> None:
    assert isinstance(granted(token_grant()), Passed)
    assert isinstance(granted(token_grant(last_used=ago(90))), Passed)
    assert isinstance(granted(token_grant(last_used=None)), Passed), "it is new"
    assert isinstance(org_token_grant_bounded(token_grant(last_used=ago(31)), NOW, STRICT), Failed)


def test_a_token_that_has_expired_opens_nothing() -> None:
    assert isinstance(granted(token_grant(expired=True, permissions=MISSING)), Passed)


@pytest.mark.parametrize(
    "field",
    ["login", "expired", "expires_at", "last_used", "repository_selection", "permissions"],
)
def test_a_grant_that_is_not_known(field: str) -> None:
    with pytest.raises(NotKnownError):
        granted(token_grant(**{field: MISSING}))


@pytest.mark.parametrize(
    "scope",
    [
        *("repo", "public_repo", "workflow", "admin:org", "delete_repo", "write:packages"),
        *("codespace", "admin:public_key", "admin:org_hook", "user", "something:new"),
    ],
)
def test_a_classic_token_with_a_broad_scope(scope: str) -> None:
    verdict = authorized(sso_credential("read:org", scope))
    assert isinstance(verdict, Failed)
    assert verdict.message == f"birch's personal access token: holds {scope}"
    assert verdict.fix.command == (
        "gh api -X DELETE orgs/cedar-labs/credential-authorizations/8403"
    )
    assert verdict.fix.page == "https://github.com/orgs/cedar-labs/people/birch/sso"


@pytest.mark.parametrize(
    "scope", ["read:org", "read:packages", "user:email", "gist", "repo:status"]
)
def test_a_classic_token_with_a_narrow_scope(scope: str) -> None:
    assert isinstance(authorized(sso_credential(scope)), Passed)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"expires_at": None}, "never expires"),
        ({"accessed_at": ago(91)}, "unused for 91 days"),
        ({"accessed_at": None, "authorized_at": ago(91)}, "never used in 91 days"),
    ],
)
def test_a_classic_token_without_a_bound(changed: dict[str, Any], message: str) -> None:
    verdict = authorized(sso_credential(**changed))
    assert isinstance(verdict, Failed)
    assert verdict.message == f"birch's personal access token: {message}"


def test_a_classic_token_whose_time_is_over_opens_nothing() -> None:
    assert isinstance(authorized(sso_credential("repo", expires_at=ago(1))), Passed)
    # It ends at that very moment, and not before.
    assert isinstance(authorized(sso_credential("repo", expires_at=ago(0))), Passed)
    soon = NOW.time + timedelta(seconds=1)
    assert isinstance(authorized(sso_credential("repo", expires_at=soon)), Failed)


def test_what_a_kind_does_not_have_is_not_asked_of_it() -> None:
    bare: dict[str, Any] = {"scopes": MISSING, "expires_at": MISSING}
    for kind in (SSH_KEY, APP_TOKEN):
        assert isinstance(authorized(sso_credential(kind=kind, **bare)), Passed)
        assert isinstance(
            authorized(sso_credential(kind=kind, accessed_at=ago(91), **bare)), Failed
        )
    assert isinstance(authorized(sso_credential(kind=OAUTH_TOKEN, expires_at=MISSING)), Passed)
    assert isinstance(authorized(sso_credential("repo", kind=OAUTH_TOKEN)), Failed)


@pytest.mark.parametrize("field", ["login", "kind", "scopes", "accessed_at", "expires_at"])
def test_a_credential_that_is_not_known(field: str) -> None:
    with pytest.raises(NotKnownError):
        authorized(sso_credential(**{field: MISSING}))
