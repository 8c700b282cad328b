"""What an attacker may leave, by the rule that it tries, and how `recent` has to judge it."""

# ruff: noqa: ARG001 (all have the same parameters, and each plants by those that it needs)

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hardenme.sandbox.github.state.changes import Activity, Run, commit_id
from hardenme.sandbox.github.state.connected import App, Installation
from hardenme.sandbox.github.state.organization import OrganizationInvitation
from hardenme.sandbox.github.world import (
    DeployKey,
    Environment,
    Hook,
    Repository,
    RepositorySecret,
    Rule,
    Ruleset,
)
from hardenme.sandbox.http import Reply
from tests.cli.recent.scene import ORG, Scene
from tests.worlds.intrusion import FOLDER, KEY, OWNER, TESTS, THIEF

LOOK, CONFIRM, LISTED, GAP, COUNTED = "look now", "confirm", "listed", "not looked at", "ordinary"
MAIN = "refs/heads/main"
CI = f"{FOLDER}/test.yml"
EVIL = b"on: push\njobs: {x: {runs-on: ubuntu-latest, steps: [{run: curl evil.example.test}]}}\n"
Plant = Callable[[Scene, Repository, datetime], None]
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Judgement:
    """One thing that is planted, and how it has to be judged.

    Attributes:
        rule: the rule that it tries.
        about: what is planted, in words.
        plant: plants it.
        grade: how it has to be judged.
        shown: a part of the text of the change, or of what was not looked at.
        undo: a part of the command that undoes it; empty where none may be printed, None where
            either will do.
        before: how long before now a run is kept, of the world without it; None for no run.
        asked: the arguments of `recent`.
        kept: the arguments of the kept run.
    """

    rule: str
    about: str
    plant: Plant
    grade: str
    shown: str
    undo: str | None = None
    before: timedelta | None = None
    asked: tuple[str, ...] = (ORG, "--depth", "standard")
    kept: tuple[str, ...] = (ORG, "--depth", "standard")

    def __str__(self) -> str:
        return f"{self.rule}: {self.about}"


def _run(
    one: Repository, at: datetime, branch: str, actor: str, number: int = 1, **more: Any
) -> None:
    file = more.pop("file", f"{FOLDER}/discussion.yml")
    one.runs.append(Run(990_100 + number, file, "push", branch, at, actor, "Discussion", **more))


def _activity(one: Repository, number: int, kind: Any, at: datetime, **more: Any) -> None:
    ref, actor = more.get("ref", MAIN), more.get("actor", THIEF)
    before, after = commit_id(one.full_name, number), commit_id(one.full_name, number, "after")
    change = Activity(991_000 + number, kind, at, ref, more.get("before", before), after, actor)
    one.activity.append(change)
    one.pushed_at = max(one.pushed_at, at)


def own_branch(scene: Scene, one: Repository, now: datetime) -> None:
    one.push(now - HOUR, THIEF, branch="exfil/a b")
    _run(one, now - 50 * MINUTE, "exfil/a b", THIEF)


def shared_branch(scene: Scene, one: Repository, now: datetime) -> None:
    one.push(now - 2 * HOUR, THIEF, branch="exfil")
    one.push(now - HOUR, "birch", branch="exfil")
    _run(one, now - 50 * MINUTE, "exfil", THIEF)


def old_branch(scene: Scene, one: Repository, now: datetime) -> None:
    one.push(now - 30 * DAY, "birch", branch="1.x")
    one.push(now - HOUR, THIEF, branch="1.x")
    _run(one, now - 50 * MINUTE, "1.x", THIEF)


def remade_branch(scene: Scene, one: Repository, now: datetime) -> None:
    """Made by one, deleted, and made again by another, whose run it is."""
    ref = "refs/heads/hotfix"
    for number, kind, who in (
        (1, "branch_creation", "birch"),
        (2, "branch_deletion", "birch"),
        (3, "branch_creation", THIEF),
    ):
        _activity(one, number, kind, now - (5 - number) * HOUR, ref=ref, actor=who)
    one.branches.append("hotfix")
    _run(one, now - HOUR, "hotfix", THIEF)


def others_run(scene: Scene, one: Repository, now: datetime) -> None:
    """Who ran it is not who made the branch."""
    one.push(now - 2 * HOUR, "birch", branch="exfil")
    _run(one, now - HOUR, "exfil", THIEF)


def tag_run(scene: Scene, one: Repository, now: datetime) -> None:
    one.tags.append("v7.0.0")
    _run(one, now - HOUR, "v7.0.0", THIEF)


