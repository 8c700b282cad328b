"""Organizations that refuse a token whatever permissions it holds: the report says what helps."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.github.world import Organization, World
from hardenme.sandbox.npm import scenarios as npm
from hardenme.sandbox.npm.server import npm_sandbox
from tests.cli.command import Command
from tests.cli.conftest import Accounts
from tests.passing import OAUTH_TOKEN
from tests.running import NOW
from tests.worlds import github

ORGANIZATION = "cedar-labs"


def world_with(change: Callable[[Organization], None]) -> World:
    world = github.strict_organization(NOW)
    owner = world.token(github.STRICT_ORG_TOKEN)
    assert owner is not None
    world.tokens.append(replace(owner, value=OAUTH_TOKEN, kind="oauth", expires_at=None))
    for organization in world.organizations:
        change(organization)
    return world


def lives(organization: Organization) -> None:
    organization.longest_token = 2


def addresses(organization: Organization) -> None:
    organization.addresses_restricted = True


def apps(organization: Organization) -> None:
    organization.oauth_apps_restricted = True


def classic(organization: Organization) -> None:
    organization.classic_tokens_forbidden = True


POLICIES = {
    "lifetime, fine-grained": (
        *(lives, github.STRICT_ORG_FINE_GRAINED),
        "a token that expires within 2 days: cedar-labs refuses a longer lifetime",
    ),
    "lifetime, classic": (
        *(lives, github.STRICT_ORG_TOKEN),
        "a token that expires within 2 days: cedar-labs refuses a longer lifetime",
    ),
    "address": (
        *(addresses, github.STRICT_ORG_FINE_GRAINED),
        "a run from an address on the IP allow list of cedar-labs",
    ),
    "an app's address": (
        *(addresses, github.STRICT_ORG_APP),
        "a run from an address on the IP allow list of cedar-labs",
    ),
    "OAuth app": (
        *(apps, OAUTH_TOKEN),
        "an OAuth app that an owner of cedar-labs approved, or a fine-grained token",
    ),
    "classic": (
        *(classic, github.STRICT_ORG_TOKEN),
        "a fine-grained token: cedar-labs does not admit classic ones",
    ),
}
PROVED = {"OAuth app": "GHO131", "classic": "GHO114"}
HELD = ("organization_administration", "admin:org", "organization owner", "run again")


def findings(command: Command, world: World, token: str, *arguments: str) -> list[dict[str, Any]]:
    with (
        github_sandbox(world) as host,
        npm_sandbox(npm.hardened_maintainer(NOW)) as packages,
    ):
        accounts = Accounts(command, host, packages, token, "")
        ran = accounts.bare(
            *(*arguments, "--format", "json"), HARDENME_GITHUB_TOKEN=accounts.github_token
        )
    found: list[dict[str, Any]] = json.loads(ran.out)["findings"]
    assert found
    return found


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("target", [ORGANIZATION, f"{ORGANIZATION}/resin"])
def test_a_policy_says_what_helps_and_no_permission(
    command: Command, name: str, target: str
) -> None:
    change, token, needed = POLICIES[name]
    found = findings(
        *(command, world_with(change), token, f"github:{target}"),
        *("--select", "GHO101,GHO105,GHO114,GHO131,GHR101,GHR109,GHB101"),
    )
    unknown = [item["unknown"] for item in found if item["outcome"] == "unknown"]
    assert len(unknown) >= 2
    for item in unknown:
        assert item["needed"] == needed
        assert item["reason"] == "NOT_PERMITTED"
    assert not any(word in needed for word in HELD)
    passed = {item["code"] for item in found if item["outcome"] == "passed"}
    proved = PROVED.get(name) if target == ORGANIZATION else None
    assert passed == ({proved} if proved else set())


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", POLICIES)
def test_auth_status_names_it_too(command: Command, name: str) -> None:
    change, token, needed = POLICIES[name]
    with github_sandbox(world_with(change)) as host:
        ran = command(
            *("auth", "status", "--github-url", host.url, "--for", f"github:{ORGANIZATION}"),
            "--format=json",
            HARDENME_GITHUB_TOKEN=token,
        )
    assert needed in " ".join(ran.out.split())


def test_a_token_that_ends_soon_enough_is_let_in(command: Command) -> None:
    def long(organization: Organization) -> None:
        organization.longest_token = 3650

    world = world_with(long)
    found = findings(
        *(command, world, github.STRICT_ORG_FINE_GRAINED, f"github:{ORGANIZATION}"),
        *("--select", "GHO101"),
    )
    assert [item["outcome"] for item in found] == ["passed"]
