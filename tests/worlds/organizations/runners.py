"""Self-hosted runners of the two organizations."""

from __future__ import annotations

from datetime import datetime

from hardenme.sandbox.github.state.connected import Runner, RunnerGroup
from hardenme.sandbox.github.world import World
from tests.worlds.organizations.base import WEAK


def weaken(world: World, _now: datetime) -> None:
    """Groups that serve public repositories, and a runner on a public repository."""
    for organization in world.organizations:
        connected = organization.connected
        builders = RunnerGroup(2, "builders", "selected", repositories=frozenset({"graft"}))
        builders.allows_public_repositories = True
        connected.runner_groups += [RunnerGroup(1, "Default", default=True), builders]
        connected.runners.append(Runner(8501, "old-desktop", 2))
    for repository in world.repositories_of(WEAK):
        if repository.name == "briar":
            repository.runners.append(Runner(8502, "old-laptop"))


def harden(world: World, _now: datetime) -> None:
    """A runner that private repositories alone are served by."""
    for organization in world.organizations:
        organization.connected.runner_groups.append(RunnerGroup(1, "Default", default=True))
        organization.connected.runners.append(Runner(8601, "builder", 1, ephemeral=True))
