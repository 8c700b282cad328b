"""All paths by which a package can be published, and what leaves only the intended one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from hardenme.derive.publishing import people, publishers, steps, tokens
from hardenme.derive.publishing.cover import smallest
from hardenme.derive.publishing.criterion import Criterion, listed
from hardenme.derive.publishing.routes import path_key
from hardenme.facts.attested import PublishingAccess
from hardenme.facts.github.environments import WorkflowSecret
from hardenme.facts.github.release_place import publishing_file
from hardenme.facts.github.workflow import Workflow
from hardenme.facts.npm.access import PackageCollaborators
from hardenme.facts.npm.account import NpmTwoFactor
from hardenme.facts.npm.package import (
    NewestRelease,
    Package,
    PackageRepository,
    WeeklyDownloads,
)
from hardenme.facts.npm.paths import (
    AXIOS,
    TANSTACK,
    OrganizationWriters,
    PublisherRoute,
    PublishPaths,
)
from hardenme.facts.npm.token import NpmToken
from hardenme.model.fact import Every, Fact
from hardenme.model.given import Now
from hardenme.model.known import field
from hardenme.model.publishing import ClosingStep, PackagePaths, PublishPath, State
from hardenme.model.unknown import Unknown
from hardenme.model.way import Way

WAYS = tuple(Way)
STATES = (State.OPEN, State.UNKNOWN, State.CLOSED)


def publish_paths(  # noqa: PLR0913 (all that can publish a package)
    package: Package,
    *,
    now: Now,
    collaborators: PackageCollaborators | Unknown,
    organizations: Every[OrganizationWriters] | Unknown,
    factor: NpmTwoFactor | Unknown,
    own_tokens: Every[NpmToken] | Unknown,
    routes: Every[PublisherRoute] | Unknown,
    setting: PublishingAccess | Unknown,
    repository: PackageRepository | Unknown,
    workflows: Every[Workflow] | Unknown,
    secrets: Every[WorkflowSecret] | Unknown,
    newest: NewestRelease | Unknown,
    downloads: WeeklyDownloads | Unknown,
) -> PublishPaths:
    """Combine what npm and GitHub show about a package. What is unknown remains unknown."""
    # A packument without even a name does not count: nothing is made from it.
    name = package.name
    every_route, every_token = ordered(listed(routes)), ordered(listed(own_tokens))
    every_secret = ordered(listed(secrets))
    organization = people.of_scope(name, listed(organizations).facts)
    names: Any = people.writers(package, collaborators)
    found = [
        *people.person_paths(names if isinstance(names, tuple) else (), organization, factor),
        *people.team_paths(name, organization),
        tokens.setting_path(name, setting),
        *tokens.token_paths(every_token, name, now, setting),
        *(publishers.publisher_path(route) for route in every_route.facts),
        *tokens.secret_paths(every_secret, setting),
    ]
    closed = tokens.judge(name, every_token, now, setting)
    guarded, sound = publishers.judge(name, every_route)
    stands = any(path.way is Way.PUBLISHER for path in found)
    if every_route.missing is not None:
        stands = stands or _says(newest)
    shapes = {
        AXIOS: stands and tokens.other_tokens(name, every_token, now, setting),
        TANSTACK: publishers.exposed(every_route.facts),
    }
    remedies = (
        *people.remedies(package, found),
        *publishers.remedies(every_route.facts, found),
        *tokens.remedies(package, found, every_token, every_secret),
    )
    wanted = frozenset(
        path.key for path in found if not path.intended and path.state is not State.CLOSED
    )
    taken = smallest(remedies, wanted)
    if _leaves_none(every_route, taken):
        taken = steps.in_order((_new(package, repository, listed(workflows)), *taken))
    # Where there is no publisher, there is no workflow of its that could have been read.
    legs = (closed, guarded) if publishers.NONE in guarded.against else (closed, guarded, sound)
    unread = _unread(legs, names, collaborators, organizations, every_secret)
    weekly = downloads if isinstance(downloads, Unknown) else field(downloads, "weekly")
    return PublishPaths(
        **package.placed(),
        tokens_closed=closed.value(),
        publisher_guarded=guarded.value(),
        workflow_sound=sound.value(),
        against=(*closed.against, *guarded.against, *sound.against),
        shapes=tuple(shape for shape, seen in shapes.items() if seen),
        told=PackagePaths(
            name,
            None if isinstance(weekly, Unknown) else weekly,
            tuple(sorted(found, key=_rank)),
            taken,
            tuple(dict.fromkeys(unread)),
        ),
    )


def ordered(facts: Every[Any]) -> Every[Any]:
    """A list in the order of its subjects, so that nothing depends on how it came."""
    return Every(tuple(sorted(facts.facts, key=_subject)), facts.missing)


def _subject(fact: Fact) -> str:
    return str(fact.subject)


def _rank(path: PublishPath) -> tuple[Any, ...]:
    return (path.intended, STATES.index(path.state), WAYS.index(path.way), path.name, path.key)


def _says(newest: NewestRelease | Unknown) -> bool:
    return not isinstance(newest, Unknown) and newest.says("trusted_publisher")


def _leaves_none(routes: Every[PublisherRoute], taken: Iterable[ClosingStep]) -> bool:
    """Whether all that is known to publish from a workflow is gone when these steps are taken."""
    if routes.missing is not None:
        return False
    used = [route for route in routes.facts if not publishers.idle(field(route, "publisher"))]
    left = {path_key(field(route, "publisher")) for route in used}
    for step in taken:
        if step.key.startswith("trust/"):
            return False
        left -= set(step.closes) if step.key.startswith("publisher/") else set()
    return not left


def _new(
    package: Package, repository: PackageRepository | Unknown, workflows: Every[Workflow]
) -> ClosingStep:
    """The step that sets up a trusted publisher, with as much filled in as is known."""
    named = repository if isinstance(repository, Unknown) else field(repository, "repository")
    return steps.trust(
        package,
        package.subject.name,
        repository=named if isinstance(named, str) else "",
        file=publishing_file(workflows.facts),
        hidden=steps.not_visible(workflows.missing),
    )


def _unread(
    legs: Iterable[Criterion],
    names: Any,
    collaborators: PackageCollaborators | Unknown,
    organizations: Every[OrganizationWriters] | Unknown,
    secrets: Every[WorkflowSecret],
) -> Iterator[str]:
    """What was not read, one sentence each."""
    for leg in legs:
        why = leg.unknown()
        if why is not None:
            yield why.needed
    if isinstance(names, Unknown):
        yield f"to know who may publish: {names.needed}"
    elif isinstance(collaborators, Unknown):
        yield f"to know who else may publish: {collaborators.needed}"
    missing = listed(organizations).missing
    if missing is not None:
        yield f"to know which teams and owners may publish: {missing.needed}"
    if secrets.missing is not None:
        yield f"to know which secrets of the repository hold a token: {secrets.missing.needed}"
