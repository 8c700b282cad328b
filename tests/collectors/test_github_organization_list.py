"""Which organizations a credential reaches."""

from __future__ import annotations

from typing import Any

import pytest

from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.organizations import (
    ListedOrganization,
    OrganizationList,
    installations_of,
    organizations_in,
    organizations_of,
)
from hardenme.model.secret import Secret
from hardenme.model.unknown import Reason
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.github.world import Enterprise, Organization, World
from hardenme.sandbox.http import LoopbackServer, Reply, Request
from tests.collectors.reader import QUICK, session
from tests.running import NOW
from tests.worlds.github import weak_organization
from tests.worlds.organizations import base

ACME = {"login": "acme", "id": 7}
INSTALLED = {
    "id": 1,
    "target_type": "Organization",
    "target_id": 7,
    "account": ACME,
    "suspended_at": None,
}


def base_token(value: str = base.WEAK_CLASSIC) -> Secret:
    return Secret(value)


def test_a_classic_token_shows_those_of_its_account() -> None:
    with github_sandbox(weak_organization(NOW)) as server:
        found = organizations_of(GitHub.connect(server.url, base_token(), bounds=QUICK))
    assert found.entries == (ListedOrganization(base.WEAK, "3301"),)
    assert found.missing is None


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        (base.WEAK_FINE_GRAINED, Reason.NOT_PERMITTED),
        (base.WEAK_APP, Reason.NOT_PERMITTED),
        ("ghp_CANARYnoone0000000000000000000000000000", Reason.REJECTED),
    ],
    ids=["fine-grained", "installation", "rejected"],
)
def test_an_empty_list_of_another_token_is_not_all(token: str, reason: Reason) -> None:
    with github_sandbox(weak_organization(NOW)) as server:
        found = organizations_of(GitHub.connect(server.url, base_token(token), bounds=QUICK))
    assert found.entries == ()
    assert found.missing is not None
    assert found.missing.reason is reason


def test_what_single_sign_on_leaves_out_is_missing() -> None:
    def answer(_: Request) -> Reply:
        return Reply(200, [ACME], {"X-GitHub-SSO": "partial-results; organizations=21955855"})

    with LoopbackServer(answer) as server:
        found = organizations_of(GitHub.connect(server.url, base_token(), bounds=QUICK))
    assert found.entries == (ListedOrganization("acme", "7"),)
    assert found.missing is not None
    assert "21955855" in found.missing.needed


def test_a_page_that_is_lost_is_missing() -> None:
    def answer(request: Request) -> Reply:
        if request.query.get("page") == "2":
            return Reply(404, {})
        link = f'<http://{request.headers["host"]}/user/orgs?per_page=100&page=2>; rel="next"'
        return Reply(200, [ACME], {"Link": link})

    with LoopbackServer(answer) as server:
        found = organizations_of(GitHub.connect(server.url, base_token(), bounds=QUICK))
    assert found.entries == (ListedOrganization("acme", "7"),)
    assert found.missing is not None


def test_installations_are_of_organizations_and_name_the_suspended() -> None:
    rows = [
        INSTALLED,
        INSTALLED
        | {
            "id": 2,
            "target_id": 8,
            "account": {"login": "Brook"},
            "suspended_at": "2026-01-01T00:00:00Z",
        },
        INSTALLED | {"id": 3, "target_type": "User", "account": {"login": "thorn"}},
        INSTALLED | {"id": 4, "target_type": "Enterprise", "account": None},
    ]
    with LoopbackServer(lambda _: Reply(200, rows)) as server:
        found = installations_of(session(server.url))
    assert found.missing is None
    assert found.entries == (
        ListedOrganization("acme", "7"),
        ListedOrganization("Brook", "8", suspended=True),
    )


@pytest.mark.parametrize(
    "row",
    [
        {**INSTALLED, "account": None},
        {**INSTALLED, "account": {"login": "../user"}},
        {**INSTALLED, "account": {"login": 7}},
        {**INSTALLED, "target_id": "7"},
        {name: value for name, value in INSTALLED.items() if name != "target_id"},
        {name: value for name, value in INSTALLED.items() if name != "suspended_at"},
        {name: value for name, value in INSTALLED.items() if name != "target_type"},
        INSTALLED | {"id": 9, "target_id": 9},
        "acme",
    ],
    ids=str,
)
def test_a_row_that_is_not_understood_is_missing(row: object) -> None:
    with LoopbackServer(lambda _: Reply(200, [INSTALLED, row])) as server:
        found = installations_of(session(server.url))
    assert found.entries == (ListedOrganization("acme", "7"),)
    assert found.missing is not None


