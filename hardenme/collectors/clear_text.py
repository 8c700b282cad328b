"""Credentials in a text that are in plain text, and not references.

Sources: RFC 3986 §3.2.1 (user information in an address; WHATWG's URL standard takes the last `@`
before the path), RFC 6750 and 7617 (`Bearer`, `Basic`), GitHub's and npm's documentation of their
token formats.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

TOKEN = re.compile(
    r"(?<![A-Za-z0-9])"
    r"(?:gh[pousr]_[A-Za-z0-9]{20}|github_pat_[A-Za-z0-9]|npm_[A-Za-z0-9]{30})[A-Za-z0-9_]*"
)
"""Tokens of GitHub and npm, anywhere in a text."""
_PREFIX = re.compile(r"gh[pousr]_|github_pat_|glpat-|npm_")
"""Prefixes that identify a token by themselves where a name is expected."""
_UNIQUE = re.compile(
    r"(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9_]{20,}"
    r"|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
)
"""What is hardly the name of someone: twenty letters and digits without a break, or a UUID."""
_BEFORE_HOST = re.compile(r"://([^/\\?#\s\"'<>]+)@")
_IN_SCHEME = frozenset(string.ascii_letters + string.digits + "+.-")
_WEB = re.compile(r"(?:.*[+.-])?https?", re.IGNORECASE)
"""Also matches after a word, as in git's setting `url.https://…`."""
_HEADER = re.compile(
    r"(?<![A-Za-z0-9])(?:bearer|basic)\s+(?=[^\s]*[0-9=]|\S{24})[A-Za-z0-9._~+/=-]{8,}",
    re.IGNORECASE,
)
"""A credential in a header. Ordinary words, like "basic authentication", have no digit."""


def in_addresses(text: str, *, web: bool = False) -> Iterator[str]:
    """The passwords, and the tokens used as user names, before a host.

    A name alone is not a credential, and neither is one with an empty password.

    Args:
        text: any text.
        web: only those of addresses with http or https.
    """
    for match in _BEFORE_HOST.finditer(text):
        scheme = _scheme(text, match.start())
        if not scheme:
            continue
        over_http = _WEB.fullmatch(scheme) is not None
        name, _, password = match[1].partition(":")
        if web and not over_http:
            continue
        if password:
            yield password
        elif _PREFIX.match(name) or (over_http and _UNIQUE.fullmatch(name)):
            yield name


def _scheme(text: str, end: int) -> str:
    """The scheme that ends at a place. It is looked for backwards, so each character once."""
    start = end
    while start and text[start - 1] in _IN_SCHEME:
        start -= 1
    return text[start:end].lstrip(string.digits + "+.-")


def has_credential(text: str, *, references: bool = False) -> bool:
    """Whether a text contains a token, a header's credential or a web address with one.

    Args:
        text: a value, or a line.
        references: whether `$` and a backquote begin one, as in a file for a shell.
    """
    return (
        TOKEN.search(text) is not None
        or _HEADER.search(text) is not None
        or any(not (references and found[0] in "$`") for found in in_addresses(text, web=True))
    )
