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
from hardenme.model.unknown import Reason, Unknown


def organization_administration(
    organization: OrganizationProfile, repositories: Every[RepositoryAdministrators]
) -> Administration | Unknown:
    """What the repositories that were looked at show; unknown if none of them shows it."""
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
    more: Any = _by_role_alone(admins, by_role)
    count, least = field(admins, "count"), field(admins, "least")
    if not isinstance(more, Unknown):
        count = count if isinstance(count, Unknown) else count + len(more)
        least = least if isinstance(least, Unknown) else least + len(more)
    elif not isinstance(count, Unknown):
        count = more
    return AllAdministrators(**admins.placed(), count=count, least=least, by_role=more)


def _by_role_alone(
    admins: RepositoryAdministrators, by_role: RoleAdministrators | Unknown
) -> frozenset[str] | Unknown:
    """Who is one by an organization role alone, as far as roles were read."""
    listed, least = field(admins, "logins"), field(admins, "least")
    if isinstance(listed, Unknown) or isinstance(least, Unknown):
        return listed if isinstance(listed, Unknown) else least
    if len(listed) != least:
        # One whose name was not read may be one of them.
        return Unknown(Reason.INCOMPLETE, "the login of each admin")
    held = by_role if isinstance(by_role, Unknown) else field(by_role, "logins")
    return frozenset() if isinstance(held, Unknown) else frozenset(held - listed)
