"""Valid organization roles; a test overrides what it is about."""

from __future__ import annotations

from typing import Any

from hardenme.facts.github.organization import OrganizationOwners
from hardenme.facts.github.organization_roles import RoleAdministrators, RoleHolders
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
