"""Webhooks of the two organizations and of their repositories."""

from __future__ import annotations

from datetime import datetime, timedelta

from hardenme.sandbox.github.world import Hook, World
from tests.worlds.organizations.base import STRICT, WEAK


def weaken(world: World, now: datetime) -> None:
    """Webhooks that send in the clear, to anybody's certificate, and unsigned."""
    then = now - timedelta(days=700)
    for organization in world.organizations:
        organization.connected.hooks += [
            Hook(8101, "http://chat.example.test/CANARYhook", then, then, has_secret=False),
            Hook(8102, "https://build.example.test/in", then, then, insecure_ssl="1"),
        ]
    for repository in world.repositories_of(WEAK):
        if repository.name == "briar":
            repository.hooks.append(
                Hook(8103, "http://deploy.example.test/in", then, then, has_secret=False)
            )


def harden(world: World, now: datetime) -> None:
    """Signed webhooks, by https and to a certificate that is checked."""
    then = now - timedelta(days=200)
    for organization in world.organizations:
        organization.connected.hooks.append(Hook(8201, "https://chat.example.test/in", then, then))
    for repository in world.repositories_of(STRICT):
        if repository.name == "cone":
            repository.hooks.append(Hook(8202, "https://build.example.test/in", then, then))