def own_run(scene: Scene, one: Repository, now: datetime) -> None:
    one.push(now - 2 * HOUR, OWNER, branch="clean-up")
    _run(one, now - HOUR, "clean-up", OWNER)


def unread_pushes(scene: Scene, one: Repository, now: datetime) -> None:
    own_branch(scene, one, now)
    refused = Reply(403, {"message": "Resource not accessible"})
    scene.github.fault(".*/activity.*", edit=lambda _request, _reply: refused)


def pushed_away(scene: Scene, one: Repository, now: datetime) -> None:
    """The maintainer pushed the malware away: undoing that would bring it back."""
    one.push(now - 2 * HOUR, THIEF)
    one.push(now - HOUR, "alder", force=True)


def forced_twice(scene: Scene, one: Repository, now: datetime) -> None:
    one.push(now - 2 * HOUR, THIEF, force=True)
    one.push(now - HOUR, THIEF, force=True)


def forced_before_work(scene: Scene, one: Repository, now: datetime) -> None:
    one.push(now - HOUR, THIEF, force=True)
    one.push(now - MINUTE, "tansy")


def forced_by_ghost(scene: Scene, one: Repository, now: datetime) -> None:
    _activity(one, 1, "force_push", now - MINUTE, actor=None)


def forced_by_me(scene: Scene, one: Repository, now: datetime) -> None:
    one.push(now - MINUTE, OWNER, force=True)


def forced_old_branch(scene: Scene, one: Repository, now: datetime) -> None:
    one.push(now - 40 * DAY, "birch", branch="2.x")
    one.push(now - HOUR, THIEF, branch="2.x", force=True)


def loot(scene: Scene, one: Repository, now: datetime, **more: Any) -> None:
    at = now - HOUR
    name = f"{one.name}-migration"
    scene.planted.world.repositories.append(
        Repository(one.owner, name, 990_500, at, at, files={"a.md": b"a"}, **more)
    )


def loot_fork(scene: Scene, one: Repository, now: datetime) -> None:
    loot(scene, one, now, fork=True)


def _ruleset(one: Repository, made: datetime, changed: datetime, enforcement: Any) -> None:
    one.rulesets.append(
        Ruleset(
            *(990_600, "Reviews", one.full_name, made, changed),
            enforcement=enforcement,
            rules=[Rule("deletion"), Rule("non_fast_forward")],
        )
    )


def new_rules_off(scene: Scene, one: Repository, now: datetime) -> None:
    """A ruleset that is prepared and not in force yet: in force, it may lock everybody out."""
    _ruleset(one, now - HOUR, now - HOUR, "disabled")


def rules_tried(scene: Scene, one: Repository, now: datetime) -> None:
    _ruleset(one, now - 90 * DAY, now - HOUR, "evaluate")


def rules_on(scene: Scene, one: Repository, now: datetime) -> None:
    _ruleset(one, now - 90 * DAY, now - 90 * DAY, "active")


def rules_off(scene: Scene, one: Repository, now: datetime) -> None:
    rule = one.rulesets[-1]
    rule.enforcement, rule.updated_at = "disabled", now - HOUR


def new_environment(scene: Scene, one: Repository, now: datetime) -> None:
    """A colleague's: with it, its secrets and their values would be gone."""
    at = now - HOUR
    one.environments.append(Environment(990_700, "npm", at, at))


def new_key(scene: Scene, one: Repository, now: datetime) -> None:
    one.deploy_keys.append(DeployKey(990_701, "mirror", KEY, now - HOUR, added_by=THIEF))


def put_back(scene: Scene, one: Repository, now: datetime) -> None:
    one.push(now - 2 * HOUR, THIEF, files={CI: EVIL})
    one.push(now - HOUR, THIEF, files={CI: TESTS})


def put_back_dated_long_ago(scene: Scene, one: Repository, now: datetime) -> None:
    one.push(now - 2 * HOUR, THIEF, files={CI: EVIL}, committed=now - 400 * DAY)
    one.push(now - HOUR, THIEF, files={CI: TESTS}, committed=now - 399 * DAY)


def deleted_and_put_back(scene: Scene, one: Repository, now: datetime) -> None:
    one.push(now - 2 * HOUR, THIEF, files={CI: None})
    one.push(now - HOUR, "birch", files={CI: TESTS})


