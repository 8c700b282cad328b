"""The tokens that lie in the keyring: each for one address, one account and at most one owner.

In the keyring a token's service is `hardenme:HOST` and its user the login, or `LOGIN/OWNER` for the
token of one owner. A list without values records which exist. So the keyring is opened only if it
has a token for exactly the address that is asked.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from hardenme.collectors.transport.origin import base_url
from hardenme.credentials.keyring import Keyring, KeyringError
from hardenme.credentials.token import Credential, credential
from hardenme.ground.errors import CredentialError, StoredError
from hardenme.model.secret import Secret
from hardenme.model.stored_token import KeyringToken

CLOUD = "api.github.com"
TENANTS = ".ghe.com"
SERVER_PATH = "/api/v3"
LOGIN = re.compile(r"[\x21-\x2e\x30-\x7e]{1,100}")
"""Visible characters, without the slash that parts it from an owner."""


class TokenRegister(Protocol):
    """The list of stored tokens, without their values."""

    @property
    def fault(self) -> str:
        """Why it is not used; empty if it is."""

    def entries(self) -> tuple[KeyringToken, ...]:
        """All of them; none if the list cannot be trusted."""

    def add(self, entry: KeyringToken) -> None:
        """Put an entry in the place of the one of the same key.

        Raises:
            StoredError: it cannot be written.
        """

    def remove(self, entry: KeyringToken) -> bool:
        """Take out the entry of that key; False if there is none.

        Raises:
            StoredError: it cannot be written.
        """


def host_of(provider: str, base: str) -> str:
    """The host as a person names it: github.com for its API; a registry with the path of its key.

    No two addresses share one: a port and a path are kept, and a plain http address keeps its
    scheme. A registry's ends with a slash.

    Raises:
        ValueError: it is not an address that a token is stored for.
    """
    base = base_url(base)
    parts = urlsplit(base)
    name = base.removeprefix("https://")
    if provider == "npm":
        return f"{name}/"
    if name == CLOUD:
        return "github.com"
    if name.startswith("api.") and name.endswith(TENANTS):
        return name.removeprefix("api.")
    whole = parts.scheme == "https" and not parts.path
    if whole or parts.netloc == "github.com" or parts.netloc.endswith(TENANTS):
        raise ValueError(f"{base} is not an address of GitHub's API")
    if parts.scheme == "https" and parts.path == SERVER_PATH:
        return name.removesuffix(SERVER_PATH)
    return name


def service_of(provider: str, base: str) -> str:
    """The name of the service in the keyring.

    Raises:
        ValueError: it is not an address that a token is stored for.
    """
    return f"hardenme:{host_of(provider, base)}"


def user_of(login: str, owner: str = "") -> str:
    """The name of the user in the keyring: in lower case, since providers ignore case."""
    return f"{login}/{owner}".lower() if owner else login.lower()


def place_of(entry: KeyringToken) -> str:
    """Where a token is stored, for people."""
    service = service_of(entry.provider, entry.base)
    return f"the keyring ({service}, {user_of(entry.login, entry.owner)})"


@dataclass(slots=True)
class StoredTokens:
    """The list and the keyring, kept in step.

    Attributes:
        index: the list.
        keyring: where the values are.
    """

    index: TokenRegister
    keyring: Keyring

    @property
    def fault(self) -> str:
        """Why the list is not used, as far as it was read; empty if it is."""
        return self.index.fault

    def entries(self, provider: str = "", base: str = "") -> tuple[KeyringToken, ...]:
        """What is stored, for one provider and one exact address, or for all; no value is read."""
        return tuple(
            entry
            for entry in self.index.entries()
            if provider in {"", entry.provider} and base in {"", entry.base}
        )

    def find(
        self, provider: str, base: str, *, owner: str = "", login: str = ""
    ) -> Credential | None:
        """The token for exactly that address and owner; None if none is stored.

        Args:
            provider: `github` or `npm`.
            owner: whose things it is for alone; empty for a general one.
            login: the account it must be of; empty for the only one.

        Raises:
            CredentialError: several accounts have one, or the keyring does not hand it out.
        """
        near = [one for one in self.entries(provider, base) if one.owner == owner.lower()]
        found = [one for one in near if login.lower() in {"", one.login.lower()}]
        if not found:
            return None
        if len(found) > 1:
            host = host_of(provider, base) + (f" and {owner}" if owner else "")
            names = ", ".join(one.login for one in found)
            raise CredentialError(
                f"the keyring has tokens of several accounts for {host}: {names};"
                f" {_choose(provider)}"
            )
        return self.reveal(found[0])

    def reveal(self, entry: KeyringToken) -> Credential:
        """The value of a token.

        Raises:
            CredentialError: the keyring is refused, does not answer, or does not have it.
        """
        service, user = _names(entry)
        try:
            secret = self.keyring.get(service, user)
        except KeyringError as error:
            raise KeyringError(f"a token of {entry.login} is stored, but {error}") from None
        place = place_of(entry)
        value = "" if secret is None else secret.reveal()
        found = credential(entry.provider, value, place, login=entry.login, owner=entry.owner)
        if found is None:
            raise CredentialError(
                f"{place} has no token any more: store it again with `hardenme auth login"
                f" {entry.provider}`, or forget it with `hardenme auth logout {entry.provider}`"
            )
        return found

    def put(self, entry: KeyringToken, secret: Secret) -> None:
        """Store a token. Where it cannot be listed, it is taken out of the keyring again.

        Raises:
            CredentialError: it is not a token, or the keyring or the list refuses it.
        """
        service, user = _names(entry)
        if credential(entry.provider, secret.reveal(), "what is to be stored") is None:
            raise CredentialError("there is no token to store")
        try:
            self.keyring.set(service, user, secret)
            self.index.add(entry)
        except StoredError as error:
            try:
                self.keyring.delete(service, user)
                left = "the token was not stored"
            except KeyringError:
                left = f"the token is left in {place_of(entry)}: delete it there"
            raise CredentialError(f"{error}; {left}") from None
        except KeyboardInterrupt:
            # A token that is not on the list would never be found and removed.
            with contextlib.suppress(KeyringError):
                self.keyring.delete(service, user)
            raise

    def forget(self, entry: KeyringToken) -> bool:
        """Delete a token from the keyring, then from the list; False if neither had it.

        The keyring is searched even if the token is not on the list.

        Raises:
            CredentialError: the keyring or the list does not let go of it; what is left stays
                listed.
        """
        service, user = _names(entry)
        held = self.keyring.delete(service, user)
        try:
            listed = self.index.remove(entry)
        except StoredError as error:
            gone = "the token is deleted from the keyring, but " if held else ""
            raise CredentialError(f"{gone}{error}") from None
        return held or listed


def _names(entry: KeyringToken) -> tuple[str, str]:
    """Service and user.

    Raises:
        CredentialError: the address is none that a token is stored for, or no account is named.
    """
    if not LOGIN.fullmatch(entry.login):
        raise CredentialError("a token is stored under the login of its account")
    try:
        return service_of(entry.provider, entry.base), user_of(entry.login, entry.owner)
    except ValueError as error:
        raise CredentialError(str(error)) from None


def _choose(provider: str) -> str:
    """How one of several accounts is named."""
    if provider == "github":
        return "say which with check --as LOGIN, or set HARDENME_GITHUB_TOKEN"
    return "keep one of them with `hardenme auth logout npm`, or set HARDENME_NPM_TOKEN"
