"""An organization of any size with known weaknesses, for benchmarks and for tests at scale.

Of ten repositories one is archived and four are weak, each in one way; the others have nothing
wrong: guarded by the organization's rulesets, by one of their own, or private.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from hardenme.sandbox.github.scenario.rulebook import release_tags, strict_branch
from hardenme.sandbox.github.world import AuditEntry, Organization, Repository, User, World
from tests.worlds.organizations import ASPECTS, base
from tests.worlds.weak_settings import ORGANIZATION
from tests.worlds.weaknesses import REPOSITORY, Weakness, careful_actions

LOGIN = base.STRICT
UNRULED = "bare-*"
"""Names of repositories that the organization's rulesets leave out."""
OUTSIDER = "guest"
GROUP = 10
IDLE = 9
"""Of ten members, the one who is never there."""
KINDS = ("archived", "clean", "clean", "clean", "ruled", "private", "weak", "weak", "weak", "weak")


@dataclass(frozen=True, slots=True)
class Seeded:
    """A weakness that is there, and that a check has to find.

    Attributes:
        code: the check.
        name: what it is about: the full name of a repository, the login of a person, or the
            organization's.
    """

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Sweep:
    """A world with what is known to be wrong in it.

    Attributes:
        world: what the server answers from.
        token: the owner's classic token.
        seeded: every weakness.
        sound: full names of repositories with which nothing is wrong.
    """

    world: World
    token: str
    seeded: tuple[Seeded, ...]
    sound: tuple[str, ...]


def scaled_organization(
    now: datetime, *, repositories: int = 100, members: int = 25, strict: bool = False
) -> Sweep:
    """The world of cedar-labs, as large as asked for.

    Args:
        now: the clock; every age is reckoned from it.
        repositories: how many it has, archived ones and the three of cedar-labs included.
        members: how many members besides its two owners; every tenth has no second factor, every
            tenth receives codes by text message, and every tenth has not been there for a year.
        strict: whether the organization's settings bind its repositories.
    """
    world = base.strict(now)
    organization = world.organizations[0]
    made = range(1, max(repositories - len(world.repositories), 0) + 1)
    generated = [_repository(number, now, bound=strict) for number in made]
    world.repositories += generated
    people = [_member(number, now) for number in range(1, members + 1)]
    world.users += people
    organization.members |= dict.fromkeys((person.login for person in people), base.MEMBER)
    for aspect in ASPECTS:
        aspect.harden(world, now)
    _watch(organization, people, now)
    token = world.token(base.STRICT_CLASSIC)
    if token is not None:
        token.scopes |= {"read:audit_log"}
    for ruleset in organization.rulesets:
        ruleset.excluded_repositories.append(UNRULED)
    seeded, sound = _seed(generated, now, bound=strict)
    for wrong in ORGANIZATION:
        if not (strict and wrong.unbound):
            wrong.apply(organization, now)
            seeded.append(Seeded(wrong.code, LOGIN))
    seeded += _people(world, people, now)
    if any(repository.name.startswith("bare") for repository in generated):
        seeded.append(Seeded("GHO127", LOGIN))
    if any(seed.code == "GHR113" for seed in seeded):
        seeded.append(Seeded("GHO123", OUTSIDER))
    return Sweep(world, base.STRICT_CLASSIC, tuple(seeded), tuple(sound))


def _watch(organization: Organization, members: list[User], now: datetime) -> None:
    """What members did lately; an owner's work shows in the audit log alone."""
    for number, person in enumerate(members, 1):
        idle = number % GROUP == IDLE
        person.contributions[LOGIN] = now - timedelta(days=400 if idle else 20)
    organization.staff.audit_log = [
        AuditEntry("alder", "repo.create", now - timedelta(days=90)),
    ]


def _people(world: World, members: list[User], now: datetime) -> list[Seeded]:
    """The weaknesses of people; the outsider receives codes by text message."""
    seeded = [Seeded("GHO102", person.login) for person in members if person.two_factor == "off"]
    seeded += [
        Seeded("GHO103", person.login) for person in members if person.two_factor == "insecure"
    ]
    seeded += [
        Seeded("GHO122", person.login)
        for person in members
        if person.contributions[LOGIN] < now - timedelta(days=365)
    ]
    outsider = world.user(OUTSIDER)
    if outsider is not None:
        outsider.two_factor = "insecure"
        seeded.append(Seeded("GHO104", OUTSIDER))
    return seeded


def _repository(number: int, now: datetime, *, bound: bool) -> Repository:
    kind = KINDS[number % GROUP]
    weakness = _weakness(number, bound=bound) if kind == "weak" else None
    private = kind == "private" or (weakness is not None and weakness.private)
    bare = kind == "ruled" or (weakness is not None and weakness.unruled)
    return base.repository(
        LOGIN,
        f"{'bare' if bare else kind}-{number:05}",
        400_000 + number,
        now,
        careful=True,
        visibility="private" if private else "public",
        archived=kind == "archived",
    )


def _weakness(number: int, *, bound: bool) -> Weakness:
    """The weakness of a repository, of those that an organization which binds them lets be."""
    possible = [item for item in REPOSITORY if not (bound and item.bound)]
    group, place = divmod(number, GROUP)
    return possible[(group * 4 + place - 6) % len(possible)]


def _member(number: int, now: datetime) -> User:
    user = User(f"member-{number:04}", 500_000 + number, now - timedelta(days=900))
    if number % GROUP == 3:  # every tenth
        user.two_factor = "off"
    elif number % GROUP == 7:  # every tenth
        user.two_factor = "insecure"
    return user


def _seed(
    repositories: list[Repository], now: datetime, *, bound: bool
) -> tuple[list[Seeded], list[str]]:
    seeded: list[Seeded] = []
    sound: list[str] = []
    for number, repository in enumerate(repositories, 1):
        kind = KINDS[number % GROUP]
        # What is settled here is as careful as can be, whatever the organization leaves open.
        repository.actions = careful_actions()
        if repository.name.startswith("bare"):
            name = repository.full_name
            repository.rulesets.append(strict_branch(600_000 + number, name, now))
            repository.rulesets.append(release_tags(700_000 + number, name, now))
        if kind != "weak":
            sound.append(repository.full_name)
            continue
        weakness = _weakness(number, bound=bound)
        weakness.apply(repository, now)
        seeded.append(Seeded(weakness.code, repository.full_name))
    return seeded, sound
