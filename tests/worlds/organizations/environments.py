"""From where the organizations publish: environments, secrets, releases and OIDC subjects."""

from __future__ import annotations

from datetime import datetime, timedelta

from hardenme.sandbox.github.world import Environment, RepositorySecret, World
from tests.worlds.organizations.base import STRICT, WEAK


def weaken(world: World, now: datetime) -> None:
    """A token for npm that every workflow reads, and an environment that lets everybody publish."""
    briar = world.repository(f"{WEAK}/briar")
    set_at = now - timedelta(days=500)
    if briar is not None:
        briar.secrets.append(RepositorySecret("NPM_TOKEN", set_at, set_at))
        briar.environments.append(Environment(3701, "npm-publish", set_at, set_at))


def harden(world: World, now: datetime) -> None:
    """An environment that waits for a second person and takes tags of versions alone."""
    made = now - timedelta(days=100)
    for repository in world.repositories_of(STRICT):
        repository.immutable_releases = True
        repository.immutable_subject = True
    cone = world.repository(f"{STRICT}/cone")
    if cone is not None:
        cone.environments.append(
            Environment(
                3711,
                "release",
                made,
                made,
                reviewers=["alder", "maple"],
                prevent_self_review=True,
                branch_policy="custom",
                policies=[("tag", "v*")],
                admins_bypass=False,
                secrets=[RepositorySecret("RELEASE_SIGNING_KEY", made, made)],
            )
        )
