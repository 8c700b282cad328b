from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github import apps
from hardenme.collectors.github.client import GitHub
from hardenme.facts.github.apps import SSH_KEY, AppInstallation, SsoCredential, TokenGrant
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.sandbox.http import Reply
from tests.collectors.reader import TOKEN
from tests.collectors.scripted import GONE, Say, github, reads

ORGANIZATION = Subject("github", "org", "cedar-labs")
HERE = "/orgs/cedar-labs"
INSTALLED = "ghs_CANARY00000000000000000000000000000000"
THEN = "2026-10-01T08:00:00Z"
INSTALLATION = {
    "id": 7,
    "app_slug": "labeler",
    "repository_selection": "selected",
    "permissions": {"issues": "write", "metadata": "read"},
    "suspended_at": None,
}
GRANT = {
    "id": 8,
    "owner": {"login": "maple"},
    "repository_selection": "subset",
    "permissions": {"organization": {"members": "read"}, "repository": {"issues": "write"}},
    "access_granted_at": THEN,
    "token_name": "issue triage",
    "token_expired": False,
    "token_expires_at": THEN,
    "token_last_used_at": None,
}
CREDENTIAL = {
    "login": "birch",
    "credential_id": 9,
    "credential_type": "personal access token",
    "scopes": ["read:org"],
    "credential_authorized_at": THEN,
    "credential_accessed_at": THEN,
    "authorized_credential_note": "reports",
    "authorized_credential_expires_at": None,
}
ENTERPRISE = {"login": "cedar-labs", "plan": {"name": "enterprise"}}
Read = Callable[[GitHub, Subject, FactStore], Iterator[Answer[Any]]]


def answer(read: Read, paths: Mapping[str, Say], token: str = TOKEN) -> tuple[Answer[Any], int]:
    with github(paths, token) as (client, server):
        (found,) = read(client, ORGANIZATION, FactStore())
    return found, len(server.requests)


def installed(**changed: Any) -> AppInstallation:
    item = {name: value for name, value in (INSTALLATION | changed).items() if value is not ...}
    page = {"total_count": 1, "installations": [item]}
    found, _ = answer(reads(AppInstallation), {f"{HERE}/installations": page})
    (fact,) = found.facts
    assert isinstance(fact, AppInstallation)
    return fact


def grant(**changed: Any) -> TokenGrant:
    item = {name: value for name, value in (GRANT | changed).items() if value is not ...}
    paths: dict[str, Say] = {f"{HERE}/personal-access-tokens": [item]}
    (fact,) = answer(apps.token_grants, paths, INSTALLED)[0].facts
    assert isinstance(fact, TokenGrant)
    return fact


def credentials(*items: Any, **more: Say) -> Answer[Any]:
    paths: dict[str, Say] = {
        HERE: more.get("profile", ENTERPRISE),
        f"{HERE}/credential-authorizations": more.get("listed", list(items)),
    }
    return answer(apps.sso_credentials, paths)[0]


def credential(**changed: Any) -> SsoCredential:
    shown = {name: value for name, value in (CREDENTIAL | changed).items() if value is not ...}
    (fact,) = credentials(shown).facts
    assert isinstance(fact, SsoCredential)
    return fact


def test_an_installation() -> None:
    fact = installed()
    assert str(fact.subject) == "github:installation/cedar-labs/7"
    assert (fact.within, fact.label, fact.app) == (ORGANIZATION, "labeler", "labeler")
    assert fact.permissions == {"issues:write", "metadata:read"}
    assert fact.suspended_at is None
    assert installed(permissions={}).permissions == frozenset()
    assert installed(suspended_at=THEN).suspended_at is not None


@pytest.mark.parametrize(
    "value",
    [..., None, "all", [], {"contents": "own"}, {"contents": None}, {"contents": ["write"]}],
)
def test_permissions_that_are_not_understood(value: Any) -> None:
    assert "permissions" in installed(permissions=value).unknown_fields()


@pytest.mark.parametrize("value", [..., None, "some", 1])
def test_a_selection_that_is_not_understood(value: Any) -> None:
    assert "repository_selection" in installed(repository_selection=value).unknown_fields()


def test_a_suspension_that_is_left_out() -> None:
    assert "suspended_at" in installed(suspended_at=...).unknown_fields()


def test_installations_that_are_fewer_than_counted() -> None:
    page = {"total_count": 2, "installations": [INSTALLATION]}
    found, _ = answer(reads(AppInstallation), {f"{HERE}/installations": page})
    assert found.missing is not None
    assert found.missing.reason is Reason.INCOMPLETE


