"""Organizations made up from a seed: no two are alike, and the same seed makes the same one.

What varies: who owns it, who works on it from outside, plans, archived and private repositories,
forks, names that begin with a hyphen, what is wrong with each repository, who may publish, and
whether somebody published malware.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from hardenme.sandbox.github.scenario.keys import public_key
from hardenme.sandbox.github.scenario.rulebook import release_tags, strict_branch
from hardenme.sandbox.github.world import Environment, Repository, SshKey, Token, User
from hardenme.sandbox.github.world import Organization as Company
from hardenme.sandbox.github.world import World as GitHubWorld
from hardenme.sandbox.npm.granular import Mint
from hardenme.sandbox.npm.released import (
    Package,
    Person,
    Provenance,
    StagedVersion,
    TrustedPublisher,
    Version,
)
from hardenme.sandbox.npm.world import ClientToken, Organization, Role, Team, TokenKind, canary
from hardenme.sandbox.npm.world import User as Account
from hardenme.sandbox.npm.world import World as NpmWorld
from tests.worlds import weak_settings, weaknesses
from tests.worlds.organizations import base

ME = "rowan"
OTHERS = ("guest", "linden", "maple", "birch", "hawthorn", "sorrel", "-mallory")
"""The last one is an account of npm alone."""
SCOPES = frozenset({"repo", "admin:org", "admin:org_hook", "user"})
NAMES = ("anvil", "bellows", "chisel", "-dash", "--hostname", "file", "gimlet", "hammer")
"""Of repositories and packages: GitHub and npm have some that begin like an option."""
HOSTILE_TAGS = ("--registry=http://evil.example", "-next", "beta")
CI = Person("GitHub Actions", "npm-oidc-no-reply@github.com")
WORKFLOW = b"""on:
  push:
    tags: ['v*']
permissions: {}
jobs:
  publish:
    runs-on: ubuntu-latest
    environment: npm
    permissions: {contents: read, id-token: write}
    steps:
      - run: npm stage publish
