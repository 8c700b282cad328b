"""Organization roles: what each gives on all repositories, and who holds it.

The predefined roles exist on every plan. They give access without a team's or a collaborator's row
in any repository.

Source: GitHub's "REST API endpoints for organization roles" and "Permissions of organization
roles".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from hardenme.facts.github.people import OWNER
from hardenme.facts.github.site import GitHubFact, OrganizationFact
from hardenme.model.fact import Endpoint, key
from hardenme.model.permission import any_of, classic, fine_grained
from hardenme.model.unknown import Reason, Unknown

ROLES = any_of(
    {classic("admin:org"), OWNER},
    {fine_grained("organization_custom_org_roles:read"), OWNER},
)
HOLDERS = any_of({classic("admin:org"), OWNER}, {fine_grained("members:read"), OWNER})
PREDEFINED = "Predefined"
NO_CHANGE, WRITES, MAINTAINS, ADMINISTERS, CHANGES = "", "write", "maintain", "admin", "settings"
"""What a role gives: at most reading, a permission on all repositories, or changes of settings."""
BASE: Mapping[str | None, str] = {
    None: NO_CHANGE,
    "read": NO_CHANGE,
    "triage": NO_CHANGE,
    "write": WRITES,
    "maintain": MAINTAINS,
    "admin": ADMINISTERS,
}
"""What a role's base role gives, by GitHub's name for it; null is none."""
KNOWN: Mapping[str, str] = {
    "all_repo_read": NO_CHANGE,
    "all_repo_triage": NO_CHANGE,
    "security_manager": NO_CHANGE,
    "all_repo_write": WRITES,
    "all_repo_maintain": MAINTAINS,
    "all_repo_admin": ADMINISTERS,
    "ci_cd_admin": CHANGES,
    "app_manager": CHANGES,
}
"""What a predefined role gives, by its name."""
ORDER = (NO_CHANGE, CHANGES, WRITES, MAINTAINS, ADMINISTERS)
"""From the least to the most."""
ABSENT = Reason.NOT_VISIBLE
"""Why a field is unknown that the answer leaves out; another one has a value that is not known."""
HARMLESS = ("read_", "view_")
"""How permissions begin that change nothing."""
TRIAGE = frozenset(
    {"add_assignee", "add_label", "close_discussion", "close_issue", "close_pull_request"}
    | {"mark_as_duplicate", "remove_assignee", "remove_label", "reopen_discussion"}
    | {"reopen_issue", "reopen_pull_request", "request_pr_review", "set_issue_type"}
    | {"set_milestone"}
)
"""Permissions that change issues, pull requests and discussions alone, and no code or setting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationRole(OrganizationFact):
    """A role that people and teams can hold in an organization.

    Its subject is `github:organization-role/ORG/ID`.

    Attributes:
        number: GitHub's number for it.
        name: what it is called, like `all_repo_admin`.
        base: the permission that it gives on all repositories; None for none.
        origin: who made it; None if GitHub does not say.
        permissions: what it allows beyond its base, by GitHub's names.
    """

    requirement = ROLES
    endpoint = Endpoint(
        "/orgs/{org}/organization-roles",
        "organization-role",
        named="{scope}/{identity}",
        label=("name",),
        counted=True,
    )
    noun = "organization role"
    asked_by: ClassVar[str] = "GHO133"

    number: int = key("id")
    name: str = key("name")
    base: Literal["read", "triage", "write", "maintain", "admin"] | None = key(
        "base_role", nullable=True
    )
    origin: Literal["Organization", "Enterprise", "Predefined"] | None = key(
        "source", nullable=True
    )
    permissions: tuple[str, ...] = key("permissions")


def gives(role: OrganizationRole) -> str | Unknown:
    """The most that a role gives: a permission on all repositories, or other changes.

    A field that GitHub leaves out counts as unknown only where it decides. Of a role whose origin
    is not shown both readings have to agree, as a predefined one and as an organization's own.
    """
    unknown = role.unknown_fields()
    lost = next((unknown[name] for name in ("name", "permissions") if name in unknown), None)
    if lost is not None:
        return lost
    if "origin" in unknown and unknown["origin"].reason is not ABSENT:
        return unknown["origin"]
    if "origin" not in unknown and role.origin is not None:
        return _predefined(role, unknown) if role.origin == PREDEFINED else _own(role, unknown)
    both = (_predefined(role, unknown), _own(role, unknown))
    lost = next((one for one in both if isinstance(one, Unknown)), None)
    at_least = max((one for one in both if isinstance(one, str)), key=ORDER.index, default="")
    if lost is None or (at_least != NO_CHANGE and "base" not in unknown):
        return at_least
    return unknown.get("origin", lost)


