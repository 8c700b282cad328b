"""How many of an organization's repositories each person administers."""

from collections import Counter

from hardenme.facts.github.collaborators import Administration, RepositoryAdministrators
from hardenme.facts.github.organization import OrganizationProfile
from hardenme.model.fact import Every
from hardenme.model.known import field
from hardenme.model.unknown import Unknown


def organization_administration(
    organization: OrganizationProfile, repositories: Every[RepositoryAdministrators]
) -> Administration | Unknown:
    """What the repositories that were looked at tell; unknown where not one of them does."""
    counts: Counter[str] = Counter()
    told = 0
    missing = repositories.missing
    whole = missing is None
    for repository in repositories.facts:
        logins = field(repository, "logins")
        if isinstance(logins, Unknown):
            missing = missing or logins
            whole = False
            continue
        told += 1
        counts.update(logins)
        whole = whole and field(repository, "count") == len(logins)
    if missing is not None and not told:
        return missing
    return Administration(
        **organization.placed(organization.subject),
        counts=counts,
        whole=whole,
    )
