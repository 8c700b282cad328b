"""The plan of a fleet, as an option of several commands, and what can be in it."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from typing import TYPE_CHECKING

from hardenme.config.option import path
from hardenme.ground.errors import UsageError

if TYPE_CHECKING:
    from hardenme.engine.target import Target

FLEET = "The fleet"
ENGINES = ("local", "dask")
"""What can start the shards, the one that is always there first."""
FLEET_PLAN = path(
    "fleet-plan", "The plan that `fleet plan` wrote.", spelled="--plan", heading=FLEET
)


def demand_organizations(targets: Iterable[Target], *, scopes: bool = False) -> None:
    """Demand that targets are organizations.

    Args:
        targets: what is named.
        scopes: scopes of npm are organizations, too.

    Raises:
        UsageError: others are named; the second line has the command that reads these.
    """
    taken = {"github-owner", "npm-scope"} if scopes else {"github-owner"}
    others = [one.text for one in targets if one.kind not in taken]
    if others:
        forms = "github:ORG or npm:@SCOPE" if scopes else "github:ORG"
        raise UsageError(
            f"a fleet is of organizations, like {forms}; not {others[0]}",
            more=(f"in a run of its own: {shlex.join(('hardenme', 'check', *others))}",),
        )
