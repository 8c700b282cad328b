from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github import account
from hardenme.collectors.github import membership as orgs
from hardenme.facts.github.account import (
    Account,
    AccountPrivateProfile,
    AccountTwoFactor,
    EmailAddress,
    GpgKey,
    OrganizationContributions,
    OwnerTwoFactorView,
    RepositoryInvitation,
    SshKey,
    SshSigningKey,
)
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import Reply, Request
from tests.collectors.scripted import GONE, github, of, reads

PAT = "github_pat_CANARY00000000000000_" + "0" * 54
USER = Subject("github", "user", "Hazel")
HELD = Subject("github", "token", "classic")
ME = {
    "login": "hazel",
    "public_repos": 2,
    "owned_private_repos": 1,
    "two_factor_authentication": True,
}
SCOPES = {"X-OAuth-Scopes": "repo, user"}
INSECURE = "/orgs/acorn/members"


def ask(
    read: Any, scope: Subject, paths: dict[str, Any], store: FactStore | None = None, **how: Any
) -> list[Answer[Any]]:
    with github(paths, **how) as (client, _):
        return list(read(client, scope, store or FactStore()))


def test_the_private_view_of_an_account() -> None:
    found = ask(account.profile, USER, {"/user": ME})
    assert of(Account, found).facts[0].login == "hazel"
    assert of(AccountPrivateProfile, found).facts[0].owned_private_repositories == 1
    assert of(AccountTwoFactor, found).facts[0].enabled is True


def test_the_public_view_does_not_tell_the_second_factor() -> None:
    public = {"login": "hazel", "public_repos": 2}
    found = ask(account.profile, USER, {"/user": public})
    assert of(Account, found).missing is None
    for kind in (AccountPrivateProfile, AccountTwoFactor):
        missing = of(kind, found).missing
        assert missing is not None
        assert missing.reason is Reason.NOT_PERMITTED
        assert "user" in missing.needed


@pytest.mark.parametrize("value", [None, "true", 1, 0, [], {}])
def test_a_second_factor_of_a_strange_value_is_not_understood(value: Any) -> None:
    found = ask(account.profile, USER, {"/user": ME | {"two_factor_authentication": value}})
    (fact,) = of(AccountTwoFactor, found).facts
    assert fact.unknown_fields()["enabled"].reason is Reason.MALFORMED


@pytest.mark.parametrize("said", [GONE, [], {}, Reply(401, {"message": "Bad credentials"})])
def test_no_account_is_no_fact(said: Any) -> None:
    for answer in ask(account.profile, USER, {"/user": said}):
        assert answer.facts == ()
        assert answer.missing is not None


SSH = {
    "id": 7,
    "title": "laptop",
    "key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "created_at": "2026-01-02T03:04:05Z",
    "last_used": None,
}


def test_an_ssh_key() -> None:
    (fact,) = of(SshKey, ask(reads(SshKey), USER, {"/user/keys": [SSH]})).facts
    assert (fact.algorithm, fact.bits, fact.last_used) == ("ssh-ed25519", 0, None)
    assert fact.created_at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert (str(fact.subject), fact.within, fact.label) == ("github:ssh-key/7", USER, "laptop")


@pytest.mark.parametrize(
    "change",
    [{"key": "ssh-rsa AAAA"}, {"key": 7}, {"key": None}, {"key": "ssh-rsa " + SSH["key"][12:]}],
)
def test_an_ssh_key_that_is_not_read(change: dict[str, Any]) -> None:
    (fact,) = of(SshKey, ask(reads(SshKey), USER, {"/user/keys": [SSH | change]})).facts
    assert {"algorithm", "bits"} <= fact.unknown_fields().keys()


def test_an_ssh_key_without_a_use_is_not_one_that_was_never_used() -> None:
    bare = {name: value for name, value in SSH.items() if name != "last_used"}
    (fact,) = of(SshKey, ask(reads(SshKey), USER, {"/user/keys": [bare]})).facts
    assert fact.unknown_fields()["last_used"].reason is Reason.NOT_VISIBLE


