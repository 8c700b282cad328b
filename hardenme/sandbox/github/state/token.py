"""Credentials of the sandbox and what they are allowed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # a dataclass's field types are part of its interface
from functools import cache
from typing import Literal

from hardenme.sandbox.github.state.repository import Role  # as above

TokenKind = Literal["classic", "fine-grained", "oauth", "app-user", "installation"]

Membership = Literal["member", "none"]

LEVELS = ("read", "write", "admin")

# Direct children of each classic scope; `expanded` follows them down.
SCOPE_CHILDREN: dict[str, tuple[str, ...]] = {
    "repo": (
        "repo:status", "repo_deployment", "public_repo", "repo:invite", "security_events",
        "write:repo_hook",
    ),
    "admin:repo_hook": ("write:repo_hook",),
    "write:repo_hook": ("read:repo_hook",),
    "admin:org": ("write:org",),
    "write:org": ("read:org",),
    "admin:public_key": ("write:public_key",),
    "write:public_key": ("read:public_key",),
    "admin:gpg_key": ("write:gpg_key",),
    "write:gpg_key": ("read:gpg_key",),
    "admin:ssh_signing_key": ("write:ssh_signing_key",),
    "write:ssh_signing_key": ("read:ssh_signing_key",),
    "user": ("read:user", "user:email", "user:follow"),
    "write:packages": ("read:packages",),
    "project": ("read:project",),
    "write:discussion": ("read:discussion",),
    "codespace": ("codespace:secrets",),
    "admin:enterprise": (
        "manage_runners:enterprise", "manage_billing:enterprise", "read:enterprise",
    ),
}  # fmt: skip


@cache
def expanded(scopes: frozenset[str]) -> frozenset[str]:
    """The scopes together with everything that they include."""
    found = set(scopes)
    queue = list(scopes)
    while queue:
        children = set(SCOPE_CHILDREN.get(queue.pop(), ())) - found
        found |= children
        queue.extend(children)
    return frozenset(found)


@dataclass(slots=True)
class Token:
    """One credential.

    Attributes:
        value: what the client sends; visibly fake.
        login: whom it acts as; None for an installation.
        scopes: classic and OAuth tokens; in GitHub's normalized form (children removed).
        permissions: the other kinds; a permission's name to read, write or admin.
        owner: the user or organization whose resources a fine-grained token or an
            installation reaches; a fine-grained token has exactly one.
        repository_selection: None is all of the owner's repositories, else their names.
        expires_at: None is never; its offset is the one that the header shows.
        sso_blocked: organizations that ask for a single sign-on that the token lacks.
        role_limit: the highest role that its user has on any repository, whatever ownership and
            grants give; None means no limit. So one world can be asked by an administrator and by
            others.
        membership_limit: the same of its user's place in organizations.
    """

    value: str
    kind: TokenKind
    login: str | None
    scopes: frozenset[str] = frozenset()
    permissions: dict[str, str] = field(default_factory=dict)
    owner: str | None = None
    repository_selection: frozenset[str] | None = None
    expires_at: datetime | None = None
    revoked: bool = False
    sso_blocked: frozenset[str] = frozenset()
    role_limit: Role | None = None
    membership_limit: Membership | None = None

    @property
    def scoped(self) -> bool:
        """Whether scopes (classic, OAuth) and not permissions say what it may do."""
        return self.kind in {"classic", "oauth"}

    def grants(self, permission: str) -> bool:
        """Whether it holds a permission written `name:level`, or a higher level of it.

        Every fine-grained token and installation can read metadata of what it reaches.
        """
        name, _, level = permission.rpartition(":")
        held = self.permissions.get(name, "read" if name == "metadata" else "")
        return held in LEVELS and LEVELS.index(held) >= LEVELS.index(level)
