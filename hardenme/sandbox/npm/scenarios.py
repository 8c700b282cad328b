"""Ready-made worlds of the npm sandbox; `World.token` gives the token to present."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hardenme.sandbox.npm import hazel, mallow
from hardenme.sandbox.npm.granular import Mint
from hardenme.sandbox.npm.world import (
    ClientToken,
    Organization,
    Package,
    Person,
    Team,
    TokenKind,
    User,
    Version,
    World,
    canary,
)


def weak_maintainer(now: datetime) -> World:
    """The account "mallow": typical weaknesses, twelve listed tokens, five packages."""
    return mallow.world(now)


def hardened_maintainer(now: datetime) -> World:
    """The account "hazel": all that can be hardened is."""
    return hazel.world(now)


def scaled_maintainer(  # noqa: PLR0913 (sizes, all with a default)
    now: datetime,
    packages: int = 10,
    tokens: int = 5,
    *,
    owner: str = "",
    newest: int = 30,
    largest: int = 0,
) -> World:
    """The account "sedge" with so many packages and listed tokens, for measuring.

    The organization `reed-bed` holds the packages. Each has three releases, a month apart.

    Args:
        now: the clock.
        packages: how many there are.
        tokens: how many the list shows.
        owner: whose repositories on GitHub they name; empty for none.
        newest: how many days ago the last releases were published.
        largest: approximate bytes of the first package's packument; 0 for the size of the others.
    """
    sedge = Person("sedge", "sedge@reed-bed.example")
    mint = Mint("sedge", now)
    for index in range(tokens):
        mint.token(f"ci-{index}", scopes=(("package", f"@reed-bed/stem-{index}"),))
    made = [
        Package(
            f"@reed-bed/stem-{index}",
            [
                Version(f"1.{minor}.0", now - timedelta(days=newest + 30 * (2 - minor)), sedge)
                for minor in range(3)
            ],
            [sedge],
            {sedge.name: "write"},
            repository=f"github:{owner}/stem-{index}" if owner else None,
        )
        for index in range(packages)
    ]
    if largest:
        _grow(made[0], largest)
    return World(
        now=now,
        users=[User(sedge.name, sedge.email, tfa="auth-and-writes", remembers_otp=True)],
        packages=made,
        organizations=[
            Organization(
                "reed-bed",
                {sedge.name: "owner"},
                teams=[
                    Team("developers", [sedge.name], {package.name: "read" for package in made})
                ],
                packages={package.name: "write" for package in made},
            )
        ],
        tokens=mint.made,
        credentials=[
            ClientToken(canary("sedgeSESSION"), "sedge", TokenKind.SESSION),
            *mint.credentials,
        ],
    )


def _grow(package: Package, size: int) -> None:
    """Give a package so many releases, each with a long manifest, that they take this much room."""
    room = 8_000
    count = size // (room + 1_000)
    first = package.versions[0]
    older = [
        replace(
            first,
            version=f"0.{number}.0",
            published_at=first.published_at - timedelta(days=1, hours=count - number),
        )
        for number in range(count)
    ]
    # Values of the package are in each manifest too.
    package.description = "reed " * (room // 5)
    package.versions = [*older, *package.versions]
