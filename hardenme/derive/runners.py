"""Which self-hosted runners serve a public repository: its own, and its organization's."""

from typing import Any

from hardenme.facts.github.organization import OrganizationProfile
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.runners import (
    OpenGroup,
    ReachableRunners,
    RepositoryRunners,
    RunnerGroup,
    RunnerGroupRepositories,
    RunnerGroupRunners,
    SharedRunners,
)
from hardenme.model.fact import Every
from hardenme.model.known import field
from hardenme.model.unknown import Reason, Unknown


def shared_runners(
    organization: OrganizationProfile,
    groups: Every[RunnerGroup],
    held: Every[RunnerGroupRunners],
    chosen: Every[RunnerGroupRepositories],
) -> SharedRunners | Unknown:
    """The groups that may serve a public repository and have a runner.

    It is known where all groups are, and of each open one its runners and its repositories.
    """
    counts = {fact.subject: fact for fact in held.facts}
    repositories = {fact.subject: fact for fact in chosen.facts}
    found = []
    for group in groups:
        if not group.open:
            continue
        if group.subject not in counts:
            return _lacking(held.missing, group)
        if not counts[group.subject].count:
            continue
        names = None
        if group.visibility == "selected":
            if group.subject not in repositories:
                return _lacking(chosen.missing, group)
            names = repositories[group.subject].repositories
        found.append(OpenGroup(group.number, group.name, names))
    return SharedRunners(
        **organization.placed(organization.subject),
        groups=tuple(found),
    )


def _lacking(missing: Unknown | None, group: RunnerGroup) -> Unknown:
    return missing or Unknown(
        Reason.INCOMPLETE, f"what is in the runner group numbered {group.number}; run again"
    )


def reachable_runners(
    repository: Repository, own: RepositoryRunners | Unknown, shared: SharedRunners | Unknown
) -> ReachableRunners:
    """The runners of a repository; one kind counts even if the other is not known."""
    count: Any = own if isinstance(own, Unknown) else field(own, "count")
    return ReachableRunners(
        **repository.placed(),
        visibility=field(repository, "visibility"),
        own=count,
        groups=_groups(repository, shared),
    )


def _groups(repository: Repository, shared: SharedRunners | Unknown) -> Any:
    within = field(repository, "in_organization")
    if within is False:
        return ()
    if isinstance(within, Unknown):
        return within
    if isinstance(shared, Unknown):
        return shared
    owner = repository.subject.name.partition("/")[0]
    if shared.subject.name.lower() != owner.lower():
        return Unknown(Reason.NOT_ASKED, f"the runner groups of {owner}: check github:{owner}")
    groups = field(shared, "groups")
    if isinstance(groups, Unknown):
        return groups
    return tuple(group for group in groups if group.serves(repository.subject.name))
