"""The account behind the token."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hardenme.facts.github import endpoints
from hardenme.facts.github.people import contributed
from hardenme.facts.github.public_key import parse_public_key
from hardenme.facts.github.site import AccountFact, GitHubFact
from hardenme.model.fact import Endpoint, key
from hardenme.model.pages import GUIDES
from hardenme.model.permission import any_of, classic, fine_grained, role


@dataclass(frozen=True, slots=True, kw_only=True)
class Account(AccountFact):
    """The account's identity (subject `github:user/LOGIN`).

    Attributes:
        login: the account's name.
        public_repositories: how many public repositories it owns.
    """

    endpoint = endpoints.ACCOUNT

    login: str = key("login")
    public_repositories: int = key("public_repos")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPrivateProfile(AccountFact):
    """What only the private view of the account shows.

    Attributes:
        owned_private_repositories: how many private repositories it owns.
    """

    requirement = any_of(classic("user"))
    endpoint = endpoints.ACCOUNT

    owned_private_repositories: int = key("owned_private_repos")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountTwoFactor(AccountFact):
    """Whether 2FA is on. GitHub leaves the key out of the public view.

    Attributes:
        enabled: whether 2FA is set up.
    """

    requirement = any_of(classic("user"))
    endpoint = endpoints.ACCOUNT

    enabled: bool = key("two_factor_authentication")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPractice(GitHubFact):
    """How a person looks after an account (subject `practice:user/LOGIN`): no API shows it.

    Attributes:
        login: the account's name.
    """

    source = "derived from Account"
    noun = "account whose owner can be asked"

    login: str = key("login")

    @staticmethod
    def guide(name: str) -> str:
        """The address of a page that says what to do where no settings page shows it.

        Args:
            name: a key of `GUIDES`.
        """
        return GUIDES[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class SshKey(AccountFact):
    """A key that can push (subject `github:ssh-key/ID`).

    Attributes:
        key_id: GitHub's number for it.
        algorithm: as the key itself says, like `ssh-ed25519`.
        bits: the modulus of an RSA or DSS key; 0 for the other algorithms.
        created_at: when it was added.
        last_used: when it was last used; None for never.
    """

    requirement = any_of(classic("read:public_key"), fine_grained("keys:read"))
    endpoint = Endpoint("/user/keys", "ssh-key", label=("title",))
    noun = "SSH key"
    listed_by = Account

    key_id: int = key("id")
    algorithm: str = key("key", by=lambda line: parse_public_key(line).algorithm)
    bits: int = key("key", by=lambda line: parse_public_key(line).bits)
    created_at: datetime = key("created_at")
    last_used: datetime | None = key("last_used", nullable=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class SshSigningKey(AccountFact):
    """A key that signs commits (subject `github:ssh-signing-key/ID`).

    Attributes:
        key_id: GitHub's number for it.
        created_at: when it was added.
    """

    requirement = any_of(
        classic("read:ssh_signing_key"), fine_grained("git_signing_ssh_public_keys:read")
    )
    endpoint = Endpoint("/user/ssh_signing_keys", "ssh-signing-key", label=("title",))
    noun = "SSH signing key"
    listed_by = Account

    key_id: int = key("id")
    created_at: datetime = key("created_at")


@dataclass(frozen=True, slots=True)
class Subkey:
    """A part of a GPG key.

    Attributes:
        key_id: its short id in hex.
        expires_at: None for never.
        revoked: whether it was withdrawn.
    """

    key_id: str = key("key_id")
    expires_at: datetime | None = key("expires_at", nullable=True)
    revoked: bool = key("revoked")


@dataclass(frozen=True, slots=True, kw_only=True)
class GpgKey(AccountFact):
    """A GPG key (subject `github:gpg-key/ID`).

    Attributes:
        number: GitHub's number for it.
        key_id: its short id in hex.
        created_at: when it was added.
        expires_at: None for never.
        revoked: whether it was withdrawn.
        subkeys: its parts.
    """

    requirement = any_of(classic("read:gpg_key"), fine_grained("gpg_keys:read"))
    endpoint = Endpoint("/user/gpg_keys", "gpg-key", label=("key_id",))
    noun = "GPG key"
    listed_by = Account

    number: int = key("id")
    key_id: str = key("key_id")
    created_at: datetime = key("created_at")
    expires_at: datetime | None = key("expires_at", nullable=True)
    revoked: bool = key("revoked")
    subkeys: tuple[Subkey, ...] = key("subkeys")


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailAddress(AccountFact):
    """An email address of the account (subject `github:email/ADDRESS`).

    Attributes:
        address: the address.
        primary: whether notices and password resets go there.
        verified: whether its owner answered.
        visibility: `public`, `private` or None.
    """

    requirement = any_of(classic("user:email"), fine_grained("emails:read"))
    endpoint = Endpoint("/user/emails", "email", identity="email", label=("address",))
    noun = "email address"
    listed_by = Account

    address: str = key("email")
    primary: bool = key("primary")
    verified: bool = key("verified")
    visibility: Literal["public", "private"] | None = key("visibility", nullable=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership(AccountFact):
    """A membership of an organization, active or pending (subject `github:membership/ORG`).

    Attributes:
        organization: the organization's login.
        node_id: the organization's id in GraphQL.
        role: `admin` (an owner), `member` or `billing_manager`.
        state: `active` or `pending`.
    """

    requirement = any_of(classic("read:org"))
    endpoint = endpoints.MEMBERSHIPS
    noun = "organization"
    listed_by = Account

    organization: str = key("organization/login")
    node_id: str = key("organization/node_id")
    role: Literal["admin", "member", "billing_manager"] = key("role")
    state: Literal["active", "pending"] = key("state")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerTwoFactorView(GitHubFact):
    """What an owned organization shows of the account's 2FA.

    Attributes:
        organization: the organization's login.
        insecure: whether it lists the account among those with an insecure method (text message).
    """

    requirement = any_of(
        {classic("read:org"), role("organization owner")},
        {fine_grained("members:read"), role("organization owner")},
    )
    endpoint = endpoints.INSECURE
    noun = "organization that the account owns"
    listed_by = Membership

    organization: str = key("login")
    insecure: bool = key("login")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationContributions(AccountFact):
    """What the account did in an organization recently (subject `github:membership/ORG`).

    Attributes:
        organization: the organization's login.
        any: whether a commit, an issue, a pull request, a review or a private contribution counts.
        since: the start of the time that was asked for.
    """

    requirement = any_of(classic("read:org"))
    source = "POST /graphql viewer.contributionsCollection(organizationID)"
    noun = "organization"
    listed_by = Membership

    gates = ("state", "organization/node_id", "viewer/c*")

    organization: str = key("organization", "organization/login")
    any: bool = key(
        "hasAnyContributions", "restrictedContributionsCount", by=contributed, beside=True
    )
    since: datetime = key("startedAt")


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryInvitation(AccountFact):
    """An invitation to a repository (subject `github:repository-invitation/ID`).

    Attributes:
        repository: `owner/name`.
        permissions: what was offered: `read`, `write`, `maintain`, `triage` or `admin`.
        created_at: when it was sent.
    """

    requirement = any_of(classic("repo:invite"), fine_grained("administration:read"))
    endpoint = Endpoint(
        "/user/repository_invitations", "repository-invitation", label=("repository",)
    )
    noun = "pending invitation"
    listed_by = Account

    repository: str = key("repository/full_name")
    permissions: str = key("permissions")
    created_at: datetime = key("created_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingInvitation(GitHubFact):
    """A pending invitation of the account, to a repository or to an organization.

    Its subject is `github:repository-invitation/ID`, or that of the `Membership`.

    Attributes:
        to: `repository` or `organization`.
        name: `owner/name` of the repository, or the organization's login.
        created_at: when it was sent; None if GitHub shows no date, as for an organization's.
    """

    requirement = any_of({classic("repo:invite"), classic("read:org")})
    source = "derived from RepositoryInvitation and Membership"
    listed_by = Account

    to: str = key()
    name: str = key("full_name", "login")
    created_at: datetime | None = key("created_at", nullable=True)
