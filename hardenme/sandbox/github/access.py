"""Who asks, what they see and what they may: the one place that decides it.

REST and GraphQL both ask here, so a token cannot learn by one what the other refuses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from hardenme.sandbox.github.permits import (
    ADDRESS_FORBIDDEN,
    APPS_RESTRICTED,
    BY_INTEGRATION,
    BY_TOKEN,
    CLASSIC_FORBIDDEN,
    LIFETIME_FORBIDDEN,
    LIVING,
    SSO_REQUIRED,
    UNDECODED,
    Denial,
    Permit,
)
from hardenme.sandbox.github.state.connected import App
from hardenme.sandbox.github.state.organization import Organization
from hardenme.sandbox.github.state.repository import ROLES, Repository, Role
from hardenme.sandbox.github.state.token import Token, expanded
from hardenme.sandbox.github.world import User, World

BASE_ROLE: dict[str, Role] = {"read": "read", "write": "write", "admin": "admin"}
Subject = Repository | Organization | None


@dataclass(frozen=True, slots=True)
class Caller:
    """The credential of one request, resolved. All parts are None without a credential.

    Attributes:
        world: what there is.
        token: the token that was sent.
        user: whose it is; None for an installation's.
        app: the app that signed the request in place of a token.
    """

    world: World
    token: Token | None
    user: User | None
    app: App | None = None

    @property
    def asker(self) -> Token | App | None:
        """Whose rate limit the request takes from; None for the address."""
        return self.token or self.app

    @property
    def scopes(self) -> frozenset[str]:
        """The token's scopes with everything that they include."""
        return expanded(self.token.scopes) if self.token else frozenset()

    def scoped_for(self, permit: Permit) -> bool:
        """Whether the scopes suffice; a permit without scopes needs none."""
        return not permit.scopes or not self.scopes.isdisjoint(permit.scopes)

    def member_role(self, organization: Organization | None) -> str | None:
        """The user's role in an organization; None for outsiders and installations."""
        if organization is None or self.user is None:
            return None
        role = organization.members.get(self.user.login)
        limit = self.token.membership_limit if self.token else None
        if limit is None or role is None:
            return role
        return None if limit == "none" else limit

    def sees_membership(self, organization: Organization | None) -> bool:
        """Whether the caller is a member and the token is allowed to know it."""
        if organization is None or self.token is None:
            return False
        if self.token.scoped:
            known = "read:org" in self.scopes
        else:
            known = self.reaches(organization) and self.token.grants("members:read")
        is_installation = self.token.kind == "installation"
        return known and (is_installation or self.member_role(organization) is not None)

    def role(self, repository: Repository) -> Role | None:
        """The user's role on a repository, whatever the token may do; None for no role."""
        if self.user is None:
            return None
        membership = self.member_role(self.world.organization(repository.owner))
        role = _role(self.world, repository, self.user.login, membership)
        limit = self.token.role_limit if self.token else None
        return limit if limit and at_least(role, limit) else role

    def cut(self, repository: Repository, logins: set[str]) -> set[str]:
        """The people of a repository that a silent GitHub shows."""
        whole = not self.world.silent or self.user is None or self.role(repository) == "admin"
        return logins if whole else logins & {self.user.login if self.user else ""}

    def reaches(self, subject: Subject) -> bool:
        """Whether a token with permissions was given this account, organization or repository."""
        if self.token is None or self.token.owner is None:
            return False
        owner = self.token.owner.lower()
        if subject is None:
            return self.user is not None and owner == self.user.login.lower()
        if isinstance(subject, Organization):
            return owner == subject.login.lower()
        selection = self.token.repository_selection
        return owner == subject.owner.lower() and (selection is None or subject.name in selection)

    def sees(self, repository: Repository) -> bool:
        """Whether the repository exists for the caller."""
        if not repository.private:
            return True
        if self.token is None:
            return False
        if self.token.kind == "installation":
            return self.reaches(repository)
        if self.role(repository) is None:
            return False
        return "repo" in self.scopes if self.token.scoped else self.reaches(repository)

    def blocked(self, login: str) -> Denial | None:
        """What the organization itself has against the token: single sign-on, or a policy."""
        organization = self.world.organization(login)
        if organization is None or self.token is None:
            return None
        if organization.login in self.token.sso_blocked:
            return Denial("sso", 403, SSO_REQUIRED, sso=organization.login)
        said = self._against(self.token, organization)
        return Denial("policy", 403, said) if said else None

    def _against(self, token: Token, organization: Organization) -> str:
        """What the organization's policies have against the token; empty for nothing."""
        name, days = organization.login, organization.longest_token
        if organization.classic_tokens_forbidden and token.kind == "classic":
            return CLASSIC_FORBIDDEN.format(name)
        if organization.oauth_apps_restricted and token.kind == "oauth":
            return APPS_RESTRICTED.format(name)
        if organization.addresses_restricted:
            return ADDRESS_FORBIDDEN.format(name)
        if days is not None and token.kind in LIVING:
            end = token.expires_at
            if end is None or end - self.world.now > timedelta(days=days):
                kind, page = LIVING[token.kind]
                return LIFETIME_FORBIDDEN.format(name, kind, days, page)
        return ""

    def denial(self, permit: Permit, subject: Subject) -> Denial | None:
        """Why the caller may not do this to the subject; None if they may.

        Args:
            permit: what it needs.
            subject: a repository that the caller sees, an organization, or None for the
                caller's own account.
        """
        if permit.by_app:
            return None if self.app else Denial("credential", 401, UNDECODED)
        if isinstance(subject, Repository | Organization):
            login = subject.owner if isinstance(subject, Repository) else subject.login
            blocked = self.blocked(login)
            if blocked:
                return blocked
        private = isinstance(subject, Repository) and subject.private
        if permit.open_to_public and not private:
            return None
        if self.token is None:
            return Denial("credential", 401, "Requires authentication")
        if permit.apps_only and not self._of_app(permit):
            return Denial("permission", 403, BY_TOKEN)
        return self._denied_token(permit, subject) or self._denied_role(permit, subject)

    def _of_app(self, permit: Permit) -> bool:
        """Whether the token is one of an app that the permit speaks of."""
        kind = self.token.kind if self.token else ""
        return kind == "installation" or (kind == "app-user" and bool(permit.permissions))

    def _denied_token(self, permit: Permit, subject: Subject) -> Denial | None:
        token = self.token
        if token is None or token.scoped:
            return None if self.scoped_for(permit) else Denial("scope", *permit.without_scope)
        refusal = BY_TOKEN if token.kind == "fine-grained" else BY_INTEGRATION
        if permit.permissions is None:
            return Denial("permission", 403, refusal)
        if permit.permissions and not (
            self.reaches(subject)
            and any(all(map(token.grants, every)) for every in permit.permissions)
        ):
            return Denial("permission", 403, refusal)
        of_account = subject is None and not permit.apps_only
        if (of_account or permit.of_user) and self.user is None:
            return Denial("permission", 403, refusal)
        return None

    def _denied_role(self, permit: Permit, subject: Subject) -> Denial | None:
        if permit.role is None or (self.token and self.token.kind == "installation"):
            return None
        if isinstance(subject, Organization):
            role = self.member_role(subject)
            held = role == "admin" if permit.role == "owner" else role is not None
        elif isinstance(subject, Repository):
            held = at_least(self.role(subject), permit.role)
        else:
            held = True
        return None if held else Denial("role", *permit.without_role)


def at_least(role: Role | None, least: str) -> bool:
    """Whether a role on a repository includes another one."""
    names: tuple[str, ...] = ROLES
    return role is not None and names.index(role) >= names.index(least)


def role_of(world: World, repository: Repository, login: str) -> Role | None:
    """The highest role that ownership, membership or a direct grant gives a user."""
    organization = world.organization(repository.owner)
    membership = organization.members.get(login) if organization else None
    return _role(world, repository, login, membership)


def _role(world: World, repository: Repository, login: str, membership: str | None) -> Role | None:
    if repository.owner == login or membership == "admin":
        return "admin"
    organization = world.organization(repository.owner)
    roles = [repository.collaborators.get(login)]
    if organization and membership == "member":
        roles.append(BASE_ROLE.get(organization.settings.default_repository_permission))
    if membership and repository.visibility == "internal":
        roles.append("read")
    held = [role for role in roles if role is not None]
    return max(held, key=ROLES.index) if held else None