def put_back_after_run(scene: Scene, one: Repository, now: datetime) -> None:
    put_back(scene, one, now)
    evil = next(one_.after for one_ in one.activity if one_.at == now - 2 * HOUR)
    _run(one, now - 100 * MINUTE, "main", THIEF, file=CI, head=evil)


def dispatched(scene: Scene, one: Repository, now: datetime) -> None:
    evil = commit_id("evil", one.full_name)
    one.past[evil] = {**one.files, CI: EVIL}
    one.runs.append(
        Run(990_801, CI, "repository_dispatch", "main", now - HOUR, THIEF, "CI", head=evil)
    )


def unseen_runners(scene: Scene, one: Repository, now: datetime) -> None:
    refused = Reply(403, {"message": "Resource not accessible"})
    scene.github.fault(".*/actions/runners.*", edit=lambda _request, _reply: refused)


def nothing_else(scene: Scene, one: Repository, now: datetime) -> None:
    """Nothing."""


def base_admin(scene: Scene, one: Repository, now: datetime) -> None:
    settings = scene.planted.world.organizations[0].settings
    settings.default_repository_permission = "admin"


def no_two_factor(scene: Scene, one: Repository, now: datetime) -> None:
    scene.planted.world.organizations[0].settings.two_factor_requirement_enabled = False


def two_factor(scene: Scene, one: Repository, now: datetime) -> None:
    scene.planted.world.organizations[0].settings.two_factor_requirement_enabled = True


def write_role(scene: Scene, one: Repository, now: datetime) -> None:
    for role in scene.planted.world.organizations[0].staff.roles or ():
        if role.name == "all_repo_maintain":
            role.users.add("birch")


def actions_opened(scene: Scene, one: Repository, now: datetime) -> None:
    scene.planted.world.organizations[0].actions.default_workflow_permissions = "write"


def actions_closed(scene: Scene, one: Repository, now: datetime) -> None:
    scene.planted.world.organizations[0].actions.default_workflow_permissions = "read"


def gone_owner(scene: Scene, one: Repository, now: datetime) -> None:
    scene.planted.world.organizations[0].members["alder"] = "member"


def gone_key(scene: Scene, one: Repository, now: datetime) -> None:
    one.deploy_keys.clear()


def old_key(scene: Scene, one: Repository, now: datetime) -> None:
    one.deploy_keys.append(DeployKey(990_702, "ci", KEY, now - 90 * DAY, added_by="birch"))


def gone_rules(scene: Scene, one: Repository, now: datetime) -> None:
    one.rulesets.clear()


def unseen_repositories(scene: Scene, one: Repository, now: datetime) -> None:
    refused = Reply(403, {"message": "Resource not accessible"})
    scene.github.fault("/graphql", edit=lambda _request, _reply: refused)


def archived_with_key(scene: Scene, one: Repository, now: datetime) -> None:
    one.archived = True
    new_key(scene, one, now)


def archived_with_push(scene: Scene, one: Repository, now: datetime) -> None:
    one.push(now - HOUR, THIEF)
    one.archived = True


def mighty_app(scene: Scene, one: Repository, now: datetime) -> None:
    world = scene.planted.world
    app = App(990_901, "helper", THIEF)
    world.apps.append(app)
    world.organizations[0].connected.installations.append(
        Installation(990_902, app, now - HOUR, {"administration": "write"})
    )


def owner_invited(scene: Scene, one: Repository, now: datetime) -> None:
    scene.planted.world.organizations[0].invitations.append(
        OrganizationInvitation(990_903, "sorrel2", THIEF, now - HOUR, "admin")
    )


def seven_steps(scene: Scene, one: Repository, now: datetime) -> None:
    """Ways in of several kinds, each nine minutes after the one before."""
    new = now - HOUR
    one.deploy_keys.append(DeployKey(990_904, "a", KEY, new, added_by=THIEF))
    hooks = scene.planted.world.organizations[0].connected.hooks
    hooks.append(Hook(990_905, "https://x.example.test/a", new + 9 * MINUTE, new + 9 * MINUTE))


def changed_secret(scene: Scene, one: Repository, now: datetime) -> None:
    one.secrets.append(RepositorySecret("NPM_TOKEN", now - 90 * DAY, now - HOUR))


