"""The worlds of the demo, each a function of one clock.

Their credentials are in `world.tokens`; the constants here are the values of those tokens.
"""

from __future__ import annotations

from hardenme.sandbox.github.scenario import hardened, weak
from hardenme.sandbox.github.scenario.hardened import hardened_maintainer
from hardenme.sandbox.github.scenario.weak import weak_maintainer

__all__ = [
    "HARDENED_CLASSIC",
    "HARDENED_ORGANIZATION",
    "HARDENED_TOKEN",
    "WEAK_FINE_GRAINED",
    "WEAK_NARROW",
    "WEAK_TOKEN",
    "hardened_maintainer",
    "weak_maintainer",
]

WEAK_TOKEN = weak.CLASSIC
WEAK_NARROW = weak.NARROW
WEAK_FINE_GRAINED = weak.FINE_GRAINED
HARDENED_TOKEN = hardened.FINE_GRAINED
HARDENED_ORGANIZATION = hardened.ORGANIZATION
HARDENED_CLASSIC = hardened.CLASSIC