@pytest.mark.parametrize("said", [{}, [None], ["text"], [{}], [[]], [{"id": {"a": 1}}]])
def test_a_list_of_strange_things_is_never_a_whole_list_of_nothing(said: Any) -> None:
    for read in (
        reads(SshKey),
        reads(SshSigningKey),
        reads(GpgKey),
        reads(EmailAddress),
        orgs.memberships,
        reads(RepositoryInvitation),
    ):
        paths = {
            "/user/keys": said,
            "/user/ssh_signing_keys": said,
            "/user/gpg_keys": said,
            "/user/emails": said,
            "/user/memberships/orgs": said,
            "/user/repository_invitations": said,
        }
        (answer,) = ask(read, USER, paths)
        assert answer.missing or all(fact.unknown_fields() for fact in answer.facts)
        assert answer.missing or answer.facts


def test_a_gpg_key_with_a_subkey_that_is_not_read() -> None:
    key = {"id": 1, "key_id": "AA", "expires_at": None, "revoked": False}
    sub = {"key_id": "BB", "expires_at": "2026-01-01T00:00:00Z", "revoked": False}
    paths = {"/user/gpg_keys": [key | {"subkeys": [sub]}]}
    (fact,) = of(GpgKey, ask(reads(GpgKey), USER, paths)).facts
    assert fact.subkeys[0].key_id == "BB"
    unsaid = {name: value for name, value in sub.items() if name != "revoked"}
    wrong = [sub | {"expires_at": "soon"}], [sub | {"revoked": "no"}], [sub, unsaid]
    for odd in (None, "x", [sub, {}], *wrong):
        paths = {"/user/gpg_keys": [key | {"subkeys": odd}]}
        (fact,) = of(GpgKey, ask(reads(GpgKey), USER, paths)).facts
        assert "subkeys" in fact.unknown_fields(), odd


def test_a_visibility_that_nobody_has_seen_is_not_understood() -> None:
    email = {"email": "a@b.example", "primary": True, "verified": True}
    for visibility, known in (("public", True), ("private", True), (None, True), ("new", False)):
        paths = {"/user/emails": [email | {"visibility": visibility}]}
        (fact,) = of(EmailAddress, ask(reads(EmailAddress), USER, paths)).facts
        assert ("visibility" not in fact.unknown_fields()) is known


def joined(role: str = "admin", state: str = "active", **change: Any) -> dict[str, Any]:
    organization = {"login": "acorn", "node_id": "O_1"} | change
    return {"role": role, "state": state, "organization": organization}


def booked(membership: dict[str, Any]) -> tuple[FactStore, Subject]:
    store = FactStore()
    paths = {"/user/memberships/orgs": [membership]}
    (answer,) = ask(orgs.memberships, USER, paths)
    store.put(answer)
    return store, answer.facts[0].subject


@pytest.mark.parametrize(
    ("listing", "insecure"),
    [([], False), ([{"login": "oakley"}], False), ([{"login": "HAZEL"}], True)],
)
def test_an_owner_sees_who_has_an_insecure_second_factor(listing: Any, *, insecure: bool) -> None:
    store, subject = booked(joined())
    answer = of(OwnerTwoFactorView, ask(orgs.owner_views, subject, {INSECURE: listing}, store))
    assert answer.facts[0].insecure is insecure


@pytest.mark.parametrize(
    ("listing", "reason"),
    [
        (Reply(422, {"message": "Only owners can use this filter."}), Reason.NOT_PERMITTED),
        (Reply(302, {}, {"Location": "/orgs/acorn/public_members"}), Reason.NOT_PERMITTED),
        (Reply(404, {"message": "Not Found"}), Reason.NOT_VISIBLE),
        (Reply(403, {}, {"X-GitHub-SSO": "required; url=https://a.example"}), Reason.NEEDS_SSO),
        (Reply(200, {}), Reason.INCOMPLETE),
    ],
)
def test_who_is_no_owner_sees_nothing(listing: Reply, reason: Reason) -> None:
    store, subject = booked(joined())
    paths = {INSECURE: listing, "/orgs/acorn/public_members": []}
    answer = of(OwnerTwoFactorView, ask(orgs.owner_views, subject, paths, store))
    assert answer.facts == ()
    assert answer.missing is not None
    assert answer.missing.reason is reason


