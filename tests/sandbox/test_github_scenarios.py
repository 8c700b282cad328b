"""The worlds that the demo shows are what they say they are."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest

from hardenme.sandbox.github.scenario.keys import KeyType, public_key
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.github.state.rules import BranchProtection, Ruleset
from hardenme.sandbox.github.world import World
from tests.moment import NOW
from tests.sandbox.github_reader import Reader
from tests.worlds.github import (
    HARDENED_ORGANIZATION,
    HARDENED_TOKEN,
    hardened_maintainer,
    scaled_maintainer,
    weak_maintainer,
)

READABLE = (
    "",
    "/keys",
    "/hooks",
    "/actions/permissions",
    "/actions/secrets",
    "/environments",
    "/immutable-releases",
    "/contents",
    "/releases",
)


def fields(key: str) -> list[bytes]:
    """The length-prefixed parts of a public key's blob."""
    blob = base64.b64decode(key.split()[1], validate=True)
    parts = []
    while blob:
        size = int.from_bytes(blob[:4], "big")
        assert len(blob) >= 4 + size
        parts.append(blob[4 : 4 + size])
        blob = blob[4 + size :]
    return parts


@pytest.mark.parametrize(
    ("kind", "bits", "sizes"),
    [
        ("ssh-rsa", 1024, [None, 17, 1024]),
        ("ssh-rsa", 2048, [None, 17, 2048]),
        ("ssh-rsa", 4096, [None, 17, 4096]),
        ("ssh-dss", 0, [None, 1024, 160, 1024, 1024]),
    ],
)
def test_numbers_of_keys_have_their_size(kind: KeyType, bits: int, sizes: list[int | None]) -> None:
    parts = fields(public_key(kind, "seed", bits))
    assert parts[0] == kind.encode()
    found = [None, *(int.from_bytes(part, "big", signed=True).bit_length() for part in parts[1:])]
    assert found == sizes
    assert all(int.from_bytes(part, "big", signed=True) > 0 for part in parts[1:])


def test_curve_keys_and_seeds() -> None:
    assert [len(part) for part in fields(public_key("ssh-ed25519", "seed"))] == [11, 32]
    curve = fields(public_key("ecdsa-sha2-nistp256", "seed"))
    assert (curve[1], len(curve[2]), curve[2][0]) == (b"nistp256", 65, 4)
    assert public_key("ssh-ed25519", "a") == public_key("ssh-ed25519", "a")
    assert public_key("ssh-ed25519", "a") != public_key("ssh-ed25519", "b")


@pytest.mark.parametrize(
    ("pattern", "branch", "covers"),
    [
        ("main", "main", True),
        ("main", "main2", False),
        ("release/*", "release/1", True),
        ("release/*", "release/1/fix", False),
        ("release/**/*", "release/1/fix", True),
        ("*", "feature/x", False),
        ("[mn]ain", "nain", True),
        ("m.in", "main", False),
    ],
)
def test_branch_patterns(pattern: str, branch: str, *, covers: bool) -> None:
    assert BranchProtection(pattern).covers(branch) is covers
    ruleset = Ruleset(1, "r", "o/r", NOW, NOW, include=[f"refs/heads/{pattern}"])
    assert ruleset.covers(branch, "main") is covers


def test_ruleset_conditions() -> None:
    ruleset = Ruleset(1, "r", "o/r", NOW, NOW, include=["~ALL"], exclude=["refs/heads/wip/**"])
    assert ruleset.covers("main", "main")
    assert not ruleset.covers("wip/a/b", "main")
    ruleset.include = ["~DEFAULT_BRANCH"]
    assert ruleset.covers("trunk", "trunk")
    assert not ruleset.covers("main", "trunk")
    ruleset.exclude = ["~DEFAULT_BRANCH"]
    assert not ruleset.covers("trunk", "trunk")
    ruleset.target = "tag"
    assert not ruleset.covers("main", "main")
    ruleset.repositories, ruleset.excluded_repositories = ["lib-*"], ["lib-old"]
    assert [ruleset.concerns(name) for name in ("lib-a", "lib-old", "app")] == [True, False, False]


@pytest.mark.parametrize(
    "world", [weak_maintainer(NOW), hardened_maintainer(NOW)], ids=["weak", "hardened"]
)
def test_numbers_are_unique_and_everybody_named_exists(world: World) -> None:
    for things in (world.users, world.organizations, world.repositories):
        numbers = [thing.id for thing in things]
        assert len(numbers) == len(set(numbers))
    known = {user.login for user in world.users}
    owners = known | {organization.login for organization in world.organizations}
    for organization in world.organizations:
        assert set(organization.members) <= known
    for repository in world.repositories:
        assert repository.owner in owners
        assert set(repository.collaborators) <= known
        assert {r for e in repository.environments for r in e.reviewers} <= known
    rulesets = [s.id for r in world.repositories for s in r.rulesets]
    rulesets += [s.id for o in world.organizations for s in o.rulesets]
    assert len(rulesets) == len(set(rulesets))
    assert all("CANARY" in token.value for token in world.tokens)


def test_the_clock_moves_everything() -> None:
    later = weak_maintainer(NOW + timedelta(days=30))
    assert later.users[0].ssh_keys[0].last_used == NOW - timedelta(days=370)


def test_the_weak_maintainer_s_labels_are_hostile() -> None:
    world = weak_maintainer(NOW)
    assert any("\x1b" in key.title for key in world.users[0].ssh_keys)
    titles = [key.title for repository in world.repositories for key in repository.deploy_keys]
    assert any("\u202e" in title for title in titles)
    with github_sandbox(world) as server, Reader(server) as read:
        sent = read("/repos/mallow/ladle/keys", world.tokens[0].value).data
    assert [key["title"] for key in sent] == titles[:2]


def test_the_hardened_maintainer_s_tokens_read_and_never_write() -> None:
    world = hardened_maintainer(NOW)
    for value, owner, repository in (
        (HARDENED_TOKEN, "hazel", "lantern"),
        (HARDENED_ORGANIZATION, "willow-works", "basket"),
    ):
        token = world.token(value)
        assert token is not None
        assert set(token.permissions.values()) == {"read"}
        assert token.expires_at == NOW + timedelta(days=30)
        with github_sandbox(world) as server, Reader(server) as read:
            base = f"/repos/{owner}/{repository}"
            for path in READABLE:
                assert read(base + path, value).status == 200, path
            assert read(f"{base}/vulnerability-alerts", value).status == 204
            rules = {rule["type"] for rule in read(f"{base}/rules/branches/main", value).data}
            assert {"pull_request", "deletion", "non_fast_forward", "required_signatures"} <= rules
            assert read(f"{base}/interaction-limits/pulls/creation-cap", value).status == 403


def test_a_scaled_world_has_the_size_that_was_asked() -> None:
    world = scaled_maintainer(
        NOW, repositories=30, keys=6, organizations=2, organization_repositories=10, members=3
    )
    assert len(world.repositories_of("maple")) == 30
    assert len(world.users[0].ssh_keys) == 6
    assert len(world.repositories) == 50
    assert len({repository.id for repository in world.repositories}) == 50
    assert all(len(organization.members) == 4 for organization in world.organizations)
