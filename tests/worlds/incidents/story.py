"""What an incident is made of, and both worlds as they were at a moment of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from hardenme.sandbox.github.world import Environment, Repository, RepositorySecret, Role, Token
from hardenme.sandbox.github.world import User as GitHubUser
from hardenme.sandbox.github.world import World as GitHubWorld
from hardenme.sandbox.npm.released import Package, Person, TrustedPublisher, Version
from hardenme.sandbox.npm.world import (
    ClientToken,
    ListedToken,
    Organization,
    TokenKind,
    User,
    World,
    canary,
    shown_ends,
)

LATEST = "latest"
BEFORE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Issued:
    """One release.

    Attributes:
        version: as the registry shows it.
        tag: the dist-tag that it took; None for none.
        ref: the tag that the repository has for it; empty for none.
        attack: whether it is one of the attack's.
    """

    version: Version
    tag: str | None = LATEST
    ref: str = ""
    attack: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A package over time.

    Attributes:
        name: the package's name.
        issued: its releases, oldest first.
        people: who could publish, and since when; oldest first.
        repository: `owner/name` on GitHub; empty for none.
        publishers: the trusted publishers.
        weekly, dependents: what the search shows.
    """

    name: str
    issued: tuple[Issued, ...]
    people: tuple[tuple[datetime, tuple[Person, ...]], ...]
    repository: str = ""
    publishers: tuple[TrustedPublisher, ...] = ()
    weekly: int = 10_000
    dependents: int = 10

    def until(self, now: datetime) -> tuple[Issued, ...]:
        """The releases that are out."""
        return tuple(item for item in self.issued if item.version.published_at <= now)

    def package(self, now: datetime) -> Package | None:
        """As the registry shows it; None before the first release."""
        out = self.until(now)
        if not out:
            return None
        people = [who for since, who in self.people if since <= now][-1]
        tags = {item.tag: item.version.version for item in out if item.tag is not None}
        address = f"git+https://github.com/{self.repository}.git"
        return Package(
            self.name,
            [item.version for item in out],
            list(people),
            {person.name: "write" for person in people},
            repository={"type": "git", "url": address} if self.repository else None,
            dist_tags=tags,
            publishers=list(self.publishers),
            weekly_downloads=self.weekly,
            dependents=self.dependents,
        )


