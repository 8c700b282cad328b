"""What an organization knows about its people other than their roles: teams, and activity."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # a dataclass's field types are part of its interface
from typing import Literal


@dataclass(slots=True)
class Team:
    """A team with the logins of its members.

    Attributes:
        maintainers: those of the members who can add others.
        repositories: by `owner/name`, what it can do there, like `WRITE`.
    """

    id: int
    slug: str
    members: frozenset[str] = frozenset()
    maintainers: frozenset[str] = frozenset()
    repositories: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class GrantedRole:
    """A role on an organization, with who holds it.

    Attributes:
        base: the permission that it gives on all repositories; None for none.
        source: who made it.
        permissions: what it allows beyond that.
        users: the logins of those to whom it was given.
        teams: the short names of the teams to which it was given.
        above: the short names of teams of the enterprise with it, with their members.
    """

    id: int
    name: str
    base: Literal["read", "triage", "write", "maintain", "admin"] | None = None
    source: Literal["Organization", "Enterprise", "Predefined"] = "Predefined"
    permissions: tuple[str, ...] = ()
    users: set[str] = field(default_factory=set)
    teams: set[str] = field(default_factory=set)
    above: dict[str, frozenset[str]] = field(default_factory=dict)


def predefined() -> list[GrantedRole]:
    """The roles that every organization has, given to no one.

    Source: the ids and names that configurations of organizations name.
    """
    return [
        GrantedRole(138, "security_manager", "read", permissions=("write_secret_scanning",)),
        GrantedRole(8132, "all_repo_read", "read"),
        GrantedRole(8133, "all_repo_triage", "triage"),
        GrantedRole(8134, "all_repo_write", "write"),
        GrantedRole(8135, "all_repo_maintain", "maintain"),
        GrantedRole(8136, "all_repo_admin", "admin"),
        GrantedRole(
            26237, "ci_cd_admin", None, permissions=("write_organization_actions_settings",)
        ),
        GrantedRole(33679, "app_manager", None, permissions=("write_organization_apps",)),
    ]


@dataclass(frozen=True, slots=True)
class CustomRole:
    """A role in repositories that the organization made.

    Attributes:
        base: the role that it is based on.
        permissions: what it allows beyond that.
    """

    id: int
    name: str
    base: Literal["read", "triage", "write", "maintain"]
    permissions: tuple[str, ...] = ()


@dataclass(slots=True)
class AuditEntry:
    """One line of the audit log; `git` marks those of git, which the web's log leaves out."""

    actor: str
    action: str
    created_at: datetime
    git: bool = False


@dataclass(slots=True)
class Staff:
    """Teams and audit log of an organization.

    Attributes:
        roles: the organization's roles; None if GitHub answers that there are none to show.
        custom: its custom repository roles; GitHub Enterprise Cloud alone has any.
        audit_log: None if there is none: only GitHub Enterprise Cloud has one.
    """

    teams: list[Team] = field(default_factory=list)
    roles: list[GrantedRole] | None = field(default_factory=predefined)
    custom: list[CustomRole] = field(default_factory=list)
    audit_log: list[AuditEntry] | None = None
