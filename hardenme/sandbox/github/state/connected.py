"""What is connected to an organization: webhooks, apps, tokens and runners."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # a dataclass's field types are part of its interface
from typing import Literal

Selection = Literal["none", "all", "subset"]


@dataclass(slots=True)
class App:
    """A GitHub App, and the key that its signed word is verified with.

    Attributes:
        owner: the login of the account that registered it.
        public_key: PEM of an RSA key.
    """

    id: int
    slug: str
    owner: str
    public_key: bytes = b""


@dataclass(slots=True)
class Installation:
    """An app on an organization.

    Attributes:
        permissions: a permission's name to read, write or admin.
        selection: all repositories, or those that were selected.
        repositories: the names of these.
        suspended_by: the login of who suspended it.
    """

    id: int
    app: App
    created_at: datetime
    permissions: dict[str, str] = field(default_factory=dict)
    selection: Literal["all", "selected"] = "selected"
    repositories: frozenset[str] = frozenset()
    suspended_at: datetime | None = None
    suspended_by: str | None = None


@dataclass(slots=True)
class TokenGrant:
    """A fine-grained token of a member that the organization approved, or is asked to.

    Attributes:
        owner: the member's login.
        repository: permissions on repositories, by name.
        organization: permissions on the organization, by name.
        reason: what the member wrote; only a request has it.
    """

    id: int
    owner: str
    name: str
    granted_at: datetime
    expires_at: datetime | None = None
    last_used: datetime | None = None
    selection: Selection = "subset"
    repository: dict[str, str] = field(default_factory=dict)
    organization: dict[str, str] = field(default_factory=dict)
    reason: str | None = None


@dataclass(slots=True)
class SsoCredential:
    """A member's credential authorized for SSO.

    Attributes:
        owner: the member's login.
        scopes: None for a kind that has none.
        name: the token's note, or the key's title.
    """

    id: int
    owner: str
    type: Literal["personal access token", "SSH key", "OAuth app token", "GitHub app token"]
    authorized_at: datetime
    accessed_at: datetime | None = None
    scopes: tuple[str, ...] | None = None
    expires_at: datetime | None = None
    name: str = ""


@dataclass(slots=True)
class Runner:
    """A self-hosted runner; `group` is None on a repository."""

    id: int
    name: str
    group: int | None = None
    ephemeral: bool = False


@dataclass(slots=True)
class RunnerGroup:
    """A group of self-hosted runners.

    Attributes:
        repositories: their names; they matter where the visibility is selected.
        inherited: it is the enterprise's.
    """

    id: int
    name: str
    visibility: Literal["all", "private", "selected"] = "all"
    allows_public_repositories: bool = False
    repositories: frozenset[str] = frozenset()
    default: bool = False
    inherited: bool = False


@dataclass(slots=True)
class SentEvent:
    """A delivery of a webhook.

    Attributes:
        url: where it went.
        status_code: what the receiver answered with; 0 if it did not answer.
        repository: the number of the repository that it is about.
    """

    id: int
    at: datetime
    url: str
    event: str = "push"
    action: str | None = None
    status_code: int = 200
    redelivery: bool = False
    repository: int | None = None


@dataclass(slots=True)
class Hook:
    """A webhook; the API shows `********` for a secret, and no key where there is none.

    Attributes:
        sent: its deliveries, the newest first.
    """

    id: int
    url: str
    created_at: datetime
    updated_at: datetime
    events: list[str] = field(default_factory=lambda: ["push"])
    active: bool = True
    insecure_ssl: Literal["0", "1"] = "0"
    content_type: Literal["json", "form"] = "json"
    has_secret: bool = True
    sent: list[SentEvent] = field(default_factory=list)


@dataclass(slots=True)
class OrganizationSecret:
    """An Actions secret of an organization; `repositories` matters where it is `selected`."""

    name: str
    created_at: datetime
    updated_at: datetime
    visibility: Literal["all", "private", "selected"] = "all"
    repositories: frozenset[str] = frozenset()

    def reaches(self, repository: str, *, private: bool) -> bool:
        """Whether workflows of the repository can read it."""
        if self.visibility == "selected":
            return repository in self.repositories
        return self.visibility == "all" or private


@dataclass(slots=True)
class Connected:
    """All that is connected to one organization.

    Attributes:
        installations: apps that are installed.
        token_grants: members' fine-grained tokens that were approved.
        token_requests: those that wait for approval.
        sso_credentials: members' credentials; only an enterprise's plan has such.
        dependabot_secrets: like the secrets of Actions, for Dependabot's runs.
        variables: like the secrets of Actions; their values are shown.
    """

    hooks: list[Hook] = field(default_factory=list)
    installations: list[Installation] = field(default_factory=list)
    token_grants: list[TokenGrant] = field(default_factory=list)
    token_requests: list[TokenGrant] = field(default_factory=list)
    sso_credentials: list[SsoCredential] = field(default_factory=list)
    dependabot_secrets: list[OrganizationSecret] = field(default_factory=list)
    variables: list[OrganizationSecret] = field(default_factory=list)
    runner_groups: list[RunnerGroup] = field(default_factory=list)
    runners: list[Runner] = field(default_factory=list)
