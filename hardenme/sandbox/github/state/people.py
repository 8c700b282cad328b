"""Users of the sandbox, with their keys, addresses and events."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime  # a dataclass's field types are part of its interface
from typing import Any, Literal

TwoFactor = Literal["off", "insecure", "secure"]


def node_id(prefix: str, number: int) -> str:
    """A global node id in GitHub's format: a type prefix and an encoded number."""
    encoded = base64.urlsafe_b64encode(number.to_bytes(8, "big")).decode().rstrip("=")
    return f"{prefix}_kg{encoded}"


@dataclass(slots=True)
class SshKey:
    """An SSH key of an account, for authentication or for signing.

    Attributes:
        key: type and base64 blob, without a comment, as the API shows it.
        last_used: None if the key was never used; signing keys have no such field.
    """

    id: int
    title: str
    key: str
    created_at: datetime
    last_used: datetime | None = None
    verified: bool = True
    read_only: bool = False


@dataclass(slots=True)
class GpgKey:
    """An OpenPGP key; subkeys are keys themselves. `expires_at` None means never."""

    id: int
    key_id: str
    created_at: datetime
    expires_at: datetime | None = None
    revoked: bool = False
    name: str = ""
    emails: list[tuple[str, bool]] = field(default_factory=list)
    subkeys: list[GpgKey] = field(default_factory=list)
    can_sign: bool = True
    can_encrypt: bool = False
    can_certify: bool = False


@dataclass(slots=True)
class Email:
    """An address of an account; `visibility` is set on the primary address only."""

    email: str
    primary: bool = False
    verified: bool = True
    visibility: Literal["public", "private"] | None = None


@dataclass(slots=True)
class FeedEntry:
    """One entry of a user's event feed; `repository` is a full name."""

    id: int
    type: Literal["PushEvent", "WatchEvent", "PublicEvent"]
    repository: str
    created_at: datetime
    public: bool = True


@dataclass(slots=True)
class User:
    """A user account.

    Attributes:
        two_factor: off, insecure (text messages are enabled) or secure.
        plan: the name of the account's plan, `free` or `pro`.
        contributions: an organization's login to the time of the last contribution there.
        plain: differences of its plain objects, by path (`rest/plain.py`).
    """

    login: str
    id: int
    created_at: datetime
    two_factor: TwoFactor = "secure"
    name: str | None = None
    plan: str = "free"
    emails: list[Email] = field(default_factory=list)
    ssh_keys: list[SshKey] = field(default_factory=list)
    ssh_signing_keys: list[SshKey] = field(default_factory=list)
    gpg_keys: list[GpgKey] = field(default_factory=list)
    events: list[FeedEntry] = field(default_factory=list)
    contributions: dict[str, datetime] = field(default_factory=dict)
    site_admin: bool = False
    plain: dict[str, Any] = field(default_factory=dict)

    @property
    def node_id(self) -> str:
        """The account's global node id."""
        return node_id("U", self.id)

    @property
    def public_email(self) -> str | None:
        """The address that the account shows to everyone."""
        return next((e.email for e in self.emails if e.primary and e.visibility == "public"), None)
