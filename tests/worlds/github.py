"""Worlds to audit at GitHub, each a function of one clock: those of the demo, and organizations.

Their credentials are in `world.tokens`; the constants here are the values of those tokens.
"""

from __future__ import annotations

from hardenme.sandbox.github.scenarios import (
    HARDENED_CLASSIC,
    HARDENED_ORGANIZATION,
    HARDENED_TOKEN,
    WEAK_FINE_GRAINED,
    WEAK_NARROW,
    WEAK_TOKEN,
    hardened_maintainer,
    weak_maintainer,
)
from tests.worlds import scaled
from tests.worlds.organizations import base, strict_organization, weak_organization
from tests.worlds.scaled import scaled_maintainer
from tests.worlds.scaled_organization import Seeded, Sweep, scaled_organization

__all__ = [
    "HARDENED_CLASSIC",
    "HARDENED_ORGANIZATION",
    "HARDENED_TOKEN",
    "SCALED_TOKEN",
    "STRICT_ORG_APP",
    "STRICT_ORG_FINE_GRAINED",
    "STRICT_ORG_TOKEN",
    "WEAK_FINE_GRAINED",
    "WEAK_NARROW",
    "WEAK_ORG_APP",
    "WEAK_ORG_FINE_GRAINED",
    "WEAK_ORG_MEMBER",
    "WEAK_ORG_TOKEN",
    "WEAK_TOKEN",
    "Seeded",
    "Sweep",
    "hardened_maintainer",
    "scaled_maintainer",
    "scaled_organization",
    "strict_organization",
    "weak_maintainer",
    "weak_organization",
]

SCALED_TOKEN = scaled.CLASSIC
STRICT_ORG_TOKEN = base.STRICT_CLASSIC
STRICT_ORG_FINE_GRAINED = base.STRICT_FINE_GRAINED
STRICT_ORG_APP = base.STRICT_APP
WEAK_ORG_TOKEN = base.WEAK_CLASSIC
WEAK_ORG_MEMBER = base.WEAK_MEMBER
WEAK_ORG_FINE_GRAINED = base.WEAK_FINE_GRAINED
WEAK_ORG_APP = base.WEAK_APP
