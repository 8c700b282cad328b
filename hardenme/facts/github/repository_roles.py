"""Custom repository roles: what an organization's own roles give in a repository beyond their base.

Only organizations on GitHub Enterprise Cloud have them. A list of collaborators shows such a role
as the one that it is based on.

Source: GitHub's "REST API endpoints for custom repository roles" and its page "About custom
repository roles".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from hardenme.facts.github.collaborators import PEOPLE
from hardenme.facts.github.organization_roles import HARMLESS, TRIAGE
from hardenme.facts.github.people import OWNER
from hardenme.facts.github.repository import RepositoryFact
from hardenme.facts.github.site import GitHubFact, OrganizationFact
from hardenme.model.fact import Endpoint, key
from hardenme.model.known import field
from hardenme.model.permission import any_of, classic, fine_grained
from hardenme.model.unknown import Reason, Unknown

CUSTOM_ROLES = any_of(
    {classic("admin:org"), OWNER},
    {fine_grained("organization_custom_roles:read"), OWNER},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomRepositoryRole(OrganizationFact):
    """A role in repositories that an organization made (subject `github:repository-role/ORG/ID`).

    Attributes:
        name: what it is called.
        base: the role that it is based on.
        permissions: what it allows beyond its base, by GitHub's names.
    """

    requirement = CUSTOM_ROLES
    endpoint = Endpoint(
        "/orgs/{org}/custom-repository-roles",
        "repository-role",
        named="{scope}/{identity}",
        label=("name",),
        counted=True,
    )
    noun = "custom repository role"
    gates = ("plan", "name")

    name: str = key("name")
    base: Literal["read", "triage", "write", "maintain"] = key("base_role")
    permissions: tuple[str, ...] = key("permissions")

    @property
    def gives_more(self) -> bool:
        """Whether it allows more than its base. What is not known to be harmless counts."""
        return any(not one.startswith(HARMLESS) and one not in TRIAGE for one in self.permissions)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendedRoles(GitHubFact):
    """Which roles a custom role extends, so that a person's may be more than its name.

    Derived from other facts (subject `github:org/ORG`).

    Attributes:
        bases: the roles on which such a custom role is based.
        names: these custom roles, sorted.
        supplements: it adds to what repositories list. Where it is not read, GHO123 alone is
            unknown.
    """

    requirement = CUSTOM_ROLES
    source = "derived from CustomRepositoryRole"
    noun = "list of custom repository roles"
    supplements: ClassVar[bool] = True

    bases: frozenset[str] = key("base_role", "permissions")
    names: tuple[str, ...] = key("name")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideRole(RepositoryFact):
    """What an outside collaborator may do in a repository. Derived from other facts.

    Its subject is `github:collaborator/OWNER/REPO/LOGIN`.

    Attributes:
        login: the account's name.
        permission: `admin`, `maintain`, `write`, `triage` or `read`. It is unknown where a custom
            role may give more than it.
    """

    requirement = PEOPLE
    source = "derived from RepositoryOutsideCollaborator and ExtendedRoles"
    noun = "outside collaborator"

    login: str = key("login")
    permission: str = key("permissions", "permission")


def may_be_more(
    extended: ExtendedRoles | Unknown, login: str, repository: str, role: str
) -> Unknown | None:
    """Why a person's role may give more than its name says; None if it does not.

    Args:
        extended: the roles that custom roles extend.
        login: the person.
        repository: where the person has the role.
        role: as a list of collaborators shows it: of a custom role, the one that it is based on.
    """
    bases = extended if isinstance(extended, Unknown) else field(extended, "bases")
    names = extended if isinstance(extended, Unknown) else field(extended, "names")
    if isinstance(bases, Unknown):
        return bases
    if role not in bases:
        return None
    listed = "" if isinstance(names, Unknown) else f" ({', '.join(names)})"
    return Unknown(
        Reason.NOT_VISIBLE,
        f"a look at the role of {login} in {repository}: GitHub shows {role}, which is also what"
        f" a custom role is based on that gives more{listed}",
    )
