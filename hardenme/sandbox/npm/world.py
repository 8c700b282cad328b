"""The state behind the npm sandbox: accounts, tokens, packages, organizations and one clock.

A `World` is plain data. The server reads it on every request, so a test may change it between
two requests. Times are aware datetimes in UTC. What npm does not document is a switch here, so
that a test can play each possibility.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from ipaddress import ip_address, ip_network
from math import inf
from typing import Any, Literal

from hardenme.sandbox.npm.released import (
    Access,
    Package,
    Person,
    Provenance,
    StagedVersion,
    TrustedPublisher,
    Version,
)

__all__ = [
    "Access",
    "ClientToken",
    "ListedToken",
    "Organization",
    "Package",
    "Person",
    "Provenance",
    "StagedVersion",
    "Team",
    "TokenKind",
    "TrustedPublisher",
    "User",
    "Version",
    "World",
    "canary",
    "shown_ends",
]

TwoFactor = Literal["auth-only", "auth-and-writes"]
Role = Literal["owner", "admin", "developer"]
GranularProfile = Literal["tfa-false", "refused", "honest"]


@dataclass(slots=True)
class User:
    """An npm account.

    Attributes:
        name: the login.
        email: the account's address; packages may show an older one.
        email_verified: whether the address was confirmed.
        tfa: None and False both mean off; npm sends either.
        tfa_pending: enrolment was begun and not finished.
        cidr_whitelist: address ranges from which the account may be used; None means no limit.
        otp_codes: accepted one-time passwords, in addition to those from the web flow.
        remembers_otp: one accepted code also answers the challenges after it, as the web page's
            "skip for five minutes" box does.
        otp_window: how many challenges after it.
        absent: keys of `/-/npm/v1/user` that are left out of the answer.
    """

    name: str
    email: str
    email_verified: bool = True
    tfa: TwoFactor | Literal[False] | None = None
    tfa_pending: bool = False
    cidr_whitelist: tuple[str, ...] | None = None
    fullname: str = ""
    homepage: str = ""
    github: str = ""
    created: datetime | None = None
    updated: datetime | None = None
    otp_codes: tuple[str, ...] = ("000000",)
    remembers_otp: bool = False
    otp_window: float = inf
    absent: frozenset[str] = frozenset()

    @property
    def two_factor_on(self) -> bool:
        """Whether two-factor authentication is in force."""
        return bool(self.tfa) and not self.tfa_pending


@dataclass(slots=True)
class Team:
    """A team of an organization: its members and what they may do to which package."""

    name: str
    members: list[str] = field(default_factory=list)
    packages: dict[str, Access] = field(default_factory=dict)


@dataclass(slots=True)
class Organization:
    """An organization: who is in it with which role, its teams, and the packages it owns."""

    name: str
    roster: dict[str, Role]
    teams: list[Team] = field(default_factory=list)
    packages: dict[str, Access] = field(default_factory=dict)


@dataclass(slots=True)
class ListedToken:
    """A granular access token as `/-/npm/v1/tokens` lists it.

    Attributes:
        key: a UUID (a SHA-512 in hex for the classic tokens of old).
        user: whose it is.
        shown: the two ends of the token that the list shows, see `shown_ends`.
        expiry: None never expires.
        cidr: address ranges; empty and None mean no limit.
        permissions: pairs of a name (`package`, `org`) and an action (`read`, `write`).
        scopes: pairs of a type (`package`, `scope`, `org`) and a name.
        accessed: None was never used.
        publish_policy: `stage_only` or None; None leaves the key out.
        absent: keys that are left out of the answer.
        renamed: keys that are spelt otherwise, e.g. `{"expiry": "expires"}`.
        extra: further keys, e.g. `{"readonly": False}`.
    """

    key: str
    user: str
    shown: str
    name: str = ""
    description: str | None = None
    expiry: datetime | None = None
    cidr: tuple[str, ...] | None = ()
    bypass_2fa: bool = False
    permissions: tuple[tuple[str, str], ...] = ()
    scopes: tuple[tuple[str, str], ...] = ()
    revoked: datetime | None = None
    created: datetime | None = None
    updated: datetime | None = None
    accessed: datetime | None = None
    publish_policy: str | None = None
    absent: frozenset[str] = frozenset()
    renamed: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)


class TokenKind(StrEnum):
    """The kinds of token that a client may present."""

    SESSION = "session"
    READ = "granular-read"
    WRITE = "granular-write"
    BYPASS = "bypass"
    STAGE_ONLY = "stage-only"
    OIDC = "oidc"


@dataclass(slots=True)
class ClientToken:
    """A token that a client may present.

    Attributes:
        value: the whole token.
        user: whose it is.
        kind: what it is; only a session reads the account's settings.
        key: the `ListedToken.key` of the entry that lists it; sessions have none.
        expires_at, revoked: the listed entry's own expiry and revocation count as well.
        packages: the packages that it reaches; None is all of its user's.
        organizations: the organizations that it may read.
        otp_paths: regular expressions of request paths that ask for a one-time password
            although npm would not; the trust endpoint always does.
    """

    value: str
    user: str
    kind: TokenKind
    key: str | None = None
    expires_at: datetime | None = None
    revoked: bool = False
    packages: tuple[str, ...] | None = None
    organizations: tuple[str, ...] = ()
    otp_paths: tuple[str, ...] = ()


@dataclass(slots=True)
class World:
    """Everything that the registry knows.

    Attributes:
        now: the registry's clock.
        tokens: what the token lists show.
        credentials: what clients may present.
        staged: versions that wait for their approval.
        client_address: the address that the registry sees its clients at.
        site: the website's address, for the pages of web authentication; empty for the registry's.
        granular_profile: what a granular token gets from `/-/npm/v1/user`: a profile that says
            `tfa: false` whatever the truth, a 403, or the truth.
        granular_lists: whether granular tokens read the list of tokens, as some were seen to.
        long_access_words: `read-write` for `write` in access lists.
        visibility_by_name: `{"<package>": "public"}` for `{"public": true}`.
        tokens_per_page_limit: the most that one page of the token list holds.
        web_polls: how often a web login or challenge is still waiting before it is done.
        web_login_as: the login whose session a web login returns; None means no web login.
    """

    now: datetime
    users: list[User] = field(default_factory=list)
    packages: list[Package] = field(default_factory=list)
    organizations: list[Organization] = field(default_factory=list)
    tokens: list[ListedToken] = field(default_factory=list)
    credentials: list[ClientToken] = field(default_factory=list)
    staged: list[StagedVersion] = field(default_factory=list)
    client_address: str = "127.0.0.1"
    site: str = ""
    granular_profile: GranularProfile = "tfa-false"
    granular_lists: bool = False
    long_access_words: bool = False
    visibility_by_name: bool = False
    tokens_per_page_limit: int = 100
    web_polls: int = 1
    web_login_as: str | None = None

    def user(self, name: str) -> User | None:
        """The account with this login."""
        return next((u for u in self.users if u.name == name), None)

    def package(self, name: str) -> Package | None:
        """The package with this name."""
        return next((p for p in self.packages if p.name == name), None)

    def organization(self, name: str) -> Organization | None:
        """The organization with this name."""
        return next((o for o in self.organizations if o.name == name), None)

    def listed(self, key: str | None) -> ListedToken | None:
        """The listed token with this key."""
        return next((t for t in self.tokens if t.key == key), None)

    def credential(self, value: str) -> ClientToken | None:
        """The credential with this value."""
        return next((c for c in self.credentials if c.value == value), None)

    def token(self, user: str, kind: TokenKind = TokenKind.SESSION) -> str:
        """The value of this user's first credential of one kind; KeyError if there is none."""
        for credential in self.credentials:
            if credential.user == user and credential.kind == kind:
                return credential.value
        raise KeyError(user, kind)

    def is_valid(self, credential: ClientToken) -> bool:
        """Whether a credential is neither expired nor revoked."""
        entry = self.listed(credential.key)
        ends = [credential.expires_at, entry.expiry if entry else None]
        return not (
            credential.revoked
            or (entry is not None and entry.revoked is not None)
            or any(end is not None and end <= self.now for end in ends)
        )

    def is_from_allowed_address(self, credential: ClientToken) -> bool:
        """Whether the client's address is in the ranges of the token and of the account."""
        entry = self.listed(credential.key)
        user = self.user(credential.user)
        limits = [entry.cidr if entry else None, user.cidr_whitelist if user else None]
        address = ip_address(self.client_address)
        return all(
            any(address in ip_network(block, strict=False) for block in blocks)
            for blocks in limits
            if blocks
        )


def canary(words: str, serial: int = 0) -> str:
    """A token in npm's format (`npm_` and 36 letters or digits) that is visibly none."""
    return f"npm_CANARY{words}".ljust(36, "0")[:36] + f"{serial:04d}"


def shown_ends(value: str) -> str:
    """What the token list shows of a token: its first eight and last four characters."""
    return f"{value[:8]}...{value[-4:]}"