def _predefined(role: OrganizationRole, unknown: Mapping[str, Unknown]) -> str | Unknown:
    """What a predefined role of GitHub gives, by its name and its base role."""
    of_base = None if "base" in unknown else BASE[role.base]
    if of_base is None and unknown["base"].reason is not ABSENT:
        return unknown["base"]
    if role.name in KNOWN:
        return max(of_base or NO_CHANGE, KNOWN[role.name], key=ORDER.index)
    if of_base is None or of_base == NO_CHANGE:
        needed = f"a version of hardenme that knows the predefined role {role.name}"
        return Unknown(Reason.NOT_VISIBLE, needed, "a predefined role that is not known")
    return of_base


def _own(role: OrganizationRole, unknown: Mapping[str, Unknown]) -> str | Unknown:
    """What an organization or enterprise role gives by its base and its permissions."""
    if "base" in unknown:
        return unknown["base"]
    of_base = BASE[role.base]
    changes = [
        one for one in role.permissions if not one.startswith(HARMLESS) and one not in TRIAGE
    ]
    return max(of_base, CHANGES if changes else NO_CHANGE, key=ORDER.index)


@dataclass(frozen=True, slots=True)
class RoleUser:
    """A person who holds a role.

    Attributes:
        login: the account's name.
        assignment: `direct`, `indirect` (through a team) or `mixed`.
    """

    login: str = key("login")
    assignment: Literal["direct", "indirect", "mixed"] = key("assignment")


@dataclass(frozen=True, slots=True)
class RoleTeam:
    """A team that holds a role.

    Attributes:
        slug: its short name.
        kind: `organization`, or `enterprise` for a team of the enterprise.
    """

    slug: str = key("slug")
    kind: Literal["organization", "enterprise"] = key("type")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationRoleUsers(GitHubFact):
    """Who holds an organization role, directly or through a team.

    Its subject is `github:organization-role/ORG/ID`. Nothing is asked of roles that only read.

    Attributes:
        direct: the names of those to whom the role was given, sorted.
        by_team: the names of those who hold it through a team alone, sorted.
    """

    requirement = HOLDERS
    endpoint = Endpoint("/orgs/{org}/organization-roles/{role_id}/users")
    noun = "person with such a role"
    listed_by = OrganizationRole

    direct: tuple[str, ...] = key("login", "assignment")
    by_team: tuple[str, ...] = key("login", "assignment")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationRoleTeams(GitHubFact):
    """Which teams hold an organization role.

    Its subject is `github:organization-role/ORG/ID`. Nothing is asked of roles that only read.

    Attributes:
        slugs: the teams' short names, sorted.
        above: those of them that are the enterprise's.
    """

    requirement = HOLDERS
    endpoint = Endpoint("/orgs/{org}/organization-roles/{role_id}/teams")
    noun = "team with such a role"
    listed_by = OrganizationRole

    slugs: tuple[str, ...] = key("slug", "type")
    above: tuple[str, ...] = key("slug", "type")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleHolders(GitHubFact):
    """An organization role with those who hold it. Derived from other facts.

    Its subject is `github:organization-role/ORG/ID`.

    Attributes:
        number: GitHub's number for the role.
        name: what it is called.
        gives: the most that it gives on all repositories: `admin`, `maintain` or `write`;
            `settings` for other changes, empty for none.
        direct: the names of those to whom it was given.
        by_team: the names of those who hold it through a team alone.
        teams: the short names of the teams that hold it.
        above: those of them that are the enterprise's.
    """

    requirement = any_of(
        {classic("admin:org"), OWNER},
        {fine_grained("organization_custom_org_roles:read"), fine_grained("members:read"), OWNER},
    )
    source = "derived from OrganizationRole and its holders"
    noun = "organization role"

    number: int = key("id")
    name: str = key("name")
    gives: str = key("base_role", "name", "source", "permissions", nullable=True)
    direct: tuple[str, ...] = key("login", "assignment")
    by_team: tuple[str, ...] = key("login", "assignment")
    teams: tuple[str, ...] = key("slug", "type")
    above: tuple[str, ...] = key("slug", "type")

    @property
    def logins(self) -> tuple[str, ...]:
        """Everyone who holds it."""
        return tuple(sorted({*self.direct, *self.by_team}))


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleAdministrators(GitHubFact):
    """Who administers every repository of an organization by a role (subject `github:org/ORG`).

    Attributes:
        logins: their names, in lower case.
        supplements: it adds to what repositories list. Where it is not read, GHO133 alone is
            unknown.
    """

    requirement = RoleHolders.requirement
    source = "derived from RoleHolders"
    noun = "list of people who administer all repositories by a role"
    supplements: ClassVar[bool] = True

    logins: frozenset[str] = key("login", "base_role", "name", "source")
