"""The plan of a fleet: which organizations are read, how, and in which shard each of them is.

It names organizations by their IDs, since a login can go to someone else. Scopes of npm have none:
npm gives a name once. It holds no token, no key and no place of one: each machine finds its own.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from hardenme.codec.text import line, parsed
from hardenme.codec.typed import Codec
from hardenme.codec.version import versioned
from hardenme.ground.errors import ContentError, OtherVersionError, StoredError
from hardenme.ground.names import LOGIN, SCOPE
from hardenme.model.depth import Depth
from hardenme.model.subject import Subject

HEAD = "hardenme_fleet_plan"
"""The key of the version."""
VERSION = 2
"""Of the plan's form; a reader takes no other."""
LARGEST = 64 * 1024 * 1024
"""Bytes of a plan; one of 100,000 organizations takes a quarter of that."""
NUMBER = re.compile(r"[1-9][0-9]{0,18}")
"""An ID of GitHub's."""


def is_scope(login: str) -> bool:
    """Whether an organization of a plan is a scope of npm, as `@acme`."""
    return login.startswith("@")


def scope_number(login: str) -> str:
    """What takes the place of an ID for a scope, in names of results too."""
    return f"npm-{login.removeprefix('@').lower()}"


def root_of(login: str) -> Subject:
    """The subject of an organization of a plan."""
    if is_scope(login):
        return Subject("npm", "org", login.removeprefix("@"))
    return Subject("github", "org", login)


def target_of(login: str) -> str:
    """An organization of a plan as a command names it."""
    return f"{'npm' if is_scope(login) else 'github'}:{login}"


@dataclass(frozen=True, slots=True)
class FleetSettings:
    """The options of a run, as each organization is read by them.

    Attributes:
        select: the checks; none for all.
        ignore: those that are left out.
        depth: how deep to ask.
        include: patterns of repositories, of which one must match; none for all.
        exclude: patterns of which none may match.
        archived: whether archived repositories are looked at.
    """

    select: tuple[str, ...]
    ignore: tuple[str, ...]
    depth: str
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    archived: bool


@dataclass(frozen=True, slots=True)
class PlannedOwner:
    """An organization that is read, on GitHub or npm.

    Attributes:
        login: its name when the plan was made; `@acme` for a scope of npm.
        number: its ID; for a scope what `scope_number` makes.
        lane: what shares one credential's rate limit, and is read by one machine in turn.
        repositories: how many GitHub counts, or how many packages npm lists; None if that is not
            shown.
    """

    login: str
    number: str
    lane: str
    repositories: int | None

    @property
    def root(self) -> Subject:
        """The organization."""
        return root_of(self.login)


@dataclass(frozen=True, slots=True)
class UnplannedOwner:
    """An organization that is known and cannot be read.

    Attributes:
        login: its name.
        number: its ID; empty if it is not known.
        why: what it takes.
    """

    login: str
    number: str
    why: str


@dataclass(frozen=True, slots=True)
class FleetPlan:
    """Who reads what.

    Attributes:
        made: when.
        version: of hardenme.
        host: the address of GitHub's API.
        registry: the address of the npm registry.
        settings: the options, the same for each organization.
        owners: the organizations that are read, sorted by login.
        unplanned: those that are known and cannot be read.
        unlisted: why there may be more; empty if these are all.
        shards: the IDs of the organizations that one process reads, in turn.
    """

    made: datetime
    version: str
    host: str
    registry: str
    settings: FleetSettings
    owners: tuple[PlannedOwner, ...]
    unplanned: tuple[UnplannedOwner, ...]
    unlisted: str
    shards: tuple[tuple[str, ...], ...]

    def owner(self, number: str) -> PlannedOwner:
        """The organization with an ID."""
        return next(one for one in self.owners if one.number == number)

    def shard_of(self, number: str) -> int:
        """The index of the shard that reads it."""
        return next(index for index, shard in enumerate(self.shards) if number in shard)

    @property
    def id(self) -> str:
        """What identifies the plan, with everything in it."""
        return hashlib.sha256(_body(self).encode("ascii")).hexdigest()


FORM = Codec()


def _body(plan: FleetPlan) -> str:
    return line(FORM.write(plan))


def written(plan: FleetPlan) -> str:
    """The plan as text."""
    return line({HEAD: VERSION, "plan": FORM.write(plan), "sha256": plan.id}) + "\n"


