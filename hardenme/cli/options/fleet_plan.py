"""The plan of a fleet, as an option of several commands."""

from __future__ import annotations

from hardenme.config.option import path

FLEET = "The fleet"
FLEET_PLAN = path(
    "fleet-plan", "The plan that `fleet plan` wrote.", spelled="--plan", heading=FLEET
)
