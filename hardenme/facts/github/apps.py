"""Apps and members' tokens that reach an organization."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hardenme.facts.github.organization import APP, CONFIGURATIONS, OWNERS_VIEW
from hardenme.facts.github.site import OrganizationFact
from hardenme.model.fact import Endpoint, key
from hardenme.model.permission import any_of, fine_grained

PERSONAL_TOKEN = "personal access token"  # noqa: S105 (a kind of credential)
SSH_KEY = "SSH key"
OAUTH_TOKEN = "OAuth app token"  # noqa: S105 (a kind of credential)
APP_TOKEN = "GitHub app token"  # noqa: S105 (a kind of credential)
CREDENTIALS = (PERSONAL_TOKEN, SSH_KEY, OAUTH_TOKEN, APP_TOKEN)
WRITING = ("write", "admin")
LEVELS = ("read", "write", "admin")
GROUPS = ("organization", "repository", "other")


def levels(held: Mapping[str, str], group: str = "") -> frozenset[str]:
    """The permissions that are held, each like `contents:write`; what is not held is not there.

    Raises:
        ValueError: a level is not one of `LEVELS`.
    """
    if not all(level in LEVELS for level in held.values()):
        raise ValueError("an unknown level")
    return frozenset(f"{group}{permission}:{level}" for permission, level in held.items())


def grouped_levels(held: Mapping[str, Mapping[str, str]]) -> frozenset[str]:
    """The same of groups of permissions, each like `repository/contents:write`.

    Raises:
        ValueError: a group or a level is not known.
    """
    if not held.keys() <= {*GROUPS}:
        raise ValueError("an unknown group")
    return frozenset[str]().union(*(levels(part, f"{group}/") for group, part in held.items()))


def credential(told: str) -> str:
    """The kind of a credential; GitHub writes it with more than one use of capitals.

    Raises:
        ValueError: it is none of `CREDENTIALS`.
    """
    kinds = {kind.lower(): kind for kind in CREDENTIALS}
    if told.lower() not in kinds:
        raise ValueError("an unknown kind")
    return kinds[told.lower()]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppInstallation(OrganizationFact):
    """An app that is installed on an organization (subject `github:installation/ORG/ID`).

    Attributes:
        number: GitHub's number for the installation.
        app: the app's name in addresses.
        repository_selection: `all` or `selected`.
        permissions: what it may do, each like `contents:write`.
        suspended_at: since when it is suspended; None if it is not.
        created_at: when it was installed.
        updated_at: when what it may do was last changed.
    """

    requirement = OWNERS_VIEW
    endpoint = Endpoint(
        "/orgs/{org}/installations",
        "installation",
        named="{scope}/{identity}",
        label=("app",),
        counted=True,
    )
    noun = "installed app"

    number: int = key("id")
    app: str = key("app_slug")
    repository_selection: Literal["all", "selected"] = key("repository_selection")
    permissions: frozenset[str] = key("permissions", by=levels)
    suspended_at: datetime | None = key("suspended_at", nullable=True)
    created_at: datetime = key("created_at")
    updated_at: datetime = key("updated_at")

    def writes(self, name: str) -> bool:
        """Whether it can change what the permission with this name covers."""
        return any(f"{name}:{level}" in self.permissions for level in WRITING)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenGrant(OrganizationFact):
    """A member's fine-grained token that can access an organization.

    Its subject is `github:token-grant/ORG/ID`. Shown to apps only.

    Attributes:
        number: GitHub's number for the grant.
        login: the member's name.
        repository_selection: `all`, `subset` or `none`.
        permissions: what it may do, each like `repository/contents:write`.
        granted_at: since when it is let in.
        expired: its time is over.
        expires_at: None for never.
        last_used: None for never.
    """

    requirement = any_of({fine_grained("organization_personal_access_tokens:read"), APP})
    endpoint = Endpoint(
        "/orgs/{org}/personal-access-tokens",
        "token-grant",
        named="{scope}/{identity}",
        label=("token_name",),
    )
    noun = "fine-grained token of a member"

    number: int = key("id")
    login: str = key("owner/login")
    repository_selection: Literal["all", "subset", "none"] = key("repository_selection")
    permissions: frozenset[str] = key("permissions", by=grouped_levels)
    granted_at: datetime = key("access_granted_at")
    expired: bool = key("token_expired")
    expires_at: datetime | None = key("token_expires_at", nullable=True)
    last_used: datetime | None = key("token_last_used_at", nullable=True)

    def writes(self, name: str) -> bool:
        """Whether it may change what a permission like `repository/contents` is about."""
        return any(f"{name}:{level}" in self.permissions for level in WRITING)


@dataclass(frozen=True, slots=True, kw_only=True)
class SsoCredential(OrganizationFact):
    """A member's credential authorized for SSO (subject `github:sso-credential/ORG/ID`).

    Only organizations of GitHub Enterprise Cloud have such.

    Attributes:
        number: GitHub's number for the authorization.
        login: the member's name.
        kind: one of `CREDENTIALS`.
        scopes: of a classic token or an OAuth app's.
        authorized_at: since when it is let in.
        accessed_at: its last use here; None for never.
        expires_at: of a classic token; None for never.
    """

    requirement = CONFIGURATIONS
    endpoint = Endpoint(
        "/orgs/{org}/credential-authorizations",
        "sso-credential",
        identity="credential_id",
        named="{scope}/{identity}",
        label=("authorized_credential_note", "authorized_credential_title"),
    )
    noun = "credential authorized for SSO"

    gates = ("plan/name",)

    number: int = key("credential_id")
    login: str = key("login")
    kind: str = key("credential_type", by=credential)
    scopes: frozenset[str] = key("scopes")
    authorized_at: datetime = key("credential_authorized_at")
    accessed_at: datetime | None = key("credential_accessed_at", nullable=True)
    expires_at: datetime | None = key("authorized_credential_expires_at", nullable=True)
