"""How much of the internet the address ranges of a token hold together.

Sources: IANA's registry of the IPv4 address space, which allocates blocks of a `/8` to regional
registries, and ICANN's global policy for IPv6, by which the smallest block is a `/12`; RFC 1918,
4193, 4291, 6598 for addresses that are not routed on the internet.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Network,
    collapse_addresses,
    ip_network,
)

WIDEST_4 = IPv4Network("0.0.0.0/8").num_addresses
WIDEST_6 = IPv6Network("::/12").num_addresses
"""Addresses of the block that is meant for all networks of a region: who lists more than that many
binds a token to no place."""
EVERY_4 = IPv4Network("0.0.0.0/0")
MAPPED = IPv6Network("::ffff:0:0/96")
"""IPv4 addresses written as IPv6 addresses (RFC 4291 §2.5.5.2)."""
INNER_4 = tuple(
    map(
        IPv4Network,
        ("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
    )
)
INNER_6 = tuple(map(IPv6Network, ("::1/128", "fc00::/7", "fe80::/10")))
"""Ranges of inner networks, from which no one reaches a registry on the internet."""


def readable(text: str) -> bool:
    """Whether a text is an address or an address range."""
    try:
        ip_network(text.strip(), strict=False)
    except ValueError:
        return False
    return True


def unbounded(texts: Iterable[str]) -> bool:
    """Whether ranges together hold more addresses than one network can have.

    A range that cannot be read counts as every address. Addresses in several ranges count once.
    """
    ranges = [*texts]
    if not all(map(readable, ranges)):
        return True
    found = [ip_network(text.strip(), strict=False) for text in ranges]
    fours = [one for one in found if isinstance(one, IPv4Network)]
    sixes = [one for one in found if isinstance(one, IPv6Network)]
    fours += [_unmapped(one) for one in sixes if one.overlaps(MAPPED)]
    outer_4 = (one for one in fours if not any(map(one.subnet_of, INNER_4)))
    outer_6 = (one for one in sixes if not any(map(one.subnet_of, INNER_6)))
    return _size(collapse_addresses(outer_4)) > WIDEST_4 or (
        _size(collapse_addresses(outer_6)) > WIDEST_6
    )


def _unmapped(network: IPv6Network) -> IPv4Network:
    """The IPv4 addresses that a range of IPv6 addresses holds."""
    if not network.subnet_of(MAPPED):
        return EVERY_4
    low = int(network.network_address) - int(MAPPED.network_address)
    return IPv4Network((IPv4Address(low), network.prefixlen - MAPPED.prefixlen))


def _size(networks: Iterable[IPv4Network | IPv6Network]) -> int:
    return sum(network.num_addresses for network in networks)
