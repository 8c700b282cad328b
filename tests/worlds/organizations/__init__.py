"""Two small organizations: `bramble-labs` left everything open, `cedar-labs` closed it.

Each module of `ASPECTS` adds what it is about to both: `weaken` what a sweep has to find, `harden`
what it has to pass.
"""

from __future__ import annotations

from datetime import datetime
from types import ModuleType

from hardenme.sandbox.github.world import World
from tests.worlds.organizations import (
    actions_settings,
    alerts,
    apps,
    base,
    collaborators,
    environments,
    files,
    hooks,
    people,
    runners,
    secrets,
    settings,
    tags,
    workflows,
)

ASPECTS: tuple[ModuleType, ...] = (
    hooks,
    apps,
    runners,
    secrets,
    people,
    settings,
    files,
    alerts,
    workflows,
    actions_settings,
    collaborators,
    environments,
    tags,
)
"""Modules with `weaken(world, now)` and `harden(world, now)`, applied in this order."""


def weak_organization(now: datetime) -> World:
    """The world of bramble-labs, whose owner is `thorn`."""
    world = base.weak(now)
    for aspect in ASPECTS:
        aspect.weaken(world, now)
    return world


def strict_organization(now: datetime) -> World:
    """The world of cedar-labs, whose owners are `linden` and `alder`."""
    world = base.strict(now)
    for aspect in ASPECTS:
        aspect.harden(world, now)
    return world
