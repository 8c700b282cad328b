"""All requests that do more than read: they obtain a credential, or end one.

The list is closed, and the session and the wire both hold to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Handshake:
    """One kind of request for, or about, a credential of one's own.

    Attributes:
        method: HTTP's.
        path: below the base address.
        shown: the path as evidence and messages show it, without what is secret in it.
    """

    method: str
    path: re.Pattern[str]
    shown: str


HANDSHAKES = (
    # A GitHub App asks for the token of one of its installations.
    Handshake(
        "POST",
        re.compile(r"/app/installations/[1-9][0-9]{0,18}/access_tokens"),
        "/app/installations/{id}/access_tokens",
    ),
    # npm's web login: the registry names a page on which the person signs in.
    Handshake("POST", re.compile(r"/-/v1/login"), "/-/v1/login"),
    # npm's logout: a token ends itself.
    Handshake(
        "DELETE", re.compile(r"/-/user/token/[A-Za-z0-9_.~%-]{8,6000}"), "/-/user/token/{token}"
    ),
)


def handshake_of(method: str, path: str) -> Handshake | None:
    """The handshake that a request is; None if it is none."""
    for item in HANDSHAKES:
        if item.method == method and item.path.fullmatch(path):
            return item
    return None


def ends_with_handshake(method: str, url: str) -> bool:
    """Whether an address, whatever its base, is that of a handshake."""
    return any(
        item.method == method and re.search(rf"{item.path.pattern}\Z", url) for item in HANDSHAKES
    )
