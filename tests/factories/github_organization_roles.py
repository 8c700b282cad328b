"""Valid organization roles; a test overrides what it is about."""

from __future__ import annotations

from typing import Any

from hardenme.facts.github.organization import OrganizationOwners
from hardenme.facts.github.organization_roles import RoleAdministrators, RoleHolders
from hardenme.facts.github.repository_roles import CustomRepositoryRole, ExtendedRoles
from hardenme.model.subject import Subject

GROVE = Subject("github", "org", "grove")
ROLE = Subject("github", "organization-role", "grove/8136")


def role(**overrides: Any) -> RoleHolders:
    """The role that administers all repositories, held by no one."""
    given = {"number": 8136, "name": "all_repo_admin", "gives": "admin"}
    held: dict[str, Any] = {"direct": (), "by_team": (), "teams": (), "above": ()}
    place = {"subject": ROLE, "within": GROVE, "label": "all_repo_admin"}
    return RoleHolders(**place | given | held | overrides)


def owners(*logins: str) -> OrganizationOwners:
    """Who owns the organization."""
    return OrganizationOwners(subject=GROVE, within=GROVE, label="grove", logins=logins)


def by_role(*logins: str) -> RoleAdministrators:
    """Who administers all repositories by a role."""
    return RoleAdministrators(subject=GROVE, within=GROVE, label="grove", logins=frozenset(logins))


def custom(name: str, base: Any, *permissions: str, **overrides: Any) -> CustomRepositoryRole:
    """A custom repository role."""
    place = {
        "subject": Subject("github", "repository-role", f"grove/{name}"),
        "within": GROVE,
        "label": name,
    }
    given = {"name": name, "base": base, "permissions": permissions}
    return CustomRepositoryRole(**place | given | overrides)


def extended(*bases: str, names: Any = ("keeper",)) -> ExtendedRoles:
    """Roles on which a custom role that gives more is based."""
    told: dict[str, Any] = {"bases": frozenset(bases), "names": names if bases else ()}
    return ExtendedRoles(subject=GROVE, within=GROVE, label="grove", **told)
