"""Who administers a repository, and how many of an organization's each person administers."""

from collections import Counter
from typing import Any

from hardenme.facts.github.collaborators import (
    Administration,
    AllAdministrators,
    RepositoryAdministrators,
)
from hardenme.facts.github.organization import OrganizationProfile
from hardenme.facts.github.organization_roles import RoleAdministrators
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


def all_administrators(
    admins: RepositoryAdministrators, by_role: RoleAdministrators | Unknown
) -> AllAdministrators:
    """Those whom the repository lists, and whom an organization role alone makes one."""
    more = _by_role_alone(admins, by_role)

    def added(name: str) -> Any:
        value = field(admins, name)
        return value if isinstance(value, Unknown) else value + len(more)

    return AllAdministrators(
        **admins.placed(), count=added("count"), least=added("least"), by_role=more
    )


def _by_role_alone(
    admins: RepositoryAdministrators, by_role: RoleAdministrators | Unknown
) -> frozenset[str]:
    """Who is one by an organization role alone, as far as it was read."""
    held = by_role if isinstance(by_role, Unknown) else field(by_role, "logins")
    listed, least = field(admins, "logins"), field(admins, "least")
    if isinstance(held, Unknown) or isinstance(listed, Unknown) or isinstance(least, Unknown):
        return frozenset()
    # One whose name was not read may be one of them.
    return held - listed if len(listed) == least else frozenset()
