"""Worlds to audit, each a function of one clock.

Their credentials are in `world.tokens`; the constants here are the values of those tokens.
"""

from __future__ import annotations

from hardenme.sandbox.github.scenario import hardened, scaled, weak
from hardenme.sandbox.github.scenario.hardened import hardened_maintainer
from hardenme.sandbox.github.scenario.organizations import (
    base,
    strict_organization,
    weak_organization,
)
from hardenme.sandbox.github.scenario.scaled import scaled_maintainer
from hardenme.sandbox.github.scenario.scaled_organization import Seeded, Sweep, scaled_organization
from hardenme.sandbox.github.scenario.weak import weak_maintainer

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

WEAK_TOKEN = weak.CLASSIC
WEAK_NARROW = weak.NARROW
WEAK_FINE_GRAINED = weak.FINE_GRAINED
HARDENED_TOKEN = hardened.FINE_GRAINED
HARDENED_ORGANIZATION = hardened.ORGANIZATION
HARDENED_CLASSIC = hardened.CLASSIC
SCALED_TOKEN = scaled.CLASSIC
STRICT_ORG_TOKEN = base.STRICT_CLASSIC
STRICT_ORG_FINE_GRAINED = base.STRICT_FINE_GRAINED
STRICT_ORG_APP = base.STRICT_APP
WEAK_ORG_TOKEN = base.WEAK_CLASSIC
WEAK_ORG_MEMBER = base.WEAK_MEMBER
WEAK_ORG_FINE_GRAINED = base.WEAK_FINE_GRAINED
WEAK_ORG_APP = base.WEAK_APP