@pytest.mark.parametrize("item", [{}, {"login": None}, {"login": 7}, {"name": "hazel"}, None])
def test_a_member_without_a_name_may_be_anyone(item: Any) -> None:
    store, subject = booked(joined())
    answer = of(OwnerTwoFactorView, ask(orgs.owner_views, subject, {INSECURE: [item]}, store))
    assert "insecure" in answer.facts[0].unknown_fields()


@pytest.mark.parametrize("role", ["member", "billing_manager"])
def test_members_are_not_asked(role: str) -> None:
    store, subject = booked(joined(role))
    with github({INSECURE: []}) as (client, server):
        (answer,) = orgs.owner_views(client, subject, store)
    assert (answer.facts, answer.missing, server.requests) == ((), None, [])


def test_a_role_that_nobody_has_seen_leaves_the_view_unknown() -> None:
    store, subject = booked(joined("emperor"))
    (answer,) = ask(orgs.owner_views, subject, {INSECURE: []}, store)
    assert answer.missing is not None


def contributed(**said: Any) -> dict[str, Any]:
    whole = {
        "hasAnyContributions": False,
        "restrictedContributionsCount": 0,
        "startedAt": "2026-05-28T00:00:00Z",
    }
    return {"data": {"viewer": {"c0": whole | said}}}


@pytest.mark.parametrize(
    ("said", "any_"),
    [
        ({}, False),
        ({"hasAnyContributions": True}, True),
        ({"restrictedContributionsCount": 3}, True),
        ({"hasAnyContributions": True, "restrictedContributionsCount": None}, True),
    ],
)
def test_contributions(said: dict[str, Any], *, any_: bool) -> None:
    paths = {"/user/memberships/orgs": [joined()], "graphql": contributed(**said)}
    answer = of(OrganizationContributions, ask(orgs.contributions, USER, paths))
    assert answer.facts[0].any is any_


def test_contributions_that_may_be_private_are_not_none() -> None:
    said = contributed(restrictedContributionsCount=None)
    paths = {"/user/memberships/orgs": [joined()], "graphql": said}
    answer = of(OrganizationContributions, ask(orgs.contributions, USER, paths))
    assert "any" in answer.facts[0].unknown_fields()


@pytest.mark.parametrize(
    "said",
    [
        {"data": {"viewer": {"c0": None}}, "errors": [{"type": "FORBIDDEN"}]},
        {"data": {"viewer": None}},
        {"data": None, "errors": [{"message": "boom"}]},
        {},
    ],
)
def test_contributions_that_were_left_out_are_not_none(said: Any) -> None:
    paths = {"/user/memberships/orgs": [joined()], "graphql": said}
    answer = of(OrganizationContributions, ask(orgs.contributions, USER, paths))
    assert answer.missing is not None


def test_an_invitation() -> None:
    said = {
        "id": 5,
        "permissions": "write",
        "created_at": "2026-11-01T00:00:00Z",
        "repository": {"full_name": "acorn/burr"},
    }
    paths = {"/user/repository_invitations": [said]}
    (fact,) = of(RepositoryInvitation, ask(reads(RepositoryInvitation), USER, paths)).facts
    assert (fact.repository, fact.permissions) == ("acorn/burr", "write")


def test_hostile_names_stay_names() -> None:
    """A name from an answer is a path's part at most: it never names another server."""
    names = ["@127.0.0.1:1/x", "../../x", "a b", "a\r\nHost: x", "http://127.0.0.1:1/", "a?b#c"]

    def anything(request: Request) -> Reply:
        return Reply(data=[]) if "members" in request.path else GONE

    for name in names:
        store, subject = booked(joined(login=name))
        with github({}) as (client, server):
            server.handler = anything
            (answer,) = orgs.owner_views(client, subject, store)
        assert answer.missing is not None or answer.facts
        for request in server.requests:
            assert request.headers["host"] == server.url.removeprefix("http://")
