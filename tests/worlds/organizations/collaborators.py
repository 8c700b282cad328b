"""Who works on the organizations' repositories, and whom these invited."""

from __future__ import annotations

from datetime import datetime, timedelta

from hardenme.sandbox.github.scenario.keys import public_key
from hardenme.sandbox.github.world import DeployKey, RepositoryInvitation, World
from tests.worlds.organizations.base import STRICT, WEAK


def weaken(world: World, now: datetime) -> None:
    """An invitation that nobody answered for months, and the key of somebody who left.

    A member without a second factor administers two repositories.
    """
    graft = world.repository(f"{WEAK}/graft")
    if graft is not None:
        graft.collaborators["nettle"] = "admin"
        graft.deploy_keys.append(
            DeployKey(
                3602,
                "mirror",
                public_key("ssh-ed25519", "graft-mirror"),
                now - timedelta(days=700),
                added_by="bracken",
                last_used=now - timedelta(days=2),
            )
        )
    hedge = world.repository(f"{WEAK}/hedge")
    if hedge is not None:
        hedge.collaborators["nettle"] = "admin"
        hedge.invitations.append(
            RepositoryInvitation(3601, "stray", "thorn", now - timedelta(days=200), "maintain")
        )


def harden(world: World, now: datetime) -> None:
    """An invitation that was sent yesterday, and an outsider who only reads.

    A member administers one repository beside the owners.
    """
    cone, resin = world.repository(f"{STRICT}/cone"), world.repository(f"{STRICT}/resin")
    if cone is not None and resin is not None:
        cone.collaborators.setdefault("guest", "read")
        resin.collaborators["birch"] = "admin"
        resin.invitations.append(
            RepositoryInvitation(3611, "guest", "linden", now - timedelta(days=1), "read")
        )
