"""`--all-organizations` and `--enterprise`: who is in a run, as GitHub lists it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hardenme.sandbox.github.server import GitHubServer
from hardenme.sandbox.github.world import Enterprise, World
from hardenme.sandbox.http import Reply
from tests.cli.command import Ran
from tests.cli.conftest import Accounts
from tests.cli.test_app import NUMBER, install, options
from tests.credentials.app_keys import key_file, pem, rsa_key
from tests.worlds.organizations import base

pytestmark = pytest.mark.sampled(4)

FEW = ("--all-organizations", "--select", "GHO106", "-f", "json")


@pytest.fixture
def key(organizations: Accounts) -> Path:
    folder = organizations.command.home.parent / "keys"
    folder.mkdir()
    return key_file(folder, pem(rsa_key()))


def outcomes(ran: Ran) -> dict[str, str]:
    return {one["within"]: one["outcome"] for one in json.loads(ran.out)["findings"]}


def test_a_classic_token_reads_every_organization_of_its_account(organizations: Accounts) -> None:
    ran = organizations.bare(*FEW, HARDENME_GITHUB_TOKEN=base.WEAK_CLASSIC)
    assert outcomes(ran) == {"github:org/bramble-labs": "failed"}
    assert json.loads(ran.out)["targets"] == ["github:bramble-labs"], "and not the account"
    assert ran.code == 1


def test_a_token_that_lists_none_is_not_clean(organizations: Accounts) -> None:
    ran = organizations.bare(*FEW, HARDENME_GITHUB_TOKEN=base.WEAK_FINE_GRAINED)
    assert ran.code == 4
    assert "the organizations are not known" in ran.err
    assert ran.out == ""
    named = organizations.bare(
        *FEW, "github:cedar-labs", HARDENME_GITHUB_TOKEN=base.STRICT_FINE_GRAINED
    )
    assert named.code == 4


def test_no_token_is_no_list(organizations: Accounts) -> None:
    ran = organizations.bare(*FEW)
    assert ran.code == 4
    assert "--app-key" in ran.err
    assert organizations.asked == 0


def test_an_app_reads_where_it_is_installed_and_names_the_suspended(
    organizations: Accounts, key: Path
) -> None:
    install(organizations, base.WEAK, base.STRICT)
    server = organizations.github
    assert isinstance(server, GitHubServer)
    strict = server.world.organization(base.STRICT)
    assert strict is not None
    strict.connected.installations[-1].suspended_at = server.world.now
    ran = organizations.bare(*FEW, *options(key))
    assert outcomes(ran) == {
        "github:org/bramble-labs": "failed",
        "github:org/cedar-labs": "unknown",
    }
    assert "the GitHub App is suspended on cedar-labs" in ran.err
    assert ran.code == 1
    assert [one["source"] for one in json.loads(ran.out)["identities"]] == [
        f"the GitHub App {NUMBER}, by {key}"
    ]


@pytest.mark.parametrize(
    ("choice", "chosen"),
    [
        (("--include-organization", "CEDAR*"), {"github:org/cedar-labs"}),
        (("--exclude-organization", "cedar-*"), {"github:org/bramble-labs"}),
        (("--include-organization", "moss"), set()),
    ],
)
def test_patterns_choose(
    organizations: Accounts, key: Path, choice: tuple[str, ...], chosen: set[str]
) -> None:
    install(organizations, base.WEAK, base.STRICT)
    ran = organizations.bare(*FEW, *options(key), *choice)
    if chosen:
        assert outcomes(ran).keys() == chosen
    else:
        assert ran.code == 5
        assert "no organization is of that name" in ran.err


def test_patterns_without_a_list_are_refused(organizations: Accounts) -> None:
    ran = organizations.check("github:bramble-labs", "--exclude-organization", "x")
    assert ran.code == 2
    assert "--all-organizations" in ran.err
    assert organizations.asked == 0


def test_a_login_that_went_to_another_account_is_not_looked_at(
    organizations: Accounts, key: Path
) -> None:
    """Between the list and the first question, the name is claimed by someone else."""
    install(organizations, base.WEAK)
    server = organizations.github
    assert isinstance(server, GitHubServer)
    reply = Reply(200, {"login": base.WEAK, "type": "Organization", "id": 666})
    server.fault(f"/users/{base.WEAK}", edit=lambda *_: reply)
    ran = organizations.bare(*FEW, *options(key))
    assert outcomes(ran) == {"github:org/bramble-labs": "unknown"}
    assert ran.code == 3
    assert not [
        request.path
        for request in server.requests
        if request.path.startswith("/orgs/") and not request.path.endswith("/installation")
    ]


def test_a_list_that_may_be_longer_is_not_whole(organizations: Accounts) -> None:
    def edit(_request: object, reply: Reply) -> Reply:
        reply.headers["X-GitHub-SSO"] = "partial-results; organizations=21955855"
        return reply

    server = organizations.github
    assert isinstance(server, GitHubServer)
    server.fault("/user/orgs", edit=edit)
    ran = organizations.bare(
        *("--all-organizations", "--select", "GHO105", "-f", "json", "--fail-on", "critical"),
        HARDENME_GITHUB_TOKEN=base.WEAK_CLASSIC,
    )
    assert "21955855" in json.loads(ran.out)["partial"]
    assert ran.code == 3


ENTERPRISE = ("--enterprise", "grove", "--select", "GHO106", "-f", "json")


@pytest.fixture
def owner(organizations: Accounts) -> World:
    """An enterprise with both organizations, whose owner has joined one of them."""
    server = organizations.github
    assert isinstance(server, GitHubServer)
    world = server.world
    logins = (base.WEAK, base.STRICT)
    world.enterprises.append(Enterprise(40, "grove", frozenset({"thorn"}), logins))
    token = world.token(base.WEAK_CLASSIC)
    assert token is not None
    token.scopes = token.scopes | {"read:enterprise"}
    return world


def test_an_enterprise_names_what_its_owner_has_not_joined(
    organizations: Accounts, owner: World
) -> None:
    ran = organizations.bare(*ENTERPRISE, HARDENME_GITHUB_TOKEN=base.WEAK_CLASSIC)
    assert outcomes(ran) == {
        "github:org/bramble-labs": "failed",
        "github:org/cedar-labs": "unknown",
    }
    assert json.loads(ran.out)["partial"] is None
    owner.enterprises[0].owners = frozenset()
    member = organizations.bare(*ENTERPRISE, HARDENME_GITHUB_TOKEN=base.WEAK_CLASSIC)
    assert outcomes(member) == {"github:org/bramble-labs": "failed"}
    assert "read:enterprise" in json.loads(member.out)["partial"]


@pytest.mark.usefixtures("owner")
def test_an_app_reads_an_enterprise_where_it_is_installed(
    organizations: Accounts, key: Path
) -> None:
    install(organizations, base.WEAK)
    ran = organizations.bare(*ENTERPRISE, *options(key), HARDENME_GITHUB_TOKEN=base.WEAK_CLASSIC)
    assert outcomes(ran) == {
        "github:org/bramble-labs": "failed",
        "github:org/cedar-labs": "unknown",
    }
    none = organizations.bare(*ENTERPRISE, *options(key))
    assert none.code == 4
    assert "--enterprise grove needs a classic token with the scope read:enterprise" in none.err


@pytest.mark.usefixtures("owner")
def test_both_lists_are_one(organizations: Accounts) -> None:
    ran = organizations.bare(
        *("--all-organizations", *ENTERPRISE), HARDENME_GITHUB_TOKEN=base.WEAK_CLASSIC
    )
    assert len(json.loads(ran.out)["targets"]) == 2


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("elsewhere", 3, "--enterprise elsewhere: the organizations are not known"),
        ("../grove", 2, "the name is what follows /enterprises/"),
    ],
)
@pytest.mark.usefixtures("owner")
def test_a_name_that_is_no_enterprise(
    organizations: Accounts, name: str, code: int, said: str
) -> None:
    ran = organizations.bare("--enterprise", name, HARDENME_GITHUB_TOKEN=base.WEAK_CLASSIC)
    assert ran.code == code
    assert said in ran.err
    assert ran.out == ""
