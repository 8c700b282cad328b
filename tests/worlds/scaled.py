"""A maintainer of any size, for benchmarks and for tests of paging."""

from __future__ import annotations

from datetime import datetime, timedelta

from hardenme.sandbox.github.scenario.keys import public_key
from hardenme.sandbox.github.scenario.rulebook import loose_protection, strict_branch
from hardenme.sandbox.github.state.organization import OrganizationRole
from hardenme.sandbox.github.world import (
    DeployKey,
    Email,
    Organization,
    Repository,
    RepositorySecret,
    SecurityAndAnalysis,
    SshKey,
    Token,
    User,
    World,
)

_MEMBER: OrganizationRole = "member"
CLASSIC = "ghp_CANARYmaple000000000000000000000000000"
SCOPES = frozenset(
    {"repo", "admin:org", "user", "read:public_key", "read:gpg_key", "read:ssh_signing_key"}
)


def scaled_maintainer(  # each is one dimension of the size
    now: datetime,
    *,
    repositories: int = 30,
    keys: int = 6,
    organizations: int = 0,
    organization_repositories: int = 0,
    members: int = 0,
) -> World:
    """The world of `maple`, with as much of everything as asked for.

    Args:
        now: the clock; every age is reckoned from it.
        repositories: how many maple owns.
        keys: how many SSH keys maple has.
        organizations: how many maple owns, named `grove-1` and so on.
        organization_repositories: how many each of them has.
        members: how many more members each of them has.
    """
    people = [User(f"member-{number}", 30_000 + number, now) for number in range(1, members + 1)]
    groves = [
        Organization(
            f"grove-{number}",
            2200 + number,
            now - timedelta(days=900),
            members={"maple": "admin", **dict.fromkeys([p.login for p in people], _MEMBER)},
            plan="team",
        )
        for number in range(1, organizations + 1)
    ]
    maple = User(
        "maple",
        1201,
        now - timedelta(days=2000),
        emails=[Email("maple@mail.example", primary=True, visibility="private")],
        ssh_keys=[
            SshKey(
                600 + number,
                f"key {number}",
                public_key("ssh-ed25519", f"maple-{number}"),
                now - timedelta(days=100),
                now - timedelta(days=number),
            )
            for number in range(keys)
        ],
        contributions={grove.login: now - timedelta(days=9) for grove in groves},
    )
    own = [repository("maple", number, now) for number in range(1, repositories + 1)]
    shared = [
        repository(grove.login, number, now)
        for grove in groves
        for number in range(1, organization_repositories + 1)
    ]
    return World(
        now=now,
        users=[maple, *people],
        organizations=groves,
        repositories=[*own, *shared],
        tokens=[Token(CLASSIC, "classic", "maple", SCOPES, expires_at=now + timedelta(days=30))],
    )


def repository(owner: str, number: int, now: datetime) -> Repository:
    """One of many: a third are unprotected, a third protected badly, a third well."""
    name = f"repository-{number:05}"
    kind = number % 3
    seed = sum(map(ord, owner)) * 100_000 + number
    return Repository(
        owner,
        name,
        seed,
        now - timedelta(days=700),
        now - timedelta(days=number % 500),
        archived=number % 10 == 0,
        protection=[loose_protection(seed)] if kind == 1 else [],
        rulesets=[strict_branch(seed, f"{owner}/{name}", now)]
        if kind == 2
        else [],  # the third kind
        deploy_keys=[
            DeployKey(seed, "mirror", public_key("ssh-ed25519", name), now - timedelta(days=300))
        ]
        if number % 5 == 0
        else [],
        secrets=[
            RepositorySecret("NPM_TOKEN", now - timedelta(days=400), now - timedelta(days=400))
        ]
        if number % 4 == 0
        else [],
        security=SecurityAndAnalysis("enabled", "enabled" if number % 2 else "disabled"),
        vulnerability_alerts_enabled=number % 2 == 0,
    )
