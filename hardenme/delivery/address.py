"""Addresses of notification targets. They are secrets: they give write access."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

from hardenme.ground.errors import UsageError
from hardenme.model.secret import Secret

SCHEMA = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,40})://(?=\S)")
COMMENT = "#"
LONGEST = 2000
"""Characters of an address."""
MOST = 20
"""Addresses of a run."""
SECRET_LENGTH = 8
"""Characters from which a part of an address can be a token."""


def addresses(text: str, origin: str) -> tuple[str, ...]:
    """The addresses that a text holds, each on a line of its own or apart by blanks.

    A line that begins with `#` is a comment. Each address, and each part of one that can be a
    secret, is from then on removed from everything that is shown or stored.

    Args:
        text: what a file or a variable holds.
        origin: where that is, in words.

    Raises:
        UsageError: one of them is none, or there are too many.
    """
    lines = (line.strip() for line in text.splitlines())
    found = [word for line in lines if not line.startswith(COMMENT) for word in line.split()]
    for address in found:
        conceal(address)
    for place, address in enumerate(found, 1):
        if len(address) > LONGEST or not address.isprintable() or not SCHEMA.match(address):
            raise UsageError(
                f"address {place} of {origin} is none: one is like mailtos://… or slack://…, each"
                " on a line of its own"
            )
    if len(found) > MOST:
        raise UsageError(f"{origin} holds more than {MOST} addresses")
    return tuple(found)


def conceal(address: str) -> None:
    """Have an address and its secret parts removed from everything that is shown."""
    if SCHEMA.match(address):
        for part in (address, *_parts(address)):
            Secret(part)
    elif len(address) >= SECRET_LENGTH:
        Secret(address)


def schema_of(address: str) -> str:
    """The kind of target, in lower case, like `slack`."""
    match = SCHEMA.match(address)
    return match[1].lower() if match else ""


def mark(address: str, salt: str) -> str:
    """A mark that identifies an address where the address itself must not appear."""
    return hashlib.sha256(f"{salt}\n{address}".encode()).hexdigest()[:32]


def _parts(address: str) -> Iterator[str]:
    """What in an address can be a secret: passwords always, else what looks like a token.

    A host, a channel or a plain word stays: to remove `alerts` from every report would make them
    unreadable.
    """
    after = address.partition("://")[2]
    yield after
    try:
        split = urlsplit(f"x://{after}")
        password, user, host = split.password, split.username, split.netloc.rpartition("@")[2]
    except ValueError:
        return
    if password:
        yield password
        yield unquote(password)
    pieces = [user or "", *split.path.split("/"), *split.fragment.split("/")]
    pieces += [value for _, value in parse_qsl(split.query)]
    pieces += [] if "." in host or ":" in host else [host]
    for piece in pieces:
        if len(piece) >= SECRET_LENGTH and "@" not in piece and re.search(r"[A-Z0-9]", piece):
            yield piece
            yield unquote(piece)
