"""The worlds whose plans are read, each as its owner's audit sees it."""

from __future__ import annotations

from functools import cache

from hardenme.model.report import Report
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.npm import scenarios as npm
from hardenme.sandbox.npm.server import npm_sandbox
from tests.attended import AtHand
from tests.moment import NOW
from tests.plans.cases import SEEDS
from tests.running import PATIENT, Stage
from tests.worlds import github
from tests.worlds.generated import ME, generated

WORLDS = ("demo", "weak", *map(str, range(SEEDS)))
"""The demo, an organization that left everything open, and organizations by their seeds."""


@cache
def audited(name: str) -> Report:
    """The report of a world.

    Args:
        name: one of `WORLDS`.
    """
    if name == "demo":
        worlds = github.weak_maintainer(NOW), npm.weak_maintainer(NOW)
        token, account = github.WEAK_TOKEN, "mallow"
        targets: tuple[str, ...] = ("me",)
    elif name == "weak":
        worlds = github.weak_organization(NOW), npm.weak_maintainer(NOW)
        token, account, targets = github.WEAK_ORG_TOKEN, "mallow", ("github:bramble-labs",)
    else:
        made = generated(int(name), NOW)
        worlds, token, account, targets = (made.github, made.npm), made.token, ME, made.targets
    with github_sandbox(worlds[0]) as on_github, npm_sandbox(worlds[1]) as on_npm:
        session = on_npm.world.token(account)
        stage = Stage(on_github, on_npm, token, session, person=AtHand())
        return stage.audit(*targets, bounds=PATIENT, profile="org")
