"""What an organization knows of its people beside their roles: teams, and what they did."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # a dataclass's field types are part of its interface


@dataclass(slots=True)
class Team:
    """A team with the logins of its members."""

    id: int
    slug: str
    members: frozenset[str] = frozenset()


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
        audit_log: None where there is none: only GitHub Enterprise Cloud has one.
    """

    teams: list[Team] = field(default_factory=list)
    audit_log: list[AuditEntry] | None = None