def plan_at(path: Path) -> FleetPlan:
    """The plan in a file.

    Raises:
        StoredError: it cannot be read, was changed, or contradicts itself.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
        return _plan(raw)
    except OSError as error:
        raise StoredError(
            f"{path} cannot be read: {error.strerror}; `hardenme fleet plan` writes one"
        ) from None
    except OtherVersionError as error:
        raise StoredError(f"{path} is a plan of another version: {error}") from None
    except ContentError as error:
        raise StoredError(f"{path} is not the plan of a fleet: it {error}") from None


def _plan(raw: bytes) -> FleetPlan:
    if len(raw) > LARGEST:
        raise ContentError(f"is larger than {LARGEST} bytes")
    told = versioned(parsed(raw), VERSION, HEAD)
    plan = FORM.read(FleetPlan, told.get("plan"))
    if told.get("sha256") != plan.id:
        raise ContentError("was changed after it was made")
    fault = next(_faults(plan), None)
    if fault is not None:
        raise ContentError(fault)
    return plan


def _faults(plan: FleetPlan) -> Iterator[str]:
    """What is wrong with it."""
    if plan.settings.depth not in map(str, Depth):
        yield f"has {plan.settings.depth!r:.60}, and a depth is fast, standard or deep"
    known: list[PlannedOwner | UnplannedOwner] = [*plan.owners, *plan.unplanned]
    for one in known:
        if not (SCOPE if is_scope(one.login) else LOGIN).fullmatch(one.login):
            yield f"names {one.login!r:.60}, which no login looks like"
    for one in plan.owners:
        if is_scope(one.login):
            if one.number != scope_number(one.login):
                yield f"has {one.number!r:.60} for {one.login!r:.60}"
        elif not NUMBER.fullmatch(one.number):
            yield f"has {one.number!r:.60}, and an ID is a number"
    for name, count in Counter(one.login.lower() for one in known).items():
        if count > 1:
            yield f"names {name} twice"
    yield from _faults_of_shards(plan)


def _faults_of_shards(plan: FleetPlan) -> Iterator[str]:
    """What is wrong with who reads what."""
    shared = Counter(number for shard in plan.shards for number in shard)
    if shared != Counter(one.number for one in plan.owners):
        yield "does not have each organization in one shard"
        return
    lanes: dict[str, int] = {}
    shards = {number: index for index, shard in enumerate(plan.shards) for number in shard}
    for one in plan.owners:
        if lanes.setdefault(one.lane, shards[one.number]) != shards[one.number]:
            yield f"has the lane {one.lane!r:.60} in two shards"


def with_earlier(plan: FleetPlan, earlier: FleetPlan, counts: Callable[[str], bool]) -> FleetPlan:
    """The plan, and in it what an earlier one of the same host had and this one lacks.

    An organization that is no longer listed may be gone, or only hidden from the credential. So it
    is known and cannot be read, and nothing of it counts as fixed.

    Args:
        plan: the new one.
        earlier: the one that it replaces.
        counts: whether an organization of this login is still asked for.
    """
    if plan.host != earlier.host:
        return plan
    present: list[PlannedOwner | UnplannedOwner] = [*plan.owners, *plan.unplanned]
    numbers = {one.number for one in present} - {""}
    logins = {one.login.lower() for one in present}
    gone: list[UnplannedOwner] = []
    taken: list[str] = []
    known: list[PlannedOwner | UnplannedOwner] = [*earlier.owners, *earlier.unplanned]
    for one in known:
        if one.number in numbers or not counts(one.login):
            continue
        if one.login.lower() not in logins:
            gone.append(one if isinstance(one, UnplannedOwner) else _unlisted(one, earlier.made))
        elif one.number:
            taken.append(f"{one.login} was the organization with the ID {one.number} before")
    return replace(
        plan,
        unplanned=(*plan.unplanned, *gone),
        unlisted="; ".join(filter(None, (plan.unlisted, *taken))),
    )


def _unlisted(owner: PlannedOwner, before: datetime) -> UnplannedOwner:
    """An organization of the plan that was made before, which is not listed any more."""
    why = f"a look at whether it is gone or hidden: the plan of {before:%Y-%m-%d} lists it"
    return UnplannedOwner(owner.login, owner.number, why)


def packed(owners: Sequence[PlannedOwner], most: int) -> tuple[tuple[str, ...], ...]:
    """Put whole lanes into at most so many shards, which take about the same time.

    The lanes with the most repositories are placed first, each into the shard with the fewest.
    """
    lanes: dict[str, list[PlannedOwner]] = {}
    for one in owners:
        lanes.setdefault(one.lane, []).append(one)
    costs = {name: sum(map(_cost, lane)) for name, lane in lanes.items()}
    shards: list[list[PlannedOwner]] = [[] for _ in range(min(most, len(lanes)))]
    loads = [0] * len(shards)
    for name in sorted(lanes, key=lambda name: (-costs[name], name)):
        index = loads.index(min(loads))
        loads[index] += costs[name]
        shards[index] += lanes[name]
    return tuple(tuple(one.number for one in shard) for shard in shards)


UNCOUNTED = 100
"""How many repositories are assumed where GitHub does not show a count."""
ABOVE = 10
"""What an organization itself takes, in repositories."""


def _cost(owner: PlannedOwner) -> int:
    return ABOVE + (UNCOUNTED if owner.repositories is None else owner.repositories)