def test_an_app_that_is_refused_has_no_list() -> None:
    with LoopbackServer(lambda _: Reply(401, {"message": "Bad credentials"})) as server:
        found = installations_of(session(server.url))
    assert found.entries == ()
    assert found.missing is not None
    assert found.missing.reason is Reason.REJECTED


ENTERPRISE = "grove"


def enterprise(*owners: str, extra: int = 0) -> World:
    """An enterprise that owns the organization, and as many more that nobody has joined."""
    world = weak_organization(NOW)
    for number in range(extra):
        world.organizations.append(Organization(f"twig-{number:03}", 9000 + number, NOW))
    logins = tuple(one.login for one in world.organizations)
    world.enterprises.append(Enterprise(40, ENTERPRISE, frozenset(owners), logins))
    token = world.token(base.WEAK_CLASSIC)
    assert token is not None
    token.scopes = token.scopes | {"read:enterprise"}
    return world


def of_enterprise(world: World, token: str = base.WEAK_CLASSIC) -> OrganizationList:
    with github_sandbox(world) as server:
        github = GitHub.connect(server.url, base_token(token), bounds=QUICK)
        return organizations_in(github, ENTERPRISE)


def test_an_owner_of_an_enterprise_is_shown_what_nobody_has_joined() -> None:
    found = of_enterprise(enterprise("thorn", extra=150))
    assert found.missing is None
    assert len(found.entries) == 151
    assert ListedOrganization("twig-149", "9149") in found.entries


def test_who_does_not_own_an_enterprise_has_no_whole_list_of_it() -> None:
    found = of_enterprise(enterprise("someone-else", extra=3))
    assert found.entries == (ListedOrganization(base.WEAK, "3301"),)
    assert found.missing is not None
    assert found.missing.reason is Reason.NOT_PERMITTED
    assert "enterprise owner" in found.missing.needed


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        (base.WEAK_MEMBER, Reason.NOT_PERMITTED),
        (base.WEAK_FINE_GRAINED, Reason.NOT_PERMITTED),
        (base.WEAK_APP, Reason.NOT_PERMITTED),
        ("ghp_CANARYnoone0000000000000000000000000000", Reason.REJECTED),
    ],
    ids=["no scope", "fine-grained", "installation", "rejected"],
)
def test_another_token_is_shown_nothing_of_an_enterprise(token: str, reason: Reason) -> None:
    found = of_enterprise(enterprise("thorn"), token)
    assert found.entries == ()
    assert found.missing is not None
    assert found.missing.reason is reason


def test_an_enterprise_that_is_not_there_is_not_an_empty_one() -> None:
    world = enterprise("thorn")
    world.enterprises.clear()
    found = of_enterprise(world)
    assert found.missing is not None
    assert found.missing.reason is Reason.NOT_VISIBLE


NODE = {"login": "acme", "databaseId": 7}
PAGE = {
    "totalCount": 1,
    "pageInfo": {"hasNextPage": False, "endCursor": None},
    "nodes": [NODE],
}


@pytest.mark.parametrize(
    "changed",
    [
        {"totalCount": 2},
        {"totalCount": None},
        {"nodes": [NODE, NODE]},
        {"nodes": [None], "totalCount": 1},
        {"nodes": [{"login": "acme", "databaseId": None}]},
        {"nodes": [{"login": "../acme", "databaseId": 7}]},
        {"pageInfo": {}},
        {"pageInfo": {"hasNextPage": True, "endCursor": None}},
    ],
    ids=["fewer", "no count", "twice", "null", "no ID", "no login", "no end", "no cursor"],
)
def test_a_list_of_an_enterprise_that_lacks_something_is_not_whole(changed: dict[str, Any]) -> None:
    def answer(_: Request) -> Reply:
        shown = {"viewerIsAdmin": True, "organizations": PAGE | changed}
        return Reply(200, {"data": {"enterprise": shown}})

    with LoopbackServer(answer) as server:
        found = organizations_in(GitHub.connect(server.url, base_token(), bounds=QUICK), "grove")
    assert found.missing is not None


def test_whether_the_account_owns_the_enterprise_must_be_said() -> None:
    def answer(_: Request) -> Reply:
        return Reply(200, {"data": {"enterprise": {"organizations": PAGE}}})

    with LoopbackServer(answer) as server:
        found = organizations_in(GitHub.connect(server.url, base_token(), bounds=QUICK), "grove")
    assert found.entries == (ListedOrganization("acme", "7"),)
    assert found.missing is not None
