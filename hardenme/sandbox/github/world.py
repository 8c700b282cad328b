"""The state of one imaginary GitHub: a scenario builds it, the server answers from it.

A test may change it between requests; nothing is cached that a change would make wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # a dataclass's field types are part of its interface

from hardenme.sandbox.github.state.actions import ActionsPolicy, ForkWorkflows
from hardenme.sandbox.github.state.connected import App, Hook, OrganizationSecret
from hardenme.sandbox.github.state.organization import (
    Enterprise,
    Organization,
    OrganizationInvitation,
    OrganizationSettings,
)
from hardenme.sandbox.github.state.people import Email, FeedEntry, GpgKey, SshKey, User
from hardenme.sandbox.github.state.policies import ExecutionPolicy, Policies, SecurityConfiguration
from hardenme.sandbox.github.state.repository import (
    ROLES,
    DeployKey,
    Environment,
    Release,
    Repository,
    RepositoryInvitation,
    RepositorySecret,
    Role,
    SecretAlert,
    SecurityAndAnalysis,
    VulnerabilityAlert,
)
from hardenme.sandbox.github.state.rules import (
    BranchProtection,
    BypassActor,
    ReviewProtection,
    Rule,
    Ruleset,
    RuleSuite,
    StatusChecks,
)
from hardenme.sandbox.github.state.staff import AuditEntry, Team
from hardenme.sandbox.github.state.token import Token

__all__ = [
    "ROLES",
    "ActionsPolicy",
    "App",
    "AuditEntry",
    "BranchProtection",
    "BypassActor",
    "DeployKey",
    "Email",
    "Enterprise",
    "Environment",
    "ExecutionPolicy",
    "FeedEntry",
    "ForkWorkflows",
    "GpgKey",
    "Hook",
    "Organization",
    "OrganizationInvitation",
    "OrganizationSecret",
    "OrganizationSettings",
    "Policies",
    "Release",
    "Repository",
    "RepositoryInvitation",
    "RepositorySecret",
    "ReviewProtection",
    "Role",
    "Rule",
    "RuleSuite",
    "Ruleset",
    "SecretAlert",
    "SecurityAndAnalysis",
    "SecurityConfiguration",
    "SshKey",
    "StatusChecks",
    "Team",
    "Token",
    "User",
    "VulnerabilityAlert",
    "World",
]


@dataclass(slots=True)
class World:
    """Everything that the server knows.

    Attributes:
        apps: the apps whose signed word counts.
        now: the one clock: the `Date` header and every age are reckoned from it.
        limit: requests an hour that REST allows a token.
        anonymous_limit: the same without a token.
        graphql_limit: points an hour that GraphQL allows a token.
        read_user_reads_two_factor: whether the classic scope `read:user` is enough for
            `two_factor_authentication`. GitHub's description names `user`, so it is off.
        fine_grained_reads_two_factor: whether a fine-grained token gets that key. Nothing
            documents it, so it is off: the key is absent.
        silent: whether lists are cut without notice for those who may not see all of them, where
            GitHub does not document it. These are collaborators for anyone but administrators, and
            alerts in GraphQL for tokens with scopes (all see that these are on). They are also an
            organization's outside collaborators and filters by 2FA for anyone but owners.
    """

    now: datetime
    users: list[User] = field(default_factory=list)
    organizations: list[Organization] = field(default_factory=list)
    enterprises: list[Enterprise] = field(default_factory=list)
    repositories: list[Repository] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    apps: list[App] = field(default_factory=list)
    limit: int = 5000
    anonymous_limit: int = 60
    graphql_limit: int = 5000
    read_user_reads_two_factor: bool = False
    fine_grained_reads_two_factor: bool = False
    silent: bool = False
    _by_name: dict[str, Repository] = field(default_factory=dict, repr=False)

    def user(self, login: str) -> User | None:
        """The user of this login; case does not matter."""
        wanted = login.lower()
        return next((u for u in self.users if u.login.lower() == wanted), None)

    def organization(self, login: str) -> Organization | None:
        """The organization of this login; case does not matter."""
        wanted = login.lower()
        return next((o for o in self.organizations if o.login.lower() == wanted), None)

    def repository(self, full_name: str) -> Repository | None:
        """The repository of this full name; case does not matter, former names do not count."""
        wanted = full_name.lower()
        known = self._by_name.get(wanted)
        if (
            known is None
            or known.full_name.lower() != wanted
            or len(self._by_name) != len(self.repositories)
        ):
            self._by_name = {r.full_name.lower(): r for r in self.repositories}
        return self._by_name.get(wanted)

    def renamed(self, full_name: str) -> Repository | None:
        """The repository that once had this full name."""
        wanted = full_name.lower()
        return next(
            (r for r in self.repositories if wanted in map(str.lower, r.former_names)), None
        )

    def repository_by_id(self, number: int) -> Repository | None:
        """The repository of this id."""
        return next((r for r in self.repositories if r.id == number), None)

    def repositories_of(self, owner: str) -> list[Repository]:
        """The repositories of a user or an organization, by name."""
        wanted = owner.lower()
        found = (r for r in self.repositories if r.owner.lower() == wanted)
        return sorted(found, key=lambda r: r.name.lower())

    def token(self, value: str) -> Token | None:
        """The credential of this value, revoked or not."""
        return next((t for t in self.tokens if t.value == value), None)

    def plan_of(self, owner: str) -> str:
        """The plan of a user or an organization."""
        account = self.organization(owner) or self.user(owner)
        return account.plan if account else "free"

    def rules_offered(self, repository: Repository) -> bool:
        """Whether the plan offers branch protection and rulesets for this repository."""
        return not repository.private or self.plan_of(repository.owner) != "free"

    def rulesets_of(self, repository: Repository, *, parents: bool = True) -> list[Ruleset]:
        """The rulesets of a repository and, with `parents`, those its organization applies."""
        owner = self.organization(repository.owner) if parents else None
        inherited = [s for s in owner.rulesets if s.concerns(repository.name)] if owner else []
        return [*inherited, *repository.rulesets]

    def active_rulesets(self, repository: Repository, branch: str) -> list[Ruleset]:
        """The rulesets that bind a branch now: active, and offered by the plan."""
        if not self.rules_offered(repository):
            return []
        return [
            ruleset
            for ruleset in self.rulesets_of(repository)
            if ruleset.enforcement == "active" and ruleset.covers(branch, repository.default_branch)
        ]

    def active_tag_rulesets(self, repository: Repository, tag: str) -> list[Ruleset]:
        """The rulesets that bind a tag now: active, and offered by the plan."""
        if not self.rules_offered(repository):
            return []
        return [
            ruleset
            for ruleset in self.rulesets_of(repository)
            if ruleset.enforcement == "active" and ruleset.covers_tag(tag)
        ]

    def secrets_inherited(self, repository: Repository) -> list[OrganizationSecret]:
        """The organization's Actions secrets that the repository's workflows can read."""
        owner = self.organization(repository.owner)
        secrets = owner.secrets if owner else []
        return [s for s in secrets if s.reaches(repository.name, private=repository.private)]

    def outside_collaborators(self, organization: Organization) -> list[str]:
        """Logins with access to a repository of the organization that are not its members."""
        logins = {
            login
            for repository in self.repositories_of(organization.login)
            for login in repository.collaborators
        }
        return sorted(logins - set(organization.members))
