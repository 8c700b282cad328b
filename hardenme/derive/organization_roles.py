"""What each organization role gives, together with the people and teams that hold it."""

from typing import Any

from hardenme.facts.github.organization_roles import (
    NO_CHANGE,
    OrganizationRole,
    OrganizationRoleTeams,
    OrganizationRoleUsers,
    RoleHolders,
    gives,
)
from hardenme.model.fact import Every
from hardenme.model.known import field
from hardenme.model.unknown import Reason, Unknown


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


def _only(facts: Every[Any]) -> Any:
    """The one fact of a list of one, or why it is not known."""
    lost = facts.missing or Unknown(Reason.NOT_ASKED, "who holds the organization role")
    return facts.facts[0] if facts.facts else lost


def _of(fact: Any, name: str) -> Any:
    if fact is None:
        return ()
    return fact if isinstance(fact, Unknown) else field(fact, name)