def test_a_grant() -> None:
    fact = grant()
    assert str(fact.subject) == "github:token-grant/cedar-labs/8"
    assert (fact.login, fact.label, fact.last_used) == ("maple", "issue triage", None)
    assert fact.permissions == {"organization/members:read", "repository/issues:write"}
    assert fact.writes("repository/issues")
    assert not fact.writes("organization/members")
    assert grant(permissions={}).permissions == frozenset()


@pytest.mark.parametrize(
    "value",
    [..., None, [], {"repository": None}, {"repository": {"issues": "own"}}, {"team": {}}],
)
def test_a_grant_s_permissions_that_are_not_understood(value: Any) -> None:
    assert "permissions" in grant(permissions=value).unknown_fields()


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ("token_expires_at", "expires_at"),
        ("token_last_used_at", "last_used"),
        ("token_expired", "expired"),
        ("access_granted_at", "granted_at"),
        ("owner", "login"),
    ],
)
def test_what_is_left_out_of_a_grant_is_not_known(raw: str, field: str) -> None:
    assert field in grant(**{raw: ...}).unknown_fields()


@pytest.mark.parametrize("token", [TOKEN, "github_pat_CANARY00000000000000_" + "0" * 54])
def test_a_personal_token_does_not_ask_for_grants(token: str) -> None:
    found, sent = answer(apps.token_grants, {}, token)
    assert found.missing is not None
    assert found.missing.reason is Reason.NOT_PERMITTED
    assert "organization_personal_access_tokens: read" in found.missing.needed
    assert sent == 0


def test_an_app_without_the_permission() -> None:
    refused = Reply(403, {"message": "Resource not accessible by integration"})
    found, _ = answer(apps.token_grants, {f"{HERE}/personal-access-tokens": refused}, INSTALLED)
    assert found.missing is not None
    assert found.missing.reason is Reason.NOT_PERMITTED


def test_a_credential() -> None:
    fact = credential()
    assert str(fact.subject) == "github:sso-credential/cedar-labs/9"
    assert (fact.login, fact.label) == ("birch", "reports")
    assert fact.scopes == {"read:org"}
    assert fact.expires_at is None


def test_several_credentials_of_one_member() -> None:
    found = credentials(CREDENTIAL, CREDENTIAL | {"credential_id": 10})
    assert found.missing is None
    assert len(found.facts) == 2


def test_a_key_has_no_scopes() -> None:
    fact = credential(
        credential_type="SSH Key",
        scopes=...,
        authorized_credential_note=...,
        authorized_credential_title="laptop",
        authorized_credential_expires_at=...,
    )
    assert (fact.kind, fact.label) == (SSH_KEY, "laptop")
    assert {"scopes", "expires_at"} == fact.unknown_fields().keys()


@pytest.mark.parametrize(
    ("raw", "value", "field"),
    [
        ("credential_type", "passkey", "kind"),
        ("credential_type", None, "kind"),
        ("scopes", ..., "scopes"),
        ("scopes", None, "scopes"),
        ("scopes", "repo", "scopes"),
        ("scopes", [7], "scopes"),
        ("authorized_credential_expires_at", ..., "expires_at"),
        ("credential_accessed_at", ..., "accessed_at"),
        ("credential_accessed_at", "lately", "accessed_at"),
    ],
)
def test_a_credential_that_is_not_understood(raw: str, value: Any, field: str) -> None:
    assert field in credential(**{raw: value}).unknown_fields()


@pytest.mark.parametrize("plan", ["free", "team"])
def test_a_plan_without_single_sign_on_has_no_credentials(plan: str) -> None:
    paths: dict[str, Say] = {HERE: {"login": "cedar-labs", "plan": {"name": plan}}}
    found, sent = answer(apps.sso_credentials, paths)
    assert (found.facts, found.missing, sent) == ((), None, 1)
    assert found.evidence


@pytest.mark.parametrize(
    "profile",
    [
        {"login": "cedar-labs"},
        {"login": "cedar-labs", "plan": None},
        {"login": "cedar-labs", "plan": {}},
        {"login": "cedar-labs", "plan": {"name": {"odd": 1}}},
        {"login": "cedar-labs", "plan": {"name": "something-new"}},
        GONE,
    ],
)
def test_a_refusal_without_a_known_plan_is_one(profile: Say) -> None:
    found = credentials(profile=profile, listed=GONE)
    assert isinstance(found.missing, Unknown)
    assert found.missing.reason is Reason.NOT_VISIBLE
