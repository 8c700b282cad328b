"""The domain of an e-mail address, in the form in which it is looked up."""

from __future__ import annotations

import re
import unicodedata

LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
LONGEST = 253
"""Characters of a domain name (RFC 1035 §2.3.4, without the trailing dot)."""


def domain_of(address: str) -> str:
    """The domain after the last `@`, in lower case and ASCII.

    Raises:
        ValueError: there is none that can be looked up: no `@`, a literal address, a single label,
            or letters that the two IDNA standards write differently.
    """
    _, at, domain = address.rpartition("@")
    domain = unicodedata.normalize("NFC", domain.strip().rstrip(".")).lower()
    if not at or not domain:
        raise ValueError("no domain")
    name = domain if domain.isascii() else _to_ascii(domain)
    labels = name.split(".")
    if len(labels) == 1 or len(name) > LONGEST or labels[-1].isdigit():
        raise ValueError("no domain name")
    if not all(LABEL.fullmatch(label) for label in labels):
        raise ValueError("no domain name")
    return name


def _to_ascii(domain: str) -> str:
    name = domain.encode("idna").decode("ascii")
    # The codec follows IDNA 2003, which turns `ß` into `ss`: that is another domain.
    if name.encode("ascii").decode("idna") != domain:
        raise ValueError("letters that the IDNA standards write differently")
    return name
