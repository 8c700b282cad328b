"""What an attacker does in the sandbox's organization, one thing at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from hardenme.derive.inventory.account import RUNNER
from hardenme.model.inventory import DELIVERY, OF_MEMBER
from hardenme.sandbox.github.state.changes import Run, commit_id
from hardenme.sandbox.github.state.connected import App, Installation, Runner, SentEvent
from hardenme.sandbox.github.state.organization import Organization, OrganizationInvitation
from hardenme.sandbox.github.state.people import User
from hardenme.sandbox.github.state.repository import Environment, RepositoryInvitation
from hardenme.sandbox.github.state.rules import BranchProtection, ReviewProtection, Rule, Ruleset
from hardenme.sandbox.github.state.staff import Team
from hardenme.sandbox.github.world import (
    DeployKey,
    Hook,
    OrganizationSecret,
    Repository,
    RepositorySecret,
    World,
)
from tests.worlds.intrusion import COLLECTS, FOLDER, KEY, THIEF

PROTECTION = "branch protection"
ORGANIZATION, ONE = "cedar-labs", "cedar-labs/cone"


@dataclass(frozen=True, slots=True)
class Plant:
    """One thing that an attacker does.

    Attributes:
        name: for the test.
        do: does it, at a time.
        kind: what the inventory calls what changed.
        place: where it shows.
        marked: it looks like an attack by itself.
        in_turn: it is read a repository at a time.
        before: what has to be there before the watch starts.
    """

    name: str
    do: Callable[[World, datetime], None]
    kind: str
    place: str = ONE
    marked: bool = False
    in_turn: bool = False
    before: Callable[[World, datetime], None] = lambda _world, _at: None


def _organization(world: World) -> Organization:
    return world.organizations[0]


def _one(world: World) -> Repository:
    return world.repositories[0]


def tags(world: World, at: datetime) -> None:
    """Some tags of releases."""
    _ = at
    _one(world).tags[:0] = ["v1.2.0", "v1.1.0", "v1.0.0"]


def rules(world: World, at: datetime) -> None:
    """A ruleset and a branch protection that are in force."""
    then = at - timedelta(days=300)
    _one(world).rulesets.append(
        Ruleset(
            81_005,
            "Main",
            ONE,
            then,
            then,
            enforcement="active",
            source_type="Repository",
            include=["~DEFAULT_BRANCH"],
            rules=[Rule("deletion"), Rule("non_fast_forward")],
        )
    )
    _one(world).protection.append(BranchProtection("main"))


def guarded(world: World, at: datetime) -> None:
    """An environment whose deployments take an approval."""
    then = at - timedelta(days=300)
    _one(world).environments.append(
        Environment(81_004, "production", then, then, reviewers=["linden"])
    )


def _moved(world: World, at: datetime) -> None:
    _ = at
    _one(world).moved_tags["v1.0.0"] = commit_id("elsewhere")


def many_tags(world: World, at: datetime) -> None:
    """Tags of many releases, the newest first."""
    _ = at
    _one(world).tags[:0] = [f"v1.{number}.0" for number in reversed(range(90))]


def _recreated(world: World, at: datetime) -> None:
    _ = at
    _one(world).tags.remove("v1.0.0")


def _file(world: World, at: datetime) -> None:
    _one(world).push(at, THIEF, files={f"{FOLDER}/format.yml": COLLECTS})


def _forced(world: World, at: datetime) -> None:
    _one(world).push(at, THIEF, force=True)


def _elsewhere(world: World, at: datetime) -> None:
    one = _one(world)
    one.push(at, THIEF, branch="shai-hulud")
    file = f"{FOLDER}/discussion.yml"
    one.runs.append(Run(81_007, file, "push", "shai-hulud", at, THIEF, "Discussion"))


def _loot(world: World, at: datetime) -> None:
    loot = replace(
        world.repositories[1],
        name="cedar-core-migration",
        id=990_002,
        created_at=at,
        pushed_at=at,
        activity=[],
        commits=[],
        runs=[],
    )
    world.repositories.append(loot)


def _shown(world: World, at: datetime) -> None:
    _ = at
    _one(world).visibility = "public"


def private(world: World, at: datetime) -> None:
    """The repository is private."""
    _ = at
    _one(world).visibility = "private"


def _owner(world: World, at: datetime) -> None:
    _ = at
    _organization(world).members[THIEF] = "admin"


def _owner_removed(world: World, at: datetime) -> None:
    _ = at
    del _organization(world).members["alder"]


def _invited(world: World, at: datetime) -> None:
    world.users.append(User("stranger", 990_001, at))
    invitation = OrganizationInvitation(82_004, "stranger", THIEF, at, "admin")
    _organization(world).invitations.append(invitation)


def _outsider(world: World, at: datetime) -> None:
    world.users.append(User("stranger", 990_001, at))
    world.repositories[1].collaborators["stranger"] = "admin"


def _key(world: World, at: datetime) -> None:
    _one(world).deploy_keys.append(
        DeployKey(81_001, "build-mirror", KEY, at, read_only=False, added_by=THIEF)
    )


def _hook(world: World, at: datetime) -> None:
    hook = Hook(82_001, "https://collector.example.test/x", at, at)
    _organization(world).connected.hooks.append(hook)


LOG_HOST = "https://audit.example.test/x"


def log(world: World, at: datetime) -> None:
    """A webhook with deliveries that arrived."""
    sent = [SentEvent(9_000 + n, at - timedelta(hours=n), LOG_HOST) for n in range(1, 5)]
    long_ago = at - timedelta(days=300)
    hook = Hook(82_020, LOG_HOST, long_ago, long_ago, sent=sent)
    _organization(world).connected.hooks.append(hook)


def _sent(world: World, at: datetime, number: int = 9_100, **more: Any) -> None:
    one = SentEvent(number, at, **{"url": LOG_HOST, **more})
    _organization(world).connected.hooks[-1].sent.insert(0, one)


def _sent_again(world: World, at: datetime) -> None:
    _sent(world, at, redelivery=True)


def _sent_elsewhere(world: World, at: datetime) -> None:
    """The webhook has its address again when it is looked at."""
    _sent(world, at, url="https://collector.example.test/x")
    _organization(world).connected.hooks[-1].updated_at = at + timedelta(seconds=1)


def _not_arriving(world: World, at: datetime) -> None:
    for number in range(3):
        _sent(world, at, 9_100 + number, status_code=0)


def _put_back(world: World, at: datetime) -> None:
    """Someone was a member for a minute."""
    _sent(world, at, event="organization", action="member_added")


def _log_of_repository(world: World, at: datetime) -> None:
    long_ago = at - timedelta(days=300)
    sent = [SentEvent(9_200, at - timedelta(hours=1), LOG_HOST)]
    _one(world).hooks.append(Hook(81_020, LOG_HOST, long_ago, long_ago, sent=sent))


def _sent_again_of_repository(world: World, at: datetime) -> None:
    _one(world).hooks[-1].sent.insert(0, SentEvent(9_201, at, LOG_HOST, redelivery=True))


def _hook_off(world: World, at: datetime) -> None:
    """It listens to nothing, and its time stays as it was."""
    _ = at
    _organization(world).connected.hooks[-1].active = False


def _hook_gone(world: World, at: datetime) -> None:
    _ = at
    _organization(world).connected.hooks.pop()


def _app(world: World, at: datetime) -> None:
    app = App(82_002, "notes-sync", THIEF)
    world.apps.append(app)
    found = Installation(82_003, app, at, {"contents": "write"})
    _organization(world).connected.installations.append(found)


def _secret(world: World, at: datetime) -> None:
    found = OrganizationSecret("DEPLOY_TOKEN", at, at, visibility="all")
    _organization(world).secrets.append(found)


def team(world: World, at: datetime) -> None:
    """A team that reads one repository."""
    _ = at
    rights = {ONE: "READ"}
    found = Team(82_011, "core", frozenset({"alder"}), frozenset({"alder"}), rights)
    _organization(world).staff.teams.append(found)


def _team_writes(world: World, at: datetime) -> None:
    _ = at
    _organization(world).staff.teams[-1].repositories[ONE] = "ADMIN"


def _team_maintained(world: World, at: datetime) -> None:
    _ = at
    found = _organization(world).staff.teams[-1]
    found.maintainers = frozenset({"alder", THIEF})


def _variable(world: World, at: datetime) -> None:
    found = OrganizationSecret("REGISTRY_URL", at, at)
    _organization(world).connected.variables.append(found)


def _runner_of_organization(world: World, at: datetime) -> None:
    _ = at
    _organization(world).connected.runners.append(Runner(82_012, "SHA1HULUD", 1))


def _loot_of_member(world: World, at: datetime) -> None:
    loot = replace(
        world.repositories[1],
        owner="alder",
        name="Shai-Hulud",
        id=990_003,
        visibility="public",
        created_at=at,
        pushed_at=at,
        activity=[],
        commits=[],
        runs=[],
    )
    world.repositories.append(loot)


def _switched_off(world: World, at: datetime) -> None:
    rule = _one(world).rulesets[-1]
    rule.enforcement, rule.updated_at = "disabled", at


def _unprotected(world: World, at: datetime) -> None:
    _ = at
    _one(world).protection.clear()


def _base(world: World, at: datetime) -> None:
    _ = at
    _organization(world).settings.default_repository_permission = "admin"


def _policy(world: World, at: datetime) -> None:
    _ = at
    _organization(world).actions.default_workflow_permissions = "write"


def _hook_of_repository(world: World, at: datetime) -> None:
    _one(world).hooks.append(Hook(81_002, "https://collector.example.test/x", at, at))


def _secret_of_repository(world: World, at: datetime) -> None:
    _one(world).secrets.append(RepositorySecret("NPM_TOKEN", at, at))


def _runner(world: World, at: datetime) -> None:
    _ = at
    _one(world).runners.append(Runner(81_009, "SHA1HULUD"))


def _invited_to_repository(world: World, at: datetime) -> None:
    world.users.append(User("stranger", 990_001, at))
    _one(world).invitations.append(RepositoryInvitation(81_010, "stranger", THIEF, at, "admin"))


def _unguarded(world: World, at: datetime) -> None:
    found = _one(world).environments[-1]
    found.reviewers, found.updated_at = [], at


def _approver_swapped(world: World, at: datetime) -> None:
    _ = at
    _one(world).environments[-1].reviewers = [THIEF]


def reviewed(world: World, at: datetime) -> None:
    """The default branch takes a pull request that is approved."""
    _ = at
    _one(world).protection.append(BranchProtection("main", reviews=ReviewProtection()))


def _let_past(world: World, at: datetime) -> None:
    _ = at
    reviews = _one(world).protection[-1].reviews
    assert reviews is not None
    reviews.bypass_users.append(THIEF)


PLANTS = (
    Plant("tag moved", _moved, "release tag", marked=True, before=tags),
    Plant("tag of an old release moved", _moved, "release tag", marked=True, before=many_tags),
    Plant("tag deleted", _recreated, "release tag", before=tags),
    Plant("workflow added", _file, "workflow", marked=True),
    Plant("history rewritten", _forced, "push", marked=True),
    Plant("workflow run of another branch", _elsewhere, "workflow run", marked=True),
    Plant("repository with loot", _loot, "repository", ORGANIZATION, marked=True),
    Plant("repository made public", _shown, "repository", ORGANIZATION, before=private),
    Plant("member made owner", _owner, "member", ORGANIZATION),
    Plant("owner removed", _owner_removed, "member", ORGANIZATION),
    Plant("owner invited", _invited, "pending invitation", ORGANIZATION),
    Plant("outside collaborator", _outsider, "outside collaborator", ORGANIZATION),
    Plant("deploy key", _key, "deploy key"),
    Plant("webhook of the organization", _hook, "webhook", ORGANIZATION),
    Plant("webhook switched off", _hook_off, "webhook", ORGANIZATION, before=log),
    Plant("webhook removed", _hook_gone, "webhook", ORGANIZATION, before=log),
    Plant("app installed", _app, "app", ORGANIZATION),
    Plant("secret of the organization", _secret, "secret", ORGANIZATION),
    Plant("team given a repository", _team_writes, "team", ORGANIZATION, before=team),
    Plant("maintainer of a team", _team_maintained, "team", ORGANIZATION, before=team),
    Plant("variable of the organization", _variable, "variable", ORGANIZATION),
    Plant("runner of the organization", _runner_of_organization, RUNNER, ORGANIZATION),
    Plant("loot in a member's account", _loot_of_member, OF_MEMBER, ORGANIZATION, marked=True),
    Plant("ruleset switched off", _switched_off, "branch ruleset", marked=True, before=rules),
    Plant("protection removed", _unprotected, "branch protection", marked=True, before=rules),
    Plant("someone let past a protection", _let_past, PROTECTION, marked=True, before=reviewed),
    Plant("base permission raised", _base, "organization", ORGANIZATION, marked=True),
    Plant("token of workflows may write", _policy, "organization", ORGANIZATION),
    Plant("webhook of a repository", _hook_of_repository, "webhook", in_turn=True),
    Plant("secret of a repository", _secret_of_repository, "secret", in_turn=True),
    Plant("self-hosted runner", _runner, "self-hosted runners", in_turn=True),
    Plant("invitation to a repository", _invited_to_repository, "pending invitation", in_turn=True),
    Plant("delivery sent again", _sent_again, DELIVERY, ORGANIZATION, in_turn=True, before=log),
    Plant("delivery elsewhere", _sent_elsewhere, DELIVERY, ORGANIZATION, in_turn=True, before=log),
    Plant("deliveries fail", _not_arriving, DELIVERY, ORGANIZATION, in_turn=True, before=log),
    Plant("member put back", _put_back, DELIVERY, ORGANIZATION, in_turn=True, before=log),
    Plant(
        *("delivery of a repository sent again", _sent_again_of_repository, DELIVERY),
        in_turn=True,
        before=_log_of_repository,
    ),
    Plant("approver swapped", _approver_swapped, "environment", in_turn=True, before=guarded),
    Plant("reviewer removed", _unguarded, "environment", in_turn=True, before=guarded),
)
"""More than the kinds that one watch has to show within two cycles, or within a round."""