DELETE = "-X DELETE"
KEPT = 5 * DAY
TABLE: tuple[Judgement, ...] = (
    Judgement("A", "base permission admin", base_admin, LOOK, "base permission", before=KEPT),
    Judgement("A", "a role for all repositories", write_role, CONFIRM, "birch", before=KEPT),
    Judgement("A", "an owner demoted", gone_owner, CONFIRM, "alder", before=KEPT),
    Judgement("A", "a secret with a new value", changed_secret, LISTED, "NPM_TOKEN"),
    Judgement("A", "nothing, and no earlier run", nothing_else, GAP, "owners and members"),
    Judgement("B", "kept after it", base_admin, GAP, "owners and members", before=timedelta()),
    Judgement(
        "B", "kept within the window", base_admin, GAP, "owners and members", before=47 * HOUR
    ),
    Judgement("C", "a key removed, no earlier run", gone_key, GAP, "whatever was removed"),
    Judgement("D", "archived with a new key", archived_with_key, CONFIRM, "archived"),
    Judgement("D", "archived after a push", archived_with_push, CONFIRM, "archived"),
    Judgement("D", "no repository is shown", unseen_repositories, GAP, "repositories"),
    Judgement("G", "a branch of one's own", own_branch, LOOK, "discussion.yml", f"{DELETE} repos"),
    Judgement("G", "another pushed there too", shared_branch, LOOK, "discussion.yml", ""),
    Judgement("G", "a branch of before", old_branch, LOOK, "discussion.yml", ""),
    Judgement("G", "a branch made again", remade_branch, LOOK, "discussion.yml", ""),
    Judgement("G", "a branch that another made", others_run, LOOK, "discussion.yml", ""),
    Judgement("G", "a tag", tag_run, LOOK, "discussion.yml", ""),
    Judgement("G", "the responder's branch", own_run, LOOK, "discussion.yml", ""),
    Judgement("G", "pushes not read", unread_pushes, LOOK, "discussion.yml", ""),
    Judgement("G", "malware pushed away", pushed_away, LOOK, "force-pushed", ""),
    Judgement("G", "forced twice", forced_twice, LOOK, "force-pushed", ""),
    Judgement("G", "work after it", forced_before_work, LOOK, "force-pushed", ""),
    Judgement("G", "by an account that is gone", forced_by_ghost, LOOK, "force-pushed", ""),
    Judgement("G", "by the responder", forced_by_me, LOOK, "force-pushed", ""),
    Judgement("G", "another branch", forced_old_branch, LISTED, "force-pushed", "force=true"),
    Judgement("G", "a public copy", loot, LOOK, "migration", "visibility=private"),
    Judgement("G", "a public fork", loot_fork, LOOK, "migration", ""),
    Judgement("G", "rules never in force", new_rules_off, LOOK, "Reviews", ""),
    Judgement("G", "rules on trial", rules_tried, LOOK, "Reviews", ""),
    Judgement("G", "an environment", new_environment, LISTED, "npm", ""),
    Judgement("G", "a new key", new_key, CONFIRM, "mirror", DELETE),
    Judgement("H", "put back without a run", put_back, CONFIRM, "changed and put back"),
    Judgement("H", "put back, dated long ago", put_back_dated_long_ago, CONFIRM, "put back"),
    Judgement("H", "deleted and put back", deleted_and_put_back, CONFIRM, "put back"),
    Judgement("H", "put back after its run", put_back_after_run, LOOK, "test.yml ran"),
    Judgement("H", "run by a dispatch", dispatched, LOOK, "test.yml ran"),
    Judgement("H", "runners refused", unseen_runners, GAP, "self-hosted runners"),
    Judgement("I", "an app that administers", mighty_app, CONFIRM, "helper"),
    Judgement("I", "an owner invited", owner_invited, CONFIRM, "sorrel2"),
    Judgement("I", "nine minutes apart", seven_steps, LOOK, "deploy key"),
)
"""The table of right judgements."""
CHANGES: tuple[tuple[Plant, Judgement], ...] = (
    (
        rules_on,
        Judgement(
            "G", "rules that were in force", rules_off, LOOK, "Reviews", "enforcement=active", KEPT
        ),
    ),
    (rules_on, Judgement("G", "rules off, no earlier run", rules_off, LOOK, "Reviews", "")),
    (rules_on, Judgement("A", "rules deleted", gone_rules, LOOK, "Reviews", before=KEPT)),
    (
        two_factor,
        Judgement("A", "2FA not required", no_two_factor, LOOK, "two factor", before=KEPT),
    ),
    (
        actions_closed,
        Judgement(
            "A", "tokens of workflows write", actions_opened, CONFIRM, "workflow", before=KEPT
        ),
    ),
    (old_key, Judgement("C", "a key removed", gone_key, LISTED, "ci", before=KEPT)),
)
"""What is there before, and then changed."""
