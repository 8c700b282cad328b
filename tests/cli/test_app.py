"""A GitHub App that asks about organizations."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hardenme.sandbox.github.server import GitHubServer
from hardenme.sandbox.github.state.connected import Installation
from hardenme.sandbox.github.world import App
from tests.cli.conftest import Accounts
from tests.credentials.app_keys import key_file, pem, public, rsa_key
from tests.worlds.organizations import base

pytestmark = pytest.mark.sampled(4)

NUMBER = 5301
HELD = {
    "administration": "read",
    "contents": "read",
    "members": "read",
    "metadata": "read",
    "organization_administration": "write",
    "organization_hooks": "read",
}


def install(accounts: Accounts, *organizations: str) -> None:
    assert isinstance(accounts.github, GitHubServer)
    world = accounts.github.world
    registered = App(NUMBER, "hardenme-audit", "linden", public(rsa_key()))
    world.apps.append(registered)
    for number, login in enumerate(organizations):
        organization = world.organization(login)
        assert organization is not None
        installed = Installation(9001 + number, registered, world.now, dict(HELD), "all")
        organization.connected.installations.append(installed)


@pytest.fixture
def key(organizations: Accounts) -> Path:
    """The app's key, outside of the folders that are searched for what a run leaves."""
    folder = organizations.command.home.parent / "keys"
    folder.mkdir()
    return key_file(folder, pem(rsa_key()))


def options(key: Path) -> tuple[str, ...]:
    return ("--app-id", str(NUMBER), "--app-key", str(key))


def test_an_app_asks_about_each_organization_by_its_installation(
    organizations: Accounts, key: Path
) -> None:
    install(organizations, base.WEAK, base.STRICT)
    ran = organizations.bare(
        *("github:bramble-labs", "github:cedar-labs", *options(key)),
        *("--select", "GHO106,GHB101", "-f", "json"),
    )
    report = json.loads(ran.out)
    assert ran.code == 1
    assert ran.err == ""
    decided = {
        one["within"].split("/")[1]
        for one in report["findings"]
        if one["outcome"] in {"passed", "failed"}
    }
    assert decided == {base.WEAK, base.STRICT}
    assert [one["source"] for one in report["identities"]] == [
        f"the GitHub App {NUMBER}, by {key}"
    ] * 2
    used: dict[str, set[str]] = {}
    for request in organizations.github.requests:
        sent = request.headers["authorization"]
        if sent.startswith("token ghs_"):
            text = f"{request.path} {request.body.decode()}"
            named = {name for name in (base.WEAK, base.STRICT) if name in text}
            used.setdefault(sent, set()).update(named)
    assert sorted(map(sorted, used.values())) == [[base.WEAK], [base.STRICT]]


def test_an_owners_own_token_goes_before_the_app(organizations: Accounts, key: Path) -> None:
    install(organizations, base.WEAK)
    ran = organizations.bare(
        *("github:bramble-labs", "github:cedar-labs", *options(key)),
        *("--select", "GHO106", "-f", "json"),
        HARDENME_GITHUB_TOKEN__CEDAR_LABS=base.STRICT_FINE_GRAINED,
    )
    report = json.loads(ran.out)
    assert {one["within"]: one["outcome"] for one in report["findings"]} == {
        "github:org/bramble-labs": "failed",
        "github:org/cedar-labs": "passed",
    }
    assert not any("cedar-labs/installation" in r.path for r in organizations.github.requests)


def test_the_table_says_who_asked(organizations: Accounts, key: Path) -> None:
    install(organizations, base.WEAK)
    ran = organizations.bare("github:bramble-labs", *options(key), "--select", "GHO106")
    flat = " ".join(ran.out.split())
    assert f"installation token from the GitHub App {NUMBER}" in flat
    assert "without a credential" not in flat


def test_an_organization_without_the_app_is_unknown(organizations: Accounts, key: Path) -> None:
    install(organizations, base.WEAK)
    ran = organizations.bare(
        *("github:bramble-labs", "github:cedar-labs", *options(key)),
        *("--select", "GHO107", "-f", "json"),
    )
    report = json.loads(ran.out)
    lost = [one for one in report["findings"] if one["within"] == "github:org/cedar-labs"]
    assert {one["outcome"] for one in lost} == {"unknown"}
    assert ran.code in {1, 3}


@pytest.mark.parametrize(
    "arguments", [("--app-id", "5301"), ("--app-key", "somewhere"), ("--app-id", "x")]
)
def test_number_and_key_go_together(organizations: Accounts, arguments: tuple[str, ...]) -> None:
    ran = organizations.bare("github:bramble-labs", *arguments)
    assert ran.code == 2
    assert "--app-id" in ran.told[0]
    assert organizations.asked == 0


def test_an_app_has_no_account_to_look_at(organizations: Accounts, key: Path) -> None:
    ran = organizations.bare("me", *options(key))
    assert ran.code == 2
    assert "github:ORG" in ran.err


def test_a_key_that_others_can_read_is_refused(organizations: Accounts, key: Path) -> None:
    key.chmod(0o644)
    ran = organizations.bare("github:bramble-labs", *options(key))
    assert ran.code == 4
    assert ran.told == [f"hardenme: {key} can be read by others; run: chmod 600 {key}"]
    assert organizations.asked == 0


def test_what_is_no_key_is_refused(organizations: Accounts, key: Path) -> None:
    key.write_text("-----BEGIN NOTHING-----\n")
    ran = organizations.bare("github:bramble-labs", *options(key))
    assert ran.code == 4
    assert "holds no private key" in ran.err
    assert organizations.asked == 0
