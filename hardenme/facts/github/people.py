"""An organization's members, outside collaborators and pending invitations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from hardenme.facts.github import endpoints
from hardenme.facts.github.site import GitHubFact, OrganizationFact
from hardenme.model.depth import Depth
from hardenme.model.fact import given, key
from hardenme.model.permission import any_of, classic, fine_grained, role
from hardenme.model.values import flag, number

OWNER = role("organization owner")
MEMBERS = any_of(classic("read:org"), fine_grained("members:read"))
NAMED_TEAMS = 10
"""Of a member's teams, so many are named; all of them are counted."""
MEMBERS_AS_OWNER = any_of(
    {classic("read:org"), OWNER},
    {fine_grained("members:read"), OWNER},
)
ROLES = {"ADMIN": "admin", "MEMBER": "member"}
MEMBERSHIP = ("organization/login", "role", "state")
"""The account's role in the organization: what a list leaves out depends on it."""
LISTED = (*MEMBERSHIP, "organization/membersWithRole/edges/node/login")
"""The same, with where the members are listed."""
ASKED_OF = (*LISTED, "organization/id")
"""The same, where GraphQL is asked about each of them in the organization."""


def contributed(told: Mapping[str, Any]) -> bool:
    """Whether there is a contribution. Of private ones GitHub shows only the number.

    Raises:
        KeyError: a key is not there.
        TypeError: it holds something else.
    """
    shown = flag(told["hasAnyContributions"])
    return shown or number(told["restrictedContributionsCount"]) > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationMember(OrganizationFact):
    """A member of an organization (subject `github:member/ORG/LOGIN`).

    Attributes:
        login: the account's name.
        account: the account's number, which stays when it is renamed.
        role: `admin` (an owner) or `member`.
    """

    requirement = MEMBERS
    source = f"POST /graphql organization.membersWithRole, {endpoints.MEMBERSHIP.source}"
    noun = "member"

    gates = LISTED

    login: str = key("node/login")
    account: int = key("node/databaseId")
    role: str = key("role", by=ROLES.__getitem__)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberTwoFactor(OrganizationFact):
    """Whether a member has 2FA (subject `github:member/ORG/LOGIN`).

    Attributes:
        account: the account's number.
        enabled: 2FA is set up. Shown to owners only.
    """

    requirement = MEMBERS_AS_OWNER
    source = (
        "POST /graphql organization.membersWithRole.hasTwoFactorEnabled,"
        f" or {endpoints.WITHOUT_FACTOR.source}"
    )
    noun = "member"

    gates = LISTED

    account: int = key("node/databaseId")
    enabled: bool = key("hasTwoFactorEnabled")


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberTwoFactorMethod(OrganizationFact):
    """Whether a member's 2FA accepts text messages (subject `github:member/ORG/LOGIN`).

    GitHub lists members by 2FA method, and members without 2FA, to owners only. A member who is not
    on a list passes only where the account is known to be an owner.

    Attributes:
        account: the account's number.
        disabled: the member is listed among those without 2FA.
        insecure: the member is listed among those whose factor can be a text message.
    """

    requirement = MEMBERS_AS_OWNER
    judged_by_role = True
    source = f"{endpoints.WITHOUT_FACTOR.source} and 2fa_insecure, {endpoints.MEMBERSHIP.source}"
    noun = "member"

    gates = LISTED

    account: int = key("node/databaseId")
    disabled: bool = key("login", "hasTwoFactorEnabled")
    insecure: bool = key("login", "role")


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberContributions(OrganizationFact):
    """What a member did in the organization recently (subject `github:member/ORG/LOGIN`).

    Attributes:
        any: a commit, an issue, a pull request, a review or a private contribution counts.
        since: the start of the time that was asked for.
    """

    requirement = MEMBERS
    source = "POST /graphql user.contributionsCollection(organizationID)"
    noun = "member"

    gates = (*ASKED_OF, "u*/contributionsCollection")

    any: bool = key(
        "hasAnyContributions", "restrictedContributionsCount", by=contributed, beside=True
    )
    since: datetime = key("startedAt")


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberTeams(OrganizationFact):
    """The teams of a member (subject `github:member/ORG/LOGIN`).

    Attributes:
        count: how many they are, of those that the account sees.
        names: their short names, `NAMED_TEAMS` at most.
    """

    requirement = MEMBERS
    source = "POST /graphql organization.teams(userLogins)"
    noun = "member"

    gates = (*ASKED_OF, "organization/t*")

    count: int = key("totalCount")
    names: tuple[str, ...] = key("nodes/*/slug")


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRepository(OrganizationFact):
    """One of the newest public repositories of a member's own account.

    Its subject is `github:member-repository/ORG/LOGIN/NAME`.

    Attributes:
        number: GitHub's number for it.
        login: whose it is.
        created_at: when it was created.
        visibility: `public`: others are not asked for.
    """

    requirement = MEMBERS
    source = "POST /graphql user.repositories(privacy: PUBLIC)"
    noun = "newest public repository of a member"

    gates = (*LISTED, "u*/repositories/nodes", "u*/repositories/nodes/name")

    number: int = key("databaseId")
    login: str = given("whose repositories are asked for")
    created_at: datetime = key("createdAt")
    visibility: str = key("visibility", by=str.lower)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberAuditTrail(OrganizationFact):
    """Whether the audit log names a member who shows no contribution.

    It exists in organizations of GitHub Enterprise Cloud (subject `github:member/ORG/LOGIN`).

    Attributes:
        seen: it holds something that the member did.
        since: the start of the time that was asked for.
    """

    requirement = any_of(
        {classic("read:audit_log"), OWNER},
        {fine_grained("organization_administration:read"), OWNER},
    )
    endpoint = endpoints.AUDIT_LOG.asking("phrase=actor:LOGIN")
    noun = "member"
    depth = Depth.DEEP

    gates = MemberContributions.gates

    seen: bool = key("actor", "hasAnyContributions", "restrictedContributionsCount", "startedAt")
    since: datetime = given("the time that is asked for")


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberActivity(GitHubFact):
    """A member's recent activity in the organization (subject `github:member/ORG/LOGIN`).

    Attributes:
        active: there is one within the profile's limit. Contributions alone can only show that
            there is; that there is none takes an audit log.
        by: what shows it: `contributions` or `audit log`; empty if nothing does.
        since: the start of the time that was looked at.
    """

    requirement = MEMBERS
    source = "derived from MemberContributions and MemberAuditTrail"
    noun = "member"

    active: bool = key("hasAnyContributions", "actor")
    by: str = key("hasAnyContributions", "actor")
    since: datetime = key("startedAt")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideCollaborators(OrganizationFact):
    """The outside collaborators of an organization (subject `github:org/ORG`).

    Attributes:
        logins: the accounts' names. Where the answer says that it is incomplete, there are more.
        accounts: the accounts' numbers, in the same order.
    """

    requirement = MEMBERS_AS_OWNER
    source = f"{endpoints.OUTSIDE.source}, {endpoints.MEMBERSHIP.source}"
    noun = "outside collaborator"

    gates = MEMBERSHIP

    logins: tuple[str, ...] = key("login", "role")
    accounts: tuple[int, ...] = key("id")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideTwoFactor(OrganizationFact):
    """The 2FA of an outside collaborator.

    Its subject is `github:outside-collaborator/ORG/LOGIN`. GitHub lists to owners only who has
    none, and whose can be a text message.

    Attributes:
        account: the account's number.
        enabled: 2FA is set up.
        insecure: it can be a text message.
    """

    requirement = MEMBERS_AS_OWNER
    judged_by_role = True
    source = (
        f"{endpoints.OUTSIDE_WITHOUT_FACTOR.source} and 2fa_insecure, {endpoints.MEMBERSHIP.source}"
    )
    noun = "outside collaborator"

    gates = MEMBERSHIP

    account: int = key("id")
    enabled: bool = key("login", "role")
    insecure: bool = key("login", "role")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideAccess(GitHubFact):
    """An outside collaborator's roles on the repositories that were read.

    Its subject is `github:outside-collaborator/ORG/LOGIN`.

    Attributes:
        login: the account's name.
        powerful: the repositories with the role `admin` or `maintain`, sorted.
        highest: the highest role on any of them.
        repositories: how many of the repositories that were looked at are open to it.
    """

    requirement = MEMBERS_AS_OWNER
    source = "derived from OutsideCollaborators and RepositoryOutsideCollaborator"
    noun = "outside collaborator"

    login: str = key("login")
    powerful: tuple[str, ...] = key("permission", "permissions")
    highest: str = key("permission", "permissions")
    repositories: int = key()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationInvitation(OrganizationFact):
    """A pending invitation to the organization (subject `github:org-invitation/ORG/ID`).

    Attributes:
        number: GitHub's number for it.
        role: what was offered: `direct_member`, `admin` (an owner), `billing_manager`,
            `hiring_manager` or `reinstate`.
        created_at: when it was sent.
    """

    requirement = any_of(
        {classic("admin:org"), OWNER},
        {fine_grained("members:read"), OWNER},
    )
    endpoint = endpoints.INVITATIONS
    noun = "pending invitation"

    number: int = key("id")
    role: Literal["direct_member", "admin", "billing_manager", "hiring_manager", "reinstate"] = key(
        "role"
    )
    created_at: datetime = key("created_at")
