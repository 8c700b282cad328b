"""Whether releases can be changed, from the organization's setting and the repository's own."""

from typing import Any

from hardenme.facts.github.organization import OrganizationImmutableReleases
from hardenme.facts.github.releases import ImmutableReleases, RepositoryImmutableReleases
from hardenme.facts.github.repository import Repository
from hardenme.model.known import field
from hardenme.model.unknown import Unknown


def immutable_releases(
    repository: Repository,
    organization: OrganizationImmutableReleases | Unknown,
    own: RepositoryImmutableReleases | Unknown,
) -> ImmutableReleases:
    """The organization's setting where it holds for all repositories, else the repository's own."""
    shared: Any = field(repository, "in_organization")
    enforced: Any = None
    if isinstance(organization, OrganizationImmutableReleases):
        enforced = field(organization, "enforced")
    bound = (
        shared is True
        and enforced == "all"
        and isinstance(organization, OrganizationImmutableReleases)
        and organization.subject.name.lower() == repository.subject.name.partition("/")[0].lower()
    )
    enabled: Any = bound or (own if isinstance(own, Unknown) else field(own, "enabled"))
    return ImmutableReleases(
        **repository.placed(repository.subject),
        enabled=enabled,
        by_organization=bound,
    )
