"""Which organizations a credential reaches."""

from __future__ import annotations

import pytest

from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.organizations import (
    ListedOrganization,
    installations_of,
    organizations_of,
)
from hardenme.model.secret import Secret
from hardenme.model.unknown import Reason
from hardenme.sandbox.github.server import github_sandbox
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
