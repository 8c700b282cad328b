"""A token that was found, checked before it is used."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hardenme.credentials.foreign import foreign
from hardenme.model.secret import Secret

LONGEST = 4096
"""Characters. GitHub's and npm's tokens stay below 255; other registries issue signed ones."""

NOTES = {
    "ghs_": (
        "the token of a GitHub App's installation: it acts for no account, reaches the owner or the"
        " repository that it was made for, and ends within the hour; as GITHUB_TOKEN it ends with"
        " the workflow's job and can read no settings, members, hooks or secrets"
    ),
    "ghu_": (
        "a GitHub App's token for a user: it may do what both the app and the user may, and ends"
        " within eight hours unless the app has its tokens live on"
    ),
}
"""What is worth knowing of tokens whose holder did not choose what they may do."""
ALLOWED = re.compile(r"[\x21-\x7e]+")


class CredentialError(Exception):
    """A credential that is there, but must not be used. The text never holds its value."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A token and where it was found.

    Attributes:
        provider: `github` or `npm`.
        secret: the value.
        source: like `HARDENME_GITHUB_TOKEN` or `~/.npmrc`.
    """

    provider: str
    secret: Secret
    source: str

    @property
    def note(self) -> str:
        """What its holder should know of this kind of token; empty for nothing."""
        value = self.secret.reveal()
        return next((note for prefix, note in NOTES.items() if value.startswith(prefix)), "")


def credential(provider: str, text: str, source: str) -> Credential | None:
    """The token in a text; None where the text is blank.

    Raises:
        CredentialError: it has characters that no token has, or is another provider's, or is of a
            kind that no API accepts; the text says how it is revoked.
    """
    value = text.strip()
    if not value:
        return None
    secret = Secret(value)
    if len(value) > LONGEST or not ALLOWED.fullmatch(value):
        raise CredentialError(f"{source} holds no token: it has blanks or control characters")
    if why := foreign(provider, value):
        raise CredentialError(f"{source} holds {why}")
    return Credential(provider, secret, source)
