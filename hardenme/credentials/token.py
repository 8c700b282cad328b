"""A token that was found, checked before it is used."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TextIO

from hardenme.credentials.foreign import foreign
from hardenme.model.secret import Secret

LONGEST_LINE = 64 * 1024
LONGEST = 4096
"""Characters. GitHub's and npm's tokens stay below 255; other registries issue signed ones."""

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
        login: the account that it was stored for; empty where the source does not tell.
        owner: the GitHub owner whose things it is for alone; empty for all.
    """

    provider: str
    secret: Secret
    source: str
    login: str = ""
    owner: str = ""


def credential(
    provider: str, text: str, source: str, *, login: str = "", owner: str = ""
) -> Credential | None:
    """The token in a text; None where the text is blank.

    Raises:
        CredentialError: it has characters that no token has, or is another provider's, or is of a
            kind that no API accepts; the text says how it is revoked.
    """
    value = text.strip()
    if not value:
        return None
    secret = Secret(value)
    if len(value) > LONGEST:
        raise CredentialError(f"{source} holds no token: it is longer than {LONGEST} characters")
    if not ALLOWED.fullmatch(value):
        raise CredentialError(f"{source} holds no token: it has blanks or control characters")
    if why := foreign(provider, value):
        raise CredentialError(f"{source} holds {why}")
    return Credential(provider, secret, source, login, owner)


def piped(provider: str, stdin: TextIO | None, why: str) -> Credential:
    """The token in one line of standard input.

    Args:
        provider: `github` or `npm`.
        stdin: standard input; None where it is closed.
        why: what reads it, for the message where it is empty.

    Raises:
        CredentialError: it is empty, no text, or `credential` refuses what it holds.
    """
    try:
        line = "" if stdin is None else stdin.readline(LONGEST_LINE)
    except UnicodeDecodeError:
        raise CredentialError("standard input holds no token: it is no text") from None
    found = credential(provider, line, "standard input")
    if found is None:
        raise CredentialError(f"standard input is empty; {why}")
    return found
