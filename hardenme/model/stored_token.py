"""A token in the keyring, described without its value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyringToken:
    """One token in the keyring.

    Attributes:
        provider: `github` or `npm`.
        base: the base address that it is for, exactly, as the clients ask it.
        login: the account that it is of.
        owner: the GitHub owner whose things it is for alone, in lower case; empty for all.
        kind: in the provider's words, like `fine-grained`; empty if it is not known.
        stored_at: when it was stored.
        expires_at: None if it does not expire, or that is not known.
    """

    provider: str
    base: str
    login: str
    owner: str = ""
    kind: str = ""
    stored_at: datetime
    expires_at: datetime | None = None

    @property
    def key(self) -> tuple[str, str, str, str]:
        """The key that identifies it: storing one with the same key replaces it."""
        return self.provider, self.base, self.owner, self.login.lower()
