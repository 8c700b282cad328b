"""What a request needs, and what GitHub says to a token that does not have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hardenme.sandbox.github.state.repository import Role  # a field's type

NOT_FOUND = "Not Found"
ADMIN_RIGHTS = "Must have admin rights to Repository."
PUSH_ACCESS = "Must have push access to view repository collaborators."
BY_TOKEN = "Resource not accessible by personal access token"  # noqa: S105  # an error's text
BY_INTEGRATION = "Resource not accessible by integration"
UNDECODED = "A JSON web token could not be decoded"
SSO_REQUIRED = (
    "Resource protected by organization SAML enforcement. You must grant your Personal Access "
    "token access to this organization."
)
CLASSIC_FORBIDDEN = (
    "`{}` forbids access via a personal access token (classic). Please use a GitHub App, OAuth "
    "App, or a personal access token with fine-grained permissions."
)
LIFETIME_FORBIDDEN = (
    "The '{}' organization forbids access via a {} if the token's lifetime is greater than {} "
    "days. Please adjust your token's lifetime at the following URL: "
    "https://github.com/settings/{}"
)
ADDRESS_FORBIDDEN = (
    "Although you appear to have the correct authorization credentials, the `{}` organization has "
    "an IP allow list enabled, and your IP address is not permitted to access this resource."
)
APPS_RESTRICTED = (
    "Although you appear to have the correct authorization credentials, the `{}` organization has "
    "enabled OAuth App access restrictions, meaning that data access to third-parties is limited. "
    "For more information on these restrictions, including how to enable this app, visit "
    "https://docs.github.com/articles/restricting-access-to-your-organization-s-data/"
)
LIVING = {
    "classic": ("personal access tokens (classic)", "tokens/4277325"),
    "fine-grained": ("fine-grained personal access tokens", "personal-access-tokens/4277325"),
}
"""How GitHub writes the kinds of token whose lifetime can be bounded, and where they are changed.

The sentences are those that users report of the live API.
"""

Permissions = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Permit:
    """The permission that one endpoint needs.

    Attributes:
        scopes: of a classic token any one of these, or one that includes it; empty is none.
        permissions: of the other kinds, any-of over all-of, each `name:level`; empty is none; None
            if they cannot use the endpoint at all.
        role: the least role on the repository; `owner` or `member` on an organization.
        of_user: it is about the token's user; an installation has none.
        by_app: an app's own signed word, and nothing else, is answered.
        apps_only: only an app's token is answered: its installation's, and if a permission is
            needed, one that it has for a user too.
        open_to_public: everyone is answered, except about a private repository.
        without_scope: status and message for a classic token that lacks the scope.
        without_role: the same for a user who lacks the role.
    """

    scopes: tuple[str, ...] = ()
    permissions: Permissions | None = ()
    role: Role | Literal["owner", "member"] | None = None
    of_user: bool = False
    by_app: bool = False
    apps_only: bool = False
    open_to_public: bool = False
    without_scope: tuple[int, str] = (404, NOT_FOUND)
    without_role: tuple[int, str] = (403, ADMIN_RIGHTS)

    @property
    def accepted_scopes(self) -> str:
        """The header `x-accepted-oauth-scopes`."""
        return ", ".join(self.scopes)

    @property
    def accepted_permissions(self) -> str:
        """The header `x-accepted-github-permissions`: a comma is and, a semicolon is or."""
        if not self.permissions:
            return "allows_permissionless_access=true"
        return "; ".join(
            ",".join(permission.replace(":", "=") for permission in every)
            for every in self.permissions
        )


@dataclass(frozen=True, slots=True)
class Denial:
    """Why a request is refused, as REST and GraphQL both need it."""

    kind: Literal["credential", "scope", "permission", "role", "sso", "policy"]
    status: int
    message: str
    sso: str | None = None


EVERYBODY = Permit(open_to_public=True)
REPOSITORIES = Permit(permissions=(("metadata:read",),), open_to_public=True)
"""Lists of repositories: everyone is answered, with those that they may see."""


def account(permission: str, *scopes: str) -> Permit:
    """A permit on the token's own account."""
    return Permit(scopes=scopes, permissions=((permission,),))


def administration(level: str = "read", *, hidden: bool = False) -> Permit:
    """A permit for a repository's administrator; `hidden` refuses with a plain 404."""
    return Permit(
        scopes=("repo",),
        permissions=((f"administration:{level}",),),
        role="admin",
        without_role=(404, NOT_FOUND) if hidden else (403, ADMIN_RIGHTS),
    )


def readable(permission: str) -> Permit:
    """A permit for what everyone reads in a public repository, and readers in a private one."""
    return Permit(scopes=("repo",), permissions=((permission,),), role="read", open_to_public=True)


def owner(permission: str, *scopes: str) -> Permit:
    """A permit for an owner of an organization."""
    return Permit(
        scopes=scopes or ("admin:org",),
        permissions=((permission,),),
        role="owner",
        without_scope=(403, ADMIN_RIGHTS),
    )


def of_apps(permission: str) -> Permit:
    """A permit for an app, of an organization's installation or of one of its owners."""
    return Permit(permissions=((permission,),), role="owner", apps_only=True)
