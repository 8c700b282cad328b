"""What organization roles give, and who holds them; what custom repository roles extend."""

from typing import Any

from hardenme.facts.github.organization import OrganizationProfile
from hardenme.facts.github.organization_roles import (
    ADMINISTERS,
    NO_CHANGE,
    ORDER,
    OrganizationRole,
    OrganizationRoleTeams,
    OrganizationRoleUsers,
    RoleAdministrators,
    RoleHolders,
    gives,
)
from hardenme.facts.github.repository_roles import CustomRepositoryRole, ExtendedRoles
from hardenme.model.fact import Every
from hardenme.model.known import field
from hardenme.model.maybe import first_unknown
from hardenme.model.unknown import Reason, Unknown

TEAM = Unknown(Reason.NOT_VISIBLE, "the members of a team that holds an organization role")


def role_holders(
    role: OrganizationRole,
    users: Every[OrganizationRoleUsers],
    teams: Every[OrganizationRoleTeams],
) -> RoleHolders:
    """Who holds a role; of one that changes nothing no holder is asked for."""
    given: Any = gives(role)
    people, groups = _only(users), _only(teams)
    if given == NO_CHANGE:
        people = groups = None
    return RoleHolders(
        **role.placed(),
        number=field(role, "number"),
        name=field(role, "name"),
        gives=given,
        direct=_of(people, "direct"),
        by_team=_of(people, "by_team"),
        teams=_of(groups, "slugs"),
        above=_of(groups, "above"),
    )


def role_administrators(
    organization: OrganizationProfile, roles: Every[RoleHolders]
) -> RoleAdministrators | Unknown:
    """Who administers all repositories by a role; unknown if a role or its holders are."""
    logins = set[str]()
    missing = roles.missing
    for role in roles.facts:
        given: Any = field(role, "gives")
        if given in ORDER and given != ADMINISTERS:
            continue
        held: list[Any] = [field(role, name) for name in ("direct", "by_team", "teams")]
        lost = first_unknown((given, *held))
        if lost is not None:
            missing = missing or lost
            continue
        direct, by_team, teams = held
        logins.update(name.lower() for name in (*direct, *by_team))
        if teams and not by_team:
            missing = missing or TEAM
    if missing is not None:
        return missing
    return RoleAdministrators(**organization.placed(organization.subject), logins=frozenset(logins))


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


def _only(facts: Every[Any]) -> Any:
    """The one fact of a list of one, or why it is not known."""
    lost = facts.missing or Unknown(Reason.NOT_ASKED, "who holds the organization role")
    return facts.facts[0] if facts.facts else lost


def _of(fact: Any, name: str) -> Any:
    if fact is None:
        return ()
    return fact if isinstance(fact, Unknown) else field(fact, name)