"""


@dataclass(frozen=True, slots=True)
class Generated:
    """One organization on both hosts.

    Attributes:
        seed: what it was made from.
        github: what GitHub holds.
        npm: what the registry holds.
        token: the person's token on GitHub.
        targets: what to check.
        malware: the versions that an attacker published, as `name@version`.
    """

    seed: int
    github: GitHubWorld
    npm: NpmWorld
    token: str
    targets: tuple[str, ...]
    malware: frozenset[str]


def generated(seed: int, now: datetime) -> Generated:
    """The organization of a seed, as of `now`."""
    chance = Random(seed)  # noqa: S311 (a world, no secret)
    login = f"forge-{seed}"
    token = f"ghp_CANARYrowan{seed}".ljust(40, "0")
    github = _github(chance, login, token, now)
    malware: set[str] = set()
    npm = _npm(chance, login, github, malware, now)
    targets = ("me", f"github:{login}") if chance.random() < 0.7 else (f"github:{login}",)
    own = tuple(f"npm:{one.name}" for one in npm.packages if "me" not in targets)
    return Generated(seed, github, npm, token, targets + own, frozenset(malware))


def _github(chance: Random, login: str, token: str, now: datetime) -> GitHubWorld:
    people = [ME, *OTHERS[:-1]]
    owners = chance.choice((1, 1, 2, 3, 6))
    staff = chance.sample(people[1:], k=chance.randint(owners - 1, 6))
    company = Company(
        login,
        7000,
        now - timedelta(days=1500),
        members={ME: "admin", **dict.fromkeys(staff, "member")},
        plan=chance.choice(("free", "team", "team")),
        verified=chance.random() < 0.5,
    )
    for one in staff[: owners - 1]:
        company.members[one] = "admin"
    for wrong in weak_settings.ORGANIZATION:
        if chance.random() < 0.6:
            wrong.apply(company, now)
    users = [_user(chance, one, 7100 + at, login, now) for at, one in enumerate(people)]
    users[0].plan = chance.choice(("free", "pro"))
    world = GitHubWorld(now=now, users=users, organizations=[company])
    world.tokens = [Token(token, "classic", ME, SCOPES, expires_at=now + timedelta(days=20))]
    names = chance.sample(NAMES, k=chance.randint(3, 5))
    for at, name in enumerate(names):
        owner = ME if chance.random() < 0.3 else login
        world.repositories.append(_repository(chance, owner, name, 7200 + at, now))
    return world


def _user(chance: Random, login: str, number: int, org: str, now: datetime) -> User:
    factor: Sequence[Literal["off", "insecure", "secure"]] = ("off", "insecure", "secure", "secure")
    user = base.people((login,), number, now)[0]
    user.two_factor = chance.choice(factor)
    if chance.random() < 0.6:
        user.contributions[org] = now - timedelta(days=chance.choice((3, 400)))
    if login == ME:
        key = public_key("ssh-ed25519", login)
        then = now - timedelta(days=chance.choice((30, 2000)))
        user.ssh_keys.append(SshKey(number, "-laptop", key, then, then))
    return user


def _repository(chance: Random, owner: str, name: str, number: int, now: datetime) -> Repository:
    made = base.repository(
        owner,
        name,
        number,
        now,
        careful=chance.random() < 0.5,
        visibility=chance.choice(("public", "public", "private")),
        fork=chance.random() < 0.15,
    )
    made.files |= {
        "package.json": b'{"name": "x"}\n',
        "package-lock.json": b"{}\n",
        ".github/CODEOWNERS": f"* @{ME}\n".encode(),
    }
    if chance.random() < 0.6:
        made.rulesets.append(strict_branch(number * 10, made.full_name, now))
        made.rulesets.append(release_tags(number * 10 + 1, made.full_name, now))
    if chance.random() < 0.5:
        made.files[".github/workflows/release.yml"] = WORKFLOW
        made.environments.append(Environment(number, "npm", now, now))
    if chance.random() < 0.3:
        made.environments.append(Environment(number + 500, "--hostname", now, now))
    for wrong in chance.sample(weaknesses.REPOSITORY, k=chance.randint(2, 8)):
        if made.private or not wrong.private:
            wrong.apply(made, now)
    made.archived = chance.random() < 0.2
    made.collaborators = {
        login: role
        for login, role in made.collaborators.items()
        if login in OTHERS and login != owner
    }
    return made


def _npm(
    chance: Random, scope: str, github: GitHubWorld, malware: set[str], now: datetime
) -> NpmWorld:
    people = [Person(name, f"{name}@forge.example") for name in (ME, *OTHERS)]
    accounts = [Account(one.name, one.email, tfa="auth-and-writes") for one in people]
    accounts[0].tfa = chance.choice(("auth-only", "auth-and-writes"))
    packages = []
    for name in chance.sample(NAMES, k=chance.randint(2, 4)):
        full = f"@{scope}/{name}" if chance.random() < 0.7 else f"{name}-{scope}"
        packages.append(_package(chance, full, people, github, now))
        if chance.random() < 0.5:
            malware.add(_attack(chance, packages[-1], now))
    roster: dict[str, Role] = {one.name: "developer" for one in chance.sample(people[1:], k=3)}
    more: tuple[Role, Role] = ("owner", "admin")
    for name in list(roster)[: chance.randint(0, 2)]:
        roster[name] = chance.choice(more)
    scoped = [one.name for one in packages if one.name.startswith("@")]
    team = Team("developers", [ME, *roster], dict.fromkeys(scoped, "write"))
    company = Organization(scope, {ME: "owner", **roster}, [team], dict.fromkeys(scoped, "write"))
    mint = Mint(ME, now)
    for at in range(chance.randint(1, 4)):
        _token(chance, mint, at, chance.choice(packages).name)
    staged = [_staged(chance, chance.choice(packages), now)] if chance.random() < 0.5 else []
    session = ClientToken(canary("rowanSESSION"), ME, TokenKind.SESSION)
    return NpmWorld(
        now=now,
        users=accounts,
        packages=packages,
        organizations=[company],
        tokens=mint.made,
        credentials=[session, *mint.credentials],
        staged=staged,
    )


def _token(chance: Random, mint: Mint, at: int, package: str) -> None:
    write = (("package", "write"),)
    mint.token(
        chance.choice((f"ci-{at}", f"--token-{at}")),
        permissions=write if chance.random() < 0.7 else (),
        scopes=(("package", package),) if chance.random() < 0.7 else (),
        age=chance.choice((5, 200)),
        left=chance.choice((20, 80)),
        idle=chance.choice((1, 120, None)),
        bypass=chance.random() < 0.4,
    )


def _staged(chance: Random, package: Package, now: datetime) -> StagedVersion:
    then = now - timedelta(days=chance.choice((0.1, 40)))
    actor = chance.choice((ME, "nettle-build"))
    number = str(uuid.uuid5(uuid.NAMESPACE_OID, f"staged {package.name}"))
    return StagedVersion(number, package.name, "9.0.0", then, actor)


def _package(
    chance: Random, name: str, people: list[Person], github: GitHubWorld, now: datetime
) -> Package:
    writers = [people[0], *chance.sample(people[1:], k=chance.randint(0, 4))]
    repository = chance.choice([*(one.full_name for one in github.repositories), "gone/away"])
    built = chance.random() < 0.5
    last = chance.choice((12, 90, 500))
    versions = [
        _version(
            f"1.{minor}.0",
            now - timedelta(days=last + 60 * (3 - minor)),
            repository if built else "",
        )
        for minor in range(4)
    ]
    claims = {"repository": repository, "workflow_ref": {"file": "release.yml"}}
    if chance.random() < 0.5:
        claims["environment"] = "npm"
    publisher = TrustedPublisher(
        str(uuid.uuid5(uuid.NAMESPACE_OID, name)),
        "github",
        claims,
        chance.choice((None, ("createStagedPackage",), ("createPackage", "createStagedPackage"))),
    )
    tags = {"latest": "1.3.0"}
    if chance.random() < 0.4:
        tags[chance.choice(HOSTILE_TAGS)] = "1.2.0"
    return Package(
        name,
        versions,
        writers,
        {one.name: "write" for one in writers},
        repository={"type": "git", "url": f"git+https://github.com/{repository}.git"},
        dist_tags=tags,
        publishers=[publisher] if built else [],
        weekly_downloads=chance.choice((12, 90_000)),
    )


def _version(number: str, then: datetime, repository: str) -> Version:
    """A release; with a repository, one that its workflow built."""
    if not repository:
        return Version(number, then, Person(ME, f"{ME}@forge.example"))
    return Version(
        number,
        then,
        CI,
        trusted_publisher={"id": "github", "oidcConfigId": "oidc:1"},
        provenance=Provenance(f"https://github.com/{repository}"),
    )


def _attack(chance: Random, package: Package, now: datetime) -> str:
    """Publish malware as one of those who may, some hours or days ago."""
    who = chance.choice(package.maintainers)
    number = chance.choice(("1.3.1", "1.4.0", "2.0.0"))
    package.versions.append(
        Version(
            number,
            now - timedelta(days=chance.choice((0.1, 2, 6, 9))),
            who,
            scripts={"postinstall": "node steal.js"},
            has_install_script=True,
        )
    )
    package.dist_tags = {**package.tags, "latest": number}
    if chance.random() < 0.3:
        package.dist_tags["beta"] = number
    return f"{package.name}@{number}"
