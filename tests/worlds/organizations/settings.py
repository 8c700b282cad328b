"""The settings of the two organizations themselves, and what they decide for repositories."""

from __future__ import annotations

from datetime import datetime, timedelta

from hardenme.sandbox.github.state.connected import TokenGrant
from hardenme.sandbox.github.world import SecurityConfiguration, World
from tests.worlds.organizations.base import STRICT, WEAK


def weaken(world: World, now: datetime) -> None:
    """A default that watches for secrets and stops none, and that anybody may switch off."""
    organization = world.organization(WEAK)
    if organization is not None:
        organization.policies.configurations.append(
            SecurityConfiguration(
                9401,
                "Half of it",
                now - timedelta(days=300),
                default_for="public",
                secret_scanning="enabled",
                push_protection="disabled",
            )
        )
        organization.policies.immutable_releases = "selected"


def harden(world: World, now: datetime) -> None:
    """An enforced default for everything, releases that stay as they are, rules from above.

    A member's fine-grained token waits for an owner's approval.
    """
    organization = world.organization(STRICT)
    if organization is not None:
        organization.policies.configurations.append(
            SecurityConfiguration(
                9402,
                "Everything on",
                now - timedelta(days=300),
                default_for="all",
                enforced=True,
                secret_scanning="enabled",
                push_protection="enabled",
            )
        )
        organization.policies.immutable_releases = "all"
        organization.connected.token_requests.append(
            TokenGrant(
                9403,
                "maple",
                "release notes",
                now - timedelta(days=1),
                expires_at=now + timedelta(days=29),
                repository={"contents": "read"},
                reason="To write the notes of the next release",
            )
        )
        for ruleset in organization.rulesets:
            ruleset.source_type = "Organization"
