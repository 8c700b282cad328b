"""A token that was found, checked before it is used."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TextIO

from hardenme.credentials.foreign import foreign
from hardenme.ground.errors import CredentialError
from hardenme.model.secret import Secret
from hardenme.model.token_shapes import PREFIXED

LONGEST_LINE = 64 * 1024
LONGEST = 4096
"""Characters. GitHub's and npm's tokens stay below 255; other registries issue signed ones."""

ALLOWED = re.compile(r"[\x21-\x7e]+")
MARK = "\ufeff"
"""The byte order mark that some editors on Windows write before the text."""
QUOTES = "\"'`"
NAMED = re.compile(r"(?:[A-Z_][A-Z0-9_]*|\S*:_\w+)=[^=]")
"""How a line begins that sets a variable, or a key of `.npmrc`. In base64 the sign ends a text."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A token and where it was found.

    Attributes:
        provider: `github` or `npm`.
        secret: the value.
        source: like `HARDENME_GITHUB_TOKEN` or `~/.npmrc`.
        login: the account that it was stored for; empty if the source does not name it.
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
    """The token in a text; None if the text is blank.

    Raises:
        CredentialError: it has characters that no token has, contains more than a token, is another
            provider's, or is one that no API accepts. The text says how it is revoked.
    """
    value = text.strip().removeprefix(MARK).strip()
    if not value:
        return None
    secret = Secret(value)
    if len(value) > LONGEST:
        raise CredentialError(f"{source} holds no token: it is longer than {LONGEST} characters")
    if not ALLOWED.fullmatch(value):
        raise CredentialError(f"{source} holds no token: it has blanks or control characters")
    if what := _beside(value):
        raise CredentialError(f"{source} holds more than a token: {what}; give the token alone")
    if why := foreign(provider, value):
        raise CredentialError(f"{source} holds {why}")
    return Credential(provider, secret, source, login, owner)


def _beside(value: str) -> str:
    """What was taken over with a token; empty for nothing.

    With it, another provider's token would not be known for one, and be sent.
    """
    if value[0] in QUOTES or value[-1] in QUOTES:
        return "quotes stand around it"
    if NAMED.match(value):
        return "a name stands before it"
    found = PREFIXED.search(value)
    return "something stands before it" if found and found.start() else ""


def piped(provider: str, stdin: TextIO | None, why: str) -> Credential:
    """The token in one line of standard input.

    Args:
        provider: `github` or `npm`.
        stdin: standard input; None if it is closed.
        why: what reads it, for the message where it is empty.

    Raises:
        CredentialError: it is empty, no text, or `credential` refuses what it holds.
    """
    try:
        line = "" if stdin is None else stdin.readline(LONGEST_LINE)
    except UnicodeDecodeError:
        raise CredentialError("standard input holds no token: it is not text") from None
    found = credential(provider, line, "standard input")
    if found is None:
        raise CredentialError(f"standard input is empty; {why}")
    return found
