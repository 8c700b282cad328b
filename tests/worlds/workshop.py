"""A small organization with one package, on a quiet day: two owners, and what each can lose."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from hardenme.model.token_checksum import checksum
from hardenme.sandbox.github.world import (
    DeployKey,
    Email,
    GpgKey,
    Hook,
    Organization,
    RepositorySecret,
    SshKey,
    Token,
    User,
    World,
)
from hardenme.sandbox.npm import world as npm
from hardenme.sandbox.npm.released import Package, Person, Version
from tests.worlds.organizations import base

ORGANIZATION, REPOSITORY, PACKAGE = "loom-works", "loom-works/shuttle", "@loom-works/shuttle"
WEAVER, SECOND = Person("weaver", "weaver@loom.example"), Person("spinner", "spinner@loom.example")
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIC5v0v0v0v0v0v0v0v0v0v0v0v0v0v0v0v0v0v0v"
AUDIT = "ghp_CANARYweaveraudit000000000000000000000"
SESSION, SECONDS_SESSION = npm.canary("weaverSESSION"), npm.canary("spinnerSESSION")
TAGS = ("v1.1.0", "v1.0.0", "v1")
"""The last is moved to each release of its number."""
READS = frozenset(
    {"repo", "admin:org", "admin:org_hook", "user", "read:public_key", "read:gpg_key"}
    | {"read:ssh_signing_key"}
)


def token_of(name: str) -> str:
    """The value of one of the maintainer's tokens, visibly none and with a checksum that fits."""
    random = f"CANARY{name}".ljust(30, "0")
    return f"npm_{random}{checksum(random)}"


def github(now: datetime) -> World:
    """The organization, and its owner's account."""
    then = now - timedelta(days=90)
    shuttle = base.repository(
        ORGANIZATION,
        "shuttle",
        55101,
        now,
        tags=list(TAGS),
        secrets=[RepositorySecret("NPM_TOKEN", then, then)],
        deploy_keys=[DeployKey(5511, "mirror", KEY, then, added_by=WEAVER.name)],
        hooks=[Hook(5512, "https://chat.example/in", then, then)],
    )
    weaver, spinner = (
        User(
            one.name,
            5501 + place,
            now - timedelta(days=1500),
            emails=[Email(one.email, primary=True, visibility="private")],
        )
        for place, one in enumerate((WEAVER, SECOND))
    )
    weaver.ssh_keys.append(SshKey(5521, "laptop", KEY, then))
    weaver.ssh_signing_keys.append(SshKey(5522, "laptop", KEY, then))
    weaver.gpg_keys.append(GpgKey(5523, "5AA5C34371567BD2", then))
    return World(
        now=now,
        users=[weaver, spinner],
        organizations=[
            Organization(
                ORGANIZATION,
                5500,
                now - timedelta(days=1500),
                members={WEAVER.name: "admin", SECOND.name: "admin"},
                plan="team",
            )
        ],
        repositories=[shuttle],
        tokens=[Token(AUDIT, "classic", WEAVER.name, READS, expires_at=now + timedelta(days=20))],
    )


def registry(now: datetime) -> npm.World:
    """The package, with the tokens of its maintainer."""
    versions = [
        Version(f"1.{number}.0", now - timedelta(days=days), WEAVER, commit="c0ffee" * 6 + "abcd")
        for number, days in enumerate((400, 200))
    ]
    listed, held = zip(*map(_token, (now, now), ("ci", "laptop")), strict=True)
    return npm.World(
        now=now,
        users=[
            npm.User(one.name, one.email, tfa="auth-and-writes", remembers_otp=True)
            for one in (WEAVER, SECOND)
        ],
        packages=[
            Package(
                PACKAGE,
                versions,
                [WEAVER, SECOND],
                {WEAVER.name: "write", SECOND.name: "write"},
                repository={"type": "git", "url": f"git+https://github.com/{REPOSITORY}.git"},
                weekly_downloads=4_000,
            )
        ],
        organizations=[
            npm.Organization(
                ORGANIZATION,
                {WEAVER.name: "owner", SECOND.name: "owner"},
                packages={PACKAGE: "write"},
            )
        ],
        tokens=[*listed],
        credentials=[
            *(
                npm.ClientToken(
                    value, who.name, npm.TokenKind.SESSION, expires_at=now + timedelta(hours=9)
                )
                for value, who in ((SESSION, WEAVER), (SECONDS_SESSION, SECOND))
            ),
            *held,
        ],
    )


def _token(now: datetime, name: str) -> tuple[npm.ListedToken, npm.ClientToken]:
    """A token that publishes without a second factor."""
    key, value = str(uuid.uuid5(uuid.NAMESPACE_OID, name)), token_of(name)
    return (
        npm.ListedToken(
            key,
            WEAVER.name,
            npm.shown_ends(value),
            name,
            "Publishes",
            now + timedelta(days=60),
            bypass_2fa=True,
            permissions=(("package", "write"),),
            scopes=(("package", PACKAGE),),
            created=now - timedelta(days=30),
            accessed=now - timedelta(days=2),
        ),
        npm.ClientToken(value, WEAVER.name, npm.TokenKind.BYPASS, key),
    )
