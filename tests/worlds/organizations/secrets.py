"""Secrets of the two organizations."""

from __future__ import annotations

from datetime import datetime, timedelta

from hardenme.sandbox.github.world import OrganizationSecret, World


def weaken(world: World, now: datetime) -> None:
    """Old tokens for publishing that every repository can read."""
    then = now - timedelta(days=900)
    for organization in world.organizations:
        organization.secrets.append(OrganizationSecret("NPM_PUBLISH_TOKEN", then, then))
        organization.connected.dependabot_secrets.append(
            OrganizationSecret("NPM_READ_TOKEN", then, then)
        )


def harden(world: World, now: datetime) -> None:
    """Young secrets, each for the one repository that needs it."""
    then = now - timedelta(days=20)
    bark = frozenset({"bark"})
    for organization in world.organizations:
        organization.secrets += [
            OrganizationSecret("RELEASE_TOKEN", then, then, "selected", bark),
            OrganizationSecret("CHAT_ADDRESS", then, then, "private"),
        ]
        organization.connected.dependabot_secrets.append(
            OrganizationSecret("NPM_READ_TOKEN", then, then, "selected", bark)
        )
