"""Addresses: what may be asked, and that a token never leaves the origin that it belongs to."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Self
from urllib.parse import urljoin, urlsplit

from hardenme.ground.errors import UsageError

DEFAULT_PORTS = {"https": 443, "http": 80}
PRINTABLE = range(0x21, 0x7F)
HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?")
"""Nothing that one library might read as part of a name and another as its end."""
NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")
"""A host that the system's resolver takes for an IPv4 address: `2852039166`, `0xa9fea9fe`."""
NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""IPv4 addresses as IPv6 networks reach them (RFC 6052)."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host and port: what has to be equal for a token to be sent.

    Attributes:
        scheme: `https`, or `http` for a literal loopback address.
        host: lower case, without a trailing dot.
        port: always a number.
    """

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = DEFAULT_PORTS[self.scheme] == self.port
        return f"{self.scheme}://{host}" + ("" if usual else f":{self.port}")

    @property
    def on_this_machine(self) -> bool:
        """Whether it is a literal loopback address."""
        return _is_loopback(self.host)

    @classmethod
    def of(cls, url: str) -> Self:
        """The origin of an address.

        Raises:
            UsageError: it is not one that hardenme connects to: https, or http to a literal
                loopback address. User information, control characters and link-local addresses are
                refused.
        """
        return cls(*_parts_of(url))


@lru_cache(maxsize=1024)
def _parts_of(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of an address; the same few are looked at with each request."""
    if "\\" in url or not all(ord(char) in PRINTABLE for char in url):
        raise UsageError("an address has only plain visible characters")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UsageError(f"an address is not one: {error}") from error
    if parts.username is not None or parts.password is not None:
        raise UsageError("an address holds no user name and no password")
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        raise UsageError("an address starts with https://")
    host = parts.hostname.rstrip(".").lower()
    address = _address(host)
    if address is None and not HOST.fullmatch(host):
        raise UsageError("a host's name has letters, digits, dots and hyphens")
    if address is None and NUMBER.fullmatch(host):
        raise UsageError("an IPv4 address is written as four numbers with dots")
    if address is not None and address.is_link_local:
        raise UsageError("a link-local address is never asked")
    if parts.scheme == "http" and not _is_loopback(host):
        raise UsageError("plain http goes to a literal loopback address only")
    return parts.scheme, host, DEFAULT_PORTS[parts.scheme] if port is None else port


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv4Address):
        return address
    # An IPv4 address in IPv6 clothes is judged as what it is.
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _is_loopback(host: str) -> bool:
    """Whether it is a literal address of this machine.

    A loopback address that IPv6 networks wrap (NAT64, 6to4) is one of anyone who unwraps it.
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


def base_url(url: str) -> str:
    """A base address in its normal form: checked, lower-case host, no trailing slash.

    Raises:
        UsageError: `Origin.of` refuses it, or it has a query or a fragment.
    """
    origin = Origin.of(url)
    parts = urlsplit(url)
    if parts.query or parts.fragment:
        raise UsageError("a base address has no query and no fragment")
    return f"{origin}{parts.path.rstrip('/')}"


def followed(base: Origin, current: str, link: str) -> str | None:
    """Where a redirect or a paging link leads, if it stays on the origin; None if it leaves."""
    try:
        target = urljoin(current, link)
        return target if Origin.of(target) == base else None
    except ValueError:
        return None
