"""A repository's collaborators and pending invitations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from hardenme.facts.github import endpoints
from hardenme.facts.github.people import MEMBERS
from hardenme.facts.github.repository import ADMINISTRATION, RepositoryFact
from hardenme.facts.github.site import GitHubFact
from hardenme.model.depth import Depth
from hardenme.model.fact import Endpoint, graphql, key
from hardenme.model.permission import any_of, classic, fine_grained, role
from hardenme.model.values import flag

PEOPLE = any_of(
    {classic("repo"), role("repository admin")},
    {fine_grained("metadata:read"), role("repository admin")},
)
"""Who may push is shown the list too; whether it is all of it is known of administrators only."""
FLAGS = {
    "admin": "admin",
    "maintain": "maintain",
    "push": "write",
    "triage": "triage",
    "pull": "read",
}
"""The flags of `permissions`, the highest first, with what GitHub calls them everywhere else."""
GRANTED = {name.upper(): name for name in FLAGS.values()}


def _highest(flags: Mapping[str, Any]) -> str:
    """The highest permission that a collaborator's flags show."""
    for word, name in FLAGS.items():
        if flag(flags[word]):
            return name
    raise ValueError("no permission")


LOGIN: dict[str, Any] = {"graph": graphql("node/login")}
PERMISSION: dict[str, Any] = {
    "by": _highest,
    "graph": graphql("permission", by=GRANTED.__getitem__),
}


@dataclass(frozen=True, slots=True)
class Collaborator:
    """A collaborator, as the list of all shows it.

    Attributes:
        login: the account's name.
        permission: the highest that it holds.
    """

    login: str = key("login", **LOGIN)
    permission: str = key("permissions", **PERMISSION)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryAdministrators(RepositoryFact):
    """The admins of a repository, however they got the role.

    A batch shows the first hundred who work on it; where these are not all, a request for the
    administrators alone takes its place.

    Attributes:
        count: how many they are.
        least: how many were seen, where not all who work on the repository were.
        writers: how many can push to it, these included; a request for the administrators alone
            does not show it.
        logins: the names of those who were seen, in lower case.
        pushers: the names of those who can push to it, these included; in lower case.
    """

    requirement = PEOPLE
    source = f"POST /graphql repository.collaborators, or {endpoints.ADMINISTRATORS.source}"
    gates = ("viewerCanAdminister", "collaborators/edges")

    count: int = key("permission", "totalCount", "permissions")
    least: int = key("permission", "permissions")
    writers: int = key("permission", "totalCount")
    logins: frozenset[str] = key("login", "collaborators/edges/node/login")
    pushers: frozenset[str] = key("login", "permission", "totalCount")


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryOutsideCollaborator(RepositoryFact):
    """An outside collaborator of an organization's repository.

    Its subject is `github:collaborator/OWNER/REPO/LOGIN`.

    Attributes:
        login: the account's name.
        account: the account's number, which stays when it is renamed.
        permission: `admin`, `maintain`, `write`, `triage` or `read`. Of a custom role it is the
            one that it is based on.
    """

    requirement = PEOPLE
    source = (
        "POST /graphql repository.collaborators(affiliation: OUTSIDE),"
        f" or {endpoints.OUTSIDERS.source}"
    )
    noun = "outside collaborator"

    gates = (*("viewerCanAdminister", "isInOrganization", "outside/edges", "outside/totalCount"),)

    login: str = key("login", **LOGIN)
    account: int = key("id", graph=graphql("node/databaseId"))
    permission: str = key("permissions", **PERMISSION)


@dataclass(frozen=True, slots=True, kw_only=True)
class CollaboratorInvitation(RepositoryFact):
    """A pending invitation to work on a repository.

    Its subject is `github:collaborator-invitation/OWNER/REPO/ID`.

    Attributes:
        number: GitHub's number for it.
        permissions: what it offers, like `write`.
        created_at: when it was sent.
    """

    requirement = ADMINISTRATION
    endpoint = Endpoint(
        "/repos/{owner}/{repo}/invitations",
        "collaborator-invitation",
        named="{scope}/{identity}",
        label=("invitee/login",),
    )
    depth = Depth.DEEP
    noun = "pending invitation"

    number: int = key("id")
    permissions: Literal["admin", "maintain", "write", "triage", "read"] = key("permissions")
    created_at: datetime = key("created_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationRoster(GitHubFact):
    """The names of all members of an organization (subject `github:org/ORG`).

    Attributes:
        logins: the names, in lower case.
    """

    requirement = MEMBERS
    source = "derived from OrganizationMember"
    noun = "list of members"

    logins: frozenset[str] = key("login")


@dataclass(frozen=True, slots=True, kw_only=True)
class Administration(GitHubFact):
    """How many repositories of an organization each person administers.

    Its subject is `github:org/ORG`. Owners of the organization administer every
    repository, also one that was not looked at.

    Attributes:
        counts: by login, in lower case: on how many of the repositories that were looked at the
            person was seen as an administrator. A person who is missing was seen on none.
        whole: each of these repositories showed all of its admins, so that the counts are
            exact; otherwise they are the least that there can be.
    """

    requirement = PEOPLE
    source = "derived from RepositoryAdministrators"
    noun = "count of administered repositories"

    counts: Mapping[str, int] = key("login", "permission", "permissions")
    whole: bool = key("totalCount", "permission", "permissions")


@dataclass(frozen=True, slots=True, kw_only=True)
class AllAdministrators(RepositoryFact):
    """The admins of a repository, with those who are one by an organization role alone.

    Attributes:
        count: how many they are.
        least: how many were seen.
        by_role: the logins of those whom only an organization role makes one, as far as it was
            read; in lower case.
    """

    requirement = PEOPLE
    source = "derived from RepositoryAdministrators and RoleHolders"

    count: int = key("permission", "totalCount", "permissions")
    least: int = key("permission", "permissions")
    by_role: frozenset[str] = key("login")
