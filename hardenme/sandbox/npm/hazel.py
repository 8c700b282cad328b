"""The account "hazel": a maintainer who has done what can be done."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from hardenme.sandbox.npm.granular import Mint
from hardenme.sandbox.npm.world import (
    ClientToken,
    Organization,
    Package,
    Person,
    Provenance,
    StagedVersion,
    Team,
    TokenKind,
    TrustedPublisher,
    User,
    Version,
    World,
    canary,
)

HAZEL = Person("hazel", "hazel@hazel-grove.example")
ROWAN = Person("rowan", "rowan@hazel-grove.example")
CI_RUN = Person("GitHub Actions", "npm-oidc-no-reply@github.com")
SESSION = canary("hazelSESSION")
REPOSITORIES = ("hazel/lantern", "hazel/compass", "willow-works/basket")
OFFICE = "203.0.113.0/28"
RELEASES = (
    ("1.5.0", 480, ROWAN),
    ("1.6.0", 390, HAZEL),
    ("1.7.0", 290, ROWAN),
    ("1.8.0", 200, ROWAN),
    ("1.9.0", 120, HAZEL),
    ("2.0.0", 20, ROWAN),
)
"""The versions of each package, how many days ago they were published, and who approved them."""


def world(now: datetime) -> World:
    """Everything about hazel, as of `now`."""
    mint = Mint("hazel", now)
    mint.token(
        "private-installs",
        scopes=(("package", "@hazel-grove/lantern"),),
        age=20,
        left=30,
        description="Installs on the office's build machines",
        cidr=(OFFICE,),
    )
    packages = [_package(now, repository) for repository in REPOSITORIES]
    return World(
        now=now,
        users=[
            User(
                person.name,
                person.email,
                tfa="auth-and-writes",
                fullname=fullname,
                created=now - timedelta(days=2000),
                updated=now - timedelta(days=90),
                remembers_otp=True,
            )
            for person, fullname in ((HAZEL, "Hazel Withy"), (ROWAN, "Rowan Withy"))
        ],
        packages=packages,
        organizations=[
            Organization(
                "hazel-grove",
                {"hazel": "owner", "rowan": "owner"},
                teams=[
                    Team("developers", ["hazel", "rowan"], {p.name: "read" for p in packages}),
                    Team("release", ["hazel", "rowan"], {p.name: "write" for p in packages}),
                ],
                packages={package.name: "write" for package in packages},
            )
        ],
        tokens=mint.made,
        credentials=[
            ClientToken(SESSION, "hazel", TokenKind.SESSION, expires_at=now + timedelta(hours=2)),
            *mint.credentials,
        ],
        staged=[
            StagedVersion(
                str(uuid.uuid5(uuid.NAMESPACE_OID, "staged lantern")),
                "@hazel-grove/lantern",
                "2.1.0",
                now - timedelta(hours=3),
                CI_RUN.name,
                "trusted automation",
            )
        ],
        web_login_as="hazel",
    )


def _package(now: datetime, repository: str) -> Package:
    """A package whose releases are built in CI and approved by the other person."""
    name = repository.rpartition("/")[2]
    key = str(uuid.uuid5(uuid.NAMESPACE_OID, name))
    versions = [
        Version(
            number,
            now - timedelta(days=days),
            CI_RUN,
            trusted_publisher={"id": "github", "oidcConfigId": f"oidc:{key}"},
            approver=approver,
            provenance=Provenance(f"https://github.com/{repository}", ref=f"refs/tags/v{number}"),
        )
        for number, days, approver in RELEASES
    ]
    return Package(
        f"@hazel-grove/{name}",
        versions,
        [HAZEL, ROWAN],
        {"hazel": "write", "rowan": "write"},
        f"The {name} of the grove",
        repository={"type": "git", "url": f"git+https://github.com/{repository}.git"},
        publishers=[
            TrustedPublisher(
                key,
                "github",
                {
                    "repository": repository,
                    "workflow_ref": {"file": "release.yml"},
                    "environment": "release",
                },
            )
        ],
        weekly_downloads=4_200,
        dependents=9,
    )
