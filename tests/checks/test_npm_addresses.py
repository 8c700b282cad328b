"""How many addresses the ranges of a token let in, whatever pieces they are cut into."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network, IPv6Network, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.facts.npm.addresses import WIDEST_4, unbounded
from hardenme.sandbox.npm import scenarios as npm
from tests.running import NOW, stage
from tests.worlds import github

HALVES = ("0.0.0.0/1", "128.0.0.0/1")
SLIVER = tuple(map(str, IPv4Network("0.0.0.0/0").address_exclude(IPv4Network("192.0.2.7/32"))))
"""All of the internet but one address."""
OPEN = {
    "all": ("0.0.0.0/0",),
    "two halves": HALVES,
    "one half": HALVES[:1],
    "all but one address": SLIVER,
    "two whole blocks": ("11.0.0.0/8", "12.0.0.0/8"),
    "a block and one address": ("11.0.0.0/8", "192.0.2.7"),
    "with an inner network": ("10.0.0.0/7",),
    "all of IPv6 that is in use": ("2000::/3",),
    "IPv6 in halves": ("::/1", "8000::/1"),
    "IPv4 written as IPv6": ("::ffff:0.0.0.0/96",),
    "IPv4 within a range of IPv6": ("::/64",),
    "halves of IPv4 written as IPv6": ("::ffff:0.0.0.0/97", "::ffff:128.0.0.0/97"),
}
BOUND = {
    "an office": ("203.0.113.0/28",),
    "one whole block": ("11.0.0.0/8",),
    "the same block twice": ("11.0.0.0/8", "11.1.0.0/16", "11.0.0.0/8"),
    "a provider's block of IPv6": ("2001:db8::/32", "203.0.113.0/28"),
    "inner networks": ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"),
    "an address of IPv4 written as IPv6": ("::ffff:203.0.113.7/128",),
}


def verdict(ranges: tuple[str, ...]) -> str:
    """What a run says of a token that writes, and is bound to these ranges."""
    registry = npm.hardened_maintainer(NOW)
    registry.tokens[:] = [
        replace(registry.tokens[0], cidr=ranges, permissions=(("package", "write"),))
    ]
    with stage(github.hardened_maintainer(NOW), registry, "", registry.token("hazel")) as found:
        (finding,) = found.audit("me", select_=("NPT108",)).findings
    return finding.result


@pytest.mark.parametrize("ranges", OPEN.values(), ids=OPEN)
def test_ranges_that_hold_the_internet_are_no_limit(ranges: tuple[str, ...]) -> None:
    assert verdict(ranges) == "failed"


@pytest.mark.parametrize("ranges", BOUND.values(), ids=BOUND)
def test_ranges_of_one_network_are_a_limit(ranges: tuple[str, ...]) -> None:
    assert verdict(ranges) == "passed"


def test_a_range_that_is_not_understood_is_unknown() -> None:
    assert verdict(("203.0.113.0/28", "the office")) == "unknown"


@st.composite
def pieces(draw: st.DrawFn) -> tuple[IPv4Network | IPv6Network, list[str]]:
    """A network, and the same cut into pieces of several sizes, some of them twice."""
    whole = draw(
        st.builds(
            lambda address, length: ip_network((address << 8, length), strict=False),
            st.integers(0, 2**24 - 1),
            st.integers(0, 24),
        )
        | st.builds(
            lambda address, length: ip_network((address << 64, length), strict=False),
            st.integers(2**61, 2**62 - 1),
            st.integers(3, 64),
        )
    )
    parts: list[IPv4Network | IPv6Network] = [whole]
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(parts) - 1))
        parts[at : at + 1] = parts[at].subnets(1)
    twice = draw(st.lists(st.sampled_from(parts), max_size=3))
    return whole, [str(part) for part in draw(st.permutations([*parts, *twice]))]


@given(pieces())
def test_how_ranges_are_cut_changes_nothing(
    cut: tuple[IPv4Network | IPv6Network, list[str]],
) -> None:
    whole, parts = cut
    assert unbounded(parts) == unbounded([str(whole)])


@given(pieces(), pieces())
def test_more_ranges_never_bind_more(
    one: tuple[IPv4Network | IPv6Network, list[str]],
    other: tuple[IPv4Network | IPv6Network, list[str]],
) -> None:
    assert unbounded([*one[1], *other[1]]) >= unbounded(one[1])


@given(st.lists(st.integers(8, 255), unique=True, max_size=40))
def test_the_edge_lies_at_one_block(firsts: list[int]) -> None:
    ranges = [f"198.{first}.0.0/16" for first in firsts]
    assert not unbounded(ranges)
    assert unbounded([*ranges, "9.0.0.0/8"]) == bool(ranges)
    assert IPv4Network("9.0.0.0/8").num_addresses == WIDEST_4
