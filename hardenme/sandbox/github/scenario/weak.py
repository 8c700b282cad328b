"""A maintainer with typical weaknesses: `mallow`, who means well and never tidied up.

`acorn-labs` is an organization that mallow owns and has not touched for a year;
`beech-tools` is one that invited mallow a month ago.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from hardenme.sandbox.github.rest.plain import ORG, USER, weak_of
from hardenme.sandbox.github.scenario.keys import public_key
from hardenme.sandbox.github.scenario.rulebook import strict_branch
from hardenme.sandbox.github.scenario.weak_repositories import repositories
from hardenme.sandbox.github.world import (
    Email,
    FeedEntry,
    GpgKey,
    Organization,
    OrganizationInvitation,
    OrganizationSettings,
    SshKey,
    Token,
    User,
    World,
)

CLASSIC = "ghp_CANARYmallow00000000000000000000000000"
NARROW = "ghp_CANARYmallownarrow00000000000000000000"
FINE_GRAINED = "github_pat_CANARYmallow0000_" + "0" * 54
ESCAPE = "\x1b[2J\x1b]0;owned\x07"


def weak_maintainer(now: datetime) -> World:
    """The world of mallow.

    Its tokens: `CLASSIC` is a classic token without an expiry and with far too many scopes.
    `NARROW` is a classic one that reads the account and no private repository. `FINE_GRAINED` is a
    fine-grained one for two repositories that may also write.

    Args:
        now: the clock; every age is reckoned from it.
    """
    return World(
        now=now,
        users=_users(now),
        organizations=_organizations(now),
        repositories=repositories(now),
        tokens=tokens(now),
    )


def tokens(now: datetime) -> list[Token]:
    """The credentials of mallow."""
    return [
        Token(
            CLASSIC,
            "classic",
            "mallow",
            scopes=frozenset(
                {
                    "repo", "admin:org", "delete_repo", "user", "workflow", "admin:public_key",
                    "admin:gpg_key", "admin:ssh_signing_key", "write:packages",
                }
            ),
        ),
        Token(
            NARROW,
            "classic",
            "mallow",
            scopes=frozenset({"read:org", "read:public_key", "user:email"}),
            expires_at=now + timedelta(days=20),
        ),
        Token(
            FINE_GRAINED,
            "fine-grained",
            "mallow",
            permissions={"metadata": "read", "contents": "write", "administration": "write"},
            owner="mallow",
            repository_selection=frozenset({"ladle", "cellar"}),
            expires_at=now + timedelta(days=300),
        ),
    ]  # fmt: skip


def _users(now: datetime) -> list[User]:
    def ago(days: float) -> datetime:
        return now - timedelta(days=days)

    expired_subkey = GpgKey(
        712, "9D5E0C2A71B3F846", ago(900), expires_at=ago(170), can_encrypt=True, can_sign=False
    )
    mallow = User(
        login="mallow",
        id=1001,
        created_at=ago(3300),
        two_factor="off",
        name="Mallow",
        emails=[
            Email("mallow@mail.example", primary=True, visibility="public"),
            Email("mallow@old-employer.example", verified=False),
        ],
        ssh_keys=[
            SshKey(501, "first laptop", public_key("ssh-dss", "mallow-1"), ago(1200), ago(400)),
            SshKey(
                502,
                f"build box {ESCAPE}",
                public_key("ssh-rsa", "mallow-2", 1024),
                ago(1095),
                ago(3),
            ),
            SshKey(503, "desktop", public_key("ssh-rsa", "mallow-3", 2048), ago(500), ago(1)),
            SshKey(504, "never tried", public_key("ssh-ed25519", "mallow-4"), ago(90)),
            SshKey(505, "laptop", public_key("ssh-ed25519", "mallow-5"), ago(60), ago(0.5)),
        ],
        gpg_keys=[
            GpgKey(
                711,
                "3AA5C34371567BD2",
                ago(900),
                expires_at=ago(170),
                name="release key",
                emails=[("mallow@mail.example", True)],
                subkeys=[expired_subkey],
                can_certify=True,
            )
        ],
        events=[FeedEntry(9001, "PushEvent", "mallow/ladle", ago(2))],
        contributions={"acorn-labs": ago(380)},
        plain=weak_of(USER),
    )
    others = [
        User("oakley", 1002, ago(2000), two_factor="insecure"),
        User("fern", 1003, ago(1500), two_factor="off"),
        User("wren", 1004, ago(700)),
    ]
    return [mallow, *others]


def _organizations(now: datetime) -> list[Organization]:
    month = now - timedelta(days=30)
    acorn = Organization(
        login="acorn-labs",
        id=2001,
        created_at=now - timedelta(days=2500),
        members={"mallow": "admin", "oakley": "member", "fern": "member"},
        public_members=frozenset({"oakley"}),
        description="Small tools for large trees",
        settings=OrganizationSettings(default_repository_permission="write"),
        invitations=[OrganizationInvitation(3001, "wren", "mallow", month, role="admin")],
        plain=weak_of(ORG),
    )
    burr_only = strict_branch(7010, "acorn-labs", month)
    burr_only.source_type, burr_only.repositories = "Organization", ["burr"]
    acorn.rulesets = [burr_only]
    beech = Organization(
        login="beech-tools",
        id=2002,
        created_at=now - timedelta(days=800),
        members={"wren": "admin"},
        public_members=frozenset({"wren"}),
        invitations=[OrganizationInvitation(3002, "mallow", "wren", month)],
    )
    return [acorn, beech]
