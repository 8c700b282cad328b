"""Ready-made worlds of the npm sandbox; `World.token` gives the token to present."""

from __future__ import annotations

from datetime import datetime, timedelta

from hardenme.sandbox.npm import hazel, mallow
from hardenme.sandbox.npm.granular import Mint
from hardenme.sandbox.npm.world import (
    Credential,
    Kind,
    Package,
    Person,
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


def scaled_maintainer(now: datetime, packages: int = 10, tokens: int = 5) -> World:
    """The account "sedge" with so many packages and listed tokens, for measuring."""
    sedge = Person("sedge", "sedge@reed-bed.example")
    mint = Mint("sedge", now)
    for index in range(tokens):
        mint.token(f"ci-{index}", scopes=(("package", f"@reed-bed/stem-{index}"),))
    return World(
        now=now,
        users=[User(sedge.name, sedge.email, tfa="auth-and-writes")],
        packages=[
            Package(
                f"@reed-bed/stem-{index}",
                [
                    Version(f"1.{minor}.0", now - timedelta(days=30 * (3 - minor)), sedge)
                    for minor in range(3)
                ],
                [sedge],
                {sedge.name: "write"},
            )
            for index in range(packages)
        ],
        tokens=mint.made,
        credentials=[Credential(canary("sedgeSESSION"), "sedge", Kind.SESSION), *mint.credentials],
    )
