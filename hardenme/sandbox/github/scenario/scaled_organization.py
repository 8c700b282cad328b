"""An organization of any size with known weaknesses, for benchmarks and for tests at scale.

Of ten repositories one is archived and four are weak, each in one way; the others have nothing
wrong: guarded by the organization's rulesets, by one of their own, or private.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from hardenme.sandbox.github.scenario.organizations import ASPECTS, base
from hardenme.sandbox.github.scenario.rulebook import strict_branch
from hardenme.sandbox.github.scenario.weaknesses import REPOSITORY, Weakness
from hardenme.sandbox.github.world import ActionsPolicy, Organization, Repository, User, World

LOGIN = base.STRICT
UNRULED = "bare-*"
"""Names of repositories that the organization's rulesets leave out."""
GROUP = 10
KINDS = ("archived", "clean", "clean", "clean", "ruled", "private", "weak", "weak", "weak", "weak")


@dataclass(frozen=True, slots=True)
class Seeded:
    """A weakness that is there, and that a check has to find.

    Attributes:
        code: the check.
        name: the full name of the repository, or the login of the member, that it is about.
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
        members: how many members besides its two owners; every tenth has no second factor, and
            every tenth receives codes by text message.
        strict: whether the organization's settings bind its repositories.
    """
    world = base.strict(now)
    organization = world.organizations[0]
    made = range(1, max(repositories - len(world.repositories), 0) + 1)
    generated = [_repository(number, now) for number in made]
    world.repositories += generated
    people = [_member(number, now) for number in range(1, members + 1)]
    world.users += people
    organization.members |= dict.fromkeys((person.login for person in people), base.MEMBER)
    for aspect in ASPECTS:
        aspect.harden(world, now)
    for person in people:
        person.contributions[organization.login] = now - timedelta(days=20)
    for ruleset in organization.rulesets:
        ruleset.excluded_repositories.append(UNRULED)
    if not strict:
        _loosen(organization)
    seeded, sound = _seed(generated, now)
    seeded += [Seeded("GHO102", p.login) for p in people if p.two_factor == "off"]
    seeded += [Seeded("GHO103", p.login) for p in people if p.two_factor == "insecure"]
    return Sweep(world, base.STRICT_CLASSIC, tuple(seeded), tuple(sound))


def _repository(number: int, now: datetime) -> Repository:
    kind = KINDS[number % GROUP]
    weakness = _weakness(number) if kind == "weak" else None
    bare = kind == "ruled" or (weakness is not None and weakness.unruled)
    return base.repository(
        LOGIN,
        f"{'bare' if bare else kind}-{number:05}",
        400_000 + number,
        now,
        careful=True,
        visibility="private" if kind == "private" else "public",
        archived=kind == "archived",
    )


def _weakness(number: int) -> Weakness:
    group, place = divmod(number, GROUP)
    return REPOSITORY[(group * 4 + place - 6) % len(REPOSITORY)]


def _member(number: int, now: datetime) -> User:
    user = User(f"member-{number:04}", 500_000 + number, now - timedelta(days=900))
    if number % GROUP == 3:  # noqa: PLR2004  # every tenth
        user.two_factor = "off"
    elif number % GROUP == 7:  # noqa: PLR2004  # every tenth
        user.two_factor = "insecure"
    return user


def _loosen(organization: Organization) -> None:
    """Leave to each repository what the organization could have settled for all."""
    organization.actions = ActionsPolicy(
        default_workflow_permissions="write", can_approve_pull_request_reviews=True
    )


def _seed(repositories: list[Repository], now: datetime) -> tuple[list[Seeded], list[str]]:
    seeded: list[Seeded] = []
    sound: list[str] = []
    for number, repository in enumerate(repositories, 1):
        kind = KINDS[number % GROUP]
        # What is settled here is as careful as can be, whatever the organization leaves open.
        repository.actions = ActionsPolicy(allowed_actions="selected", sha_pinning_required=True)
        if repository.name.startswith("bare"):
            repository.rulesets.append(strict_branch(600_000 + number, repository.full_name, now))
        if kind != "weak":
            sound.append(repository.full_name)
            continue
        weakness = _weakness(number)
        weakness.apply(repository, now)
        seeded.append(Seeded(weakness.code, repository.full_name))
    return seeded, sound