@dataclass(frozen=True, slots=True)
class Project:
    """A repository on GitHub.

    Attributes:
        name: `owner/name`.
        files: by path.
        collaborators: roles by login, beside the owner's.
        secrets: the names of what its workflows can read.
        environments: the names of its environments; nobody guards them.
        visibility: who sees it.
    """

    name: str
    files: Mapping[str, bytes]
    collaborators: Mapping[str, Role] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    visibility: Literal["public", "private"] = "public"


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident, to be looked at at any moment.

    Attributes:
        name: whose incident it was.
        scope: the npm organization that holds the packages; empty for none.
        keeper: the account that looks after the packages.
        attack_at: when the attack's first release came out.
        lines: the packages of the keeper, the attacked ones among them.
        foreign: the packages of others that matter here.
        projects: the repositories.
        tokens: the names of the keeper's tokens that may publish everything without a second
            factor.
        on_github: what the attacker changes on GitHub when the first release comes out.
    """

    name: str
    keeper: Person
    attack_at: datetime
    lines: tuple[Line, ...]
    scope: str = ""
    foreign: tuple[Line, ...] = ()
    projects: tuple[Project, ...] = ()
    tokens: tuple[str, ...] = ()
    on_github: Callable[[GitHubWorld], None] | None = None

    @property
    def session(self) -> str:
        """The keeper's session token in the registry."""
        return canary(f"{self.keeper.name.replace('-', '')}SESSION")

    @property
    def github_token(self) -> str:
        """The keeper's token on GitHub."""
        return f"ghp_CANARY{self.keeper.name.replace('-', '')}".ljust(40, "0")

    @property
    def packages(self) -> tuple[str, ...]:
        """The names of the keeper's packages."""
        return tuple(line.name for line in self.lines)

    @property
    def over_at(self) -> datetime:
        """When the attack's last release came out."""
        return max(then for then, _ in self._attacks())

    @property
    def calm_at(self) -> datetime:
        """The last moment before the attack."""
        return self.attack_at - BEFORE

    def attacks(self, now: datetime) -> tuple[str, ...]:
        """The attack's releases that are out, as `name@version`, in their order."""
        return tuple(name for then, name in sorted(self._attacks()) if then <= now)

    def _attacks(self) -> list[tuple[datetime, str]]:
        return [
            (item.version.published_at, f"{line.name}@{item.version.version}")
            for line in self.lines
            for item in line.issued
            if item.attack
        ]

    def npm(self, now: datetime) -> World:
        """The registry at a moment."""
        shown = [line.package(now) for line in (*self.lines, *self.foreign)]
        packages = [package for package in shown if package is not None]
        own = {line.name for line in self.lines}
        for package in packages:
            if package.name in own:
                # An attacker who took the account over did not take the keeper's session.
                package.collaborators.setdefault(self.keeper.name, "write")
        people = {person.name: person for package in packages for person in package.maintainers} | {
            self.keeper.name: self.keeper
        }
        listed, held = self._tokens(now)
        return World(
            now=now,
            users=[
                User(person.name, person.email, tfa="auth-and-writes", remembers_otp=True)
                for person in people.values()
            ],
            packages=packages,
            organizations=self._organizations(packages, own),
            tokens=listed,
            credentials=[
                ClientToken(
                    self.session,
                    self.keeper.name,
                    TokenKind.SESSION,
                    expires_at=now + timedelta(hours=2),
                ),
                *held,
            ],
            web_login_as=self.keeper.name,
        )

    def _organizations(self, packages: list[Package], own: set[str]) -> list[Organization]:
        if not self.scope:
            return []
        mine = [package for package in packages if package.name in own]
        people = {person.name for package in mine for person in package.maintainers}
        roster = dict.fromkeys(sorted(people), "developer") | {self.keeper.name: "owner"}
        return [
            Organization(
                self.scope,
                roster,  # type: ignore[arg-type]  # the words are roles
                packages={package.name: "write" for package in mine},
            )
        ]

    def _tokens(self, now: datetime) -> tuple[list[ListedToken], list[ClientToken]]:
        listed: list[ListedToken] = []
        held: list[ClientToken] = []
        for serial, name in enumerate(self.tokens, 1):
            key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self.name} {name}"))
            value = canary(f"{self.keeper.name.replace('-', '')}CI", serial)
            listed.append(
                ListedToken(
                    key,
                    self.keeper.name,
                    shown_ends(value),
                    name,
                    "Publishes from CI",
                    now + timedelta(days=60),
                    bypass_2fa=True,
                    permissions=(("package", "write"),),
                    scopes=(("package", "*"),),
                    created=now - timedelta(days=30),
                    accessed=now - timedelta(days=2),
                )
            )
            held.append(ClientToken(value, self.keeper.name, TokenKind.BYPASS, key))
        return listed, held

    def github(self, now: datetime) -> GitHubWorld:
        """GitHub at a moment."""
        logins = {project.name.partition("/")[0] for project in self.projects}
        others = {login for project in self.projects for login in project.collaborators}
        since = self.attack_at - timedelta(days=3000)
        world = GitHubWorld(
            now=now,
            users=[
                GitHubUser(login, 1500 + index, since)
                for index, login in enumerate(sorted(logins | others | {self.keeper.name}))
            ],
            repositories=[
                self._repository(project, 4500 + index, now)
                for index, project in enumerate(self.projects)
            ],
            tokens=[
                Token(
                    self.github_token,
                    "classic",
                    self.keeper.name,
                    scopes=frozenset({"repo", "read:org"}),
                    expires_at=self.attack_at + timedelta(days=30),
                )
            ],
        )
        if self.on_github is not None and now >= self.attack_at:
            self.on_github(world)
        return world

    def _repository(self, project: Project, number: int, now: datetime) -> Repository:
        owner, _, name = project.name.partition("/")
        issued = [item for line in self.lines for item in line.until(now)]
        ours = {
            item.ref: item.version.published_at
            for line in self.lines
            if line.repository == project.name
            for item in line.until(now)
            if item.ref
        }
        since = min(item.version.published_at for item in issued)
        return Repository(
            owner,
            name,
            number,
            since - timedelta(days=30),
            now - timedelta(days=1),
            visibility=project.visibility,
            collaborators={self.keeper.name: "admin", **project.collaborators},
            secrets=[RepositorySecret(secret, since, since) for secret in project.secrets],
            environments=[
                Environment(number + 100, environment, since, since)
                for environment in project.environments
            ],
            files=dict(project.files),
            tags=sorted(ours, key=lambda ref: (ours[ref], ref), reverse=True),
        )
