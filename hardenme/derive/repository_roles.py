"""Which roles in repositories a custom role of the organization extends."""

from typing import Any

from hardenme.facts.github.organization import OrganizationProfile
from hardenme.facts.github.repository_roles import CustomRepositoryRole, ExtendedRoles
from hardenme.model.fact import Every
from hardenme.model.known import field
from hardenme.model.maybe import first_unknown
from hardenme.model.unknown import Unknown


def extended_roles(
    organization: OrganizationProfile, roles: Every[CustomRepositoryRole]
) -> ExtendedRoles | Unknown:
    """The bases of all custom roles that give more than these.

    One whose base or permissions are not known may extend any role, so nothing is known then.
    """
    bases, names = set[str](), set[str]()
    missing = roles.missing
    for role in roles.facts:
        base: Any = field(role, "base")
        lost = first_unknown((base, field(role, "permissions"), field(role, "name")))
        if lost is not None:
            missing = missing or lost
        elif role.gives_more:
            bases.add(base)
            names.add(role.name)
    if missing is not None:
        return missing
    return ExtendedRoles(
        **organization.placed(organization.subject),
        bases=frozenset(bases),
        names=tuple(sorted(names)),
    )
