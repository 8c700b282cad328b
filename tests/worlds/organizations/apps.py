"""Apps on the two organizations, and members' tokens and keys that they let in."""

from __future__ import annotations

from datetime import datetime, timedelta

from hardenme.sandbox.github.state.connected import App, Installation, SsoCredential, TokenGrant
from hardenme.sandbox.github.state.policies import AllowedAddresses
from hardenme.sandbox.github.world import World

MERGER = App(5101, "merge-everything", "thorn")
RELEASER = App(5102, "release-notes", "thorn")
LABELER = App(5201, "labeler", "linden")


def weaken(world: World, now: datetime) -> None:
    """Apps that write everywhere, and tokens without an end or a bound."""
    then = now - timedelta(days=800)
    for organization in world.organizations:
        organization.plan = "enterprise"
        organization.policies.allow_list = True
        organization.policies.addresses = [
            AllowedAddresses(8501, "192.0.2.0/24"),
            AllowedAddresses(8502, "0.0.0.0/0"),
        ]
        connected = organization.connected
        everything = {"administration": "write", "contents": "write", "metadata": "read"}
        connected.installations += [
            Installation(8301, MERGER, then, everything, "all"),
            Installation(
                8302,
                RELEASER,
                then,
                {"contents": "read", "metadata": "read"},
                suspended_at=now - timedelta(days=200),
                suspended_by="thorn",
            ),
        ]
        connected.token_grants.append(
            TokenGrant(
                8303,
                "nettle",
                "old laptop",
                then,
                selection="all",
                repository={"administration": "write", "metadata": "read"},
            )
        )
        connected.sso_credentials += [
            SsoCredential(
                8304,
                "thistle",
                "personal access token",
                then,
                accessed_at=now - timedelta(days=300),
                scopes=("repo", "admin:org"),
                name="ci",
            ),
            SsoCredential(8305, "thistle", "SSH key", then, name="old laptop"),
        ]


def harden(world: World, now: datetime) -> None:
    """Apps and tokens that do one thing, on chosen repositories, for a while."""
    then, lately = now - timedelta(days=20), now - timedelta(days=2)
    for organization in world.organizations:
        organization.plan = "enterprise"
        organization.policies.sign_on = True
        organization.policies.allow_list = True
        organization.policies.addresses = [
            AllowedAddresses(8601, "192.0.2.0/24"),
            AllowedAddresses(8602, "2001:db8::/32"),
            AllowedAddresses(8603, "0.0.0.0/0", active=False),
        ]
        connected = organization.connected
        connected.installations.append(
            Installation(8401, LABELER, then, {"issues": "write", "metadata": "read"})
        )
        connected.token_grants.append(
            TokenGrant(
                8402,
                "maple",
                "issue triage",
                then,
                expires_at=now + timedelta(days=30),
                last_used=lately,
                repository={"issues": "write", "metadata": "read"},
            )
        )
        connected.sso_credentials += [
            SsoCredential(
                8403,
                "birch",
                "personal access token",
                then,
                accessed_at=lately,
                scopes=("read:org",),
                expires_at=now + timedelta(days=30),
                name="reports",
            ),
            SsoCredential(8404, "birch", "SSH key", then, accessed_at=lately, name="laptop"),
        ]
