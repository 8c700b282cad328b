"""Organizations of the sandbox."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # a dataclass's field types are part of its interface
from typing import Any, Literal

from hardenme.sandbox.github.state.actions import ActionsPolicy  # the same
from hardenme.sandbox.github.state.connected import Connected, OrganizationSecret  # the same
from hardenme.sandbox.github.state.people import node_id
from hardenme.sandbox.github.state.policies import Policies  # the same
from hardenme.sandbox.github.state.rules import Ruleset  # the same
from hardenme.sandbox.github.state.staff import Staff  # the same

OrganizationRole = Literal["admin", "member", "billing_manager"]


@dataclass(slots=True)
class OrganizationSettings:
    """What only an owner reads; the names are those of `GET /orgs/{org}`."""

    two_factor_requirement_enabled: bool = False
    default_repository_permission: Literal["none", "read", "write", "admin"] = "read"
    members_can_create_repositories: bool = True
    members_allowed_repository_creation_type: Literal["all", "private", "none"] = "all"
    members_can_create_public_repositories: bool = True
    members_can_create_private_repositories: bool = True
    members_can_create_internal_repositories: bool = False
    members_can_create_pages: bool = True
    members_can_create_public_pages: bool = True
    members_can_create_private_pages: bool = True
    members_can_delete_repositories: bool = True
    members_can_change_repo_visibility: bool = True
    members_can_invite_outside_collaborators: bool = True
    members_can_delete_issues: bool = False
    members_can_create_teams: bool = True
    members_can_fork_private_repositories: bool = False
    members_can_view_dependency_insights: bool = True
    readers_can_create_discussions: bool = True
    web_commit_signoff_required: bool = False
    deploy_keys_enabled_for_repositories: bool = True


@dataclass(slots=True)
class OrganizationInvitation:
    """A pending invitation to an organization; `login` is None if an address was invited."""

    id: int
    login: str | None
    inviter: str
    created_at: datetime
    role: Literal["direct_member", "admin", "billing_manager"] = "direct_member"
    email: str | None = None


@dataclass(slots=True)
class Enterprise:
    """An enterprise account.

    Attributes:
        slug: its name in its page's address.
        owners: the logins of those who administer it.
        organizations: the logins of those that it owns.
    """

    id: int
    slug: str
    owners: frozenset[str]
    organizations: tuple[str, ...]


@dataclass(slots=True)
class Organization:
    """An organization.

    Attributes:
        members: a login to its role, `admin` being an owner.
        public_members: who shows the membership to everyone.
        verified: whether a domain is verified.
        classic_tokens_forbidden: whether personal access tokens (classic) are refused.
        oauth_apps_restricted: whether tokens of OAuth apps that no owner approved are refused.
        addresses_restricted: whether the caller's address is not on the IP allow list.
        longest_token: days that a person's token may live; None for no bound.
        plain: differences of its plain objects, by path (`rest/plain.py`).
    """

    login: str
    id: int
    created_at: datetime
    members: dict[str, OrganizationRole] = field(default_factory=dict)
    public_members: frozenset[str] = frozenset()
    name: str | None = None
    description: str | None = None
    plan: str = "free"
    verified: bool = False
    settings: OrganizationSettings = field(default_factory=OrganizationSettings)
    actions: ActionsPolicy = field(default_factory=ActionsPolicy)
    invitations: list[OrganizationInvitation] = field(default_factory=list)
    secrets: list[OrganizationSecret] = field(default_factory=list)
    rulesets: list[Ruleset] = field(default_factory=list)
    connected: Connected = field(default_factory=Connected)
    staff: Staff = field(default_factory=Staff)
    policies: Policies = field(default_factory=Policies)
    classic_tokens_forbidden: bool = False
    oauth_apps_restricted: bool = False
    addresses_restricted: bool = False
    longest_token: int | None = None
    plain: dict[str, Any] = field(default_factory=dict)

    @property
    def node_id(self) -> str:
        """The organization's global node id."""
        return node_id("O", self.id)

    @property
    def two_factor_required(self) -> bool:
        """Whether every member must have two-factor authentication."""
        return self.settings.two_factor_requirement_enabled
