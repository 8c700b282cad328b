"""Versions in npm's order, what a dependency means, and what a release is held against."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from operator import itemgetter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardenme.facts.npm.history import PastRelease
from hardenme.facts.npm.lineage import SETTLED, Lineage
from hardenme.facts.npm.semver import version
from hardenme.facts.npm.spec import address_of, package_of
from hardenme.model.unknown import NotKnownError
from tests.factories.npm_release import START, history, past_release

NUMBERS = [
    f"{line}.{patch}{rest}"
    for line in ("1.0", "1.1", "2.0")
    for patch in range(3)
    for rest in ("", "-rc.1", "+b")
]
NUMBERS += ["one", "two"]
ORDER = (
    "0.9.9",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.0.1",
    "1.2.0",
    "1.10.0",
    "2.0.0",
)


def test_versions_are_ordered_as_npm_orders_them() -> None:
    ranks = [version(text) for text in ORDER]
    for lower, higher in pairwise(ranks):
        assert lower is not None
        assert higher is not None
        assert lower < higher
    assert version("1.0.0+build") == version("1.0.0")


@pytest.mark.parametrize(
    "text", ["", "1", "1.0", "v1.0.0", "01.0.0", "1.0.0-", "1.0.0 ", "..", "9" * 300, "1.0.\u0664"]
)
def test_what_is_no_version(text: str) -> None:
    assert version(text) is None


@pytest.mark.parametrize(
    ("spec", "package"),
    [
        ("^1.0.0", "wick"),
        ("*", "wick"),
        ("latest", "wick"),
        (">=1 <3 || 5.x", "wick"),
        ("npm:flint@^1", "flint"),
        ("npm:@hazel/flint@^1", "@hazel/flint"),
        ("npm:@hazel/flint", "@hazel/flint"),
        ("npm:../x@1", ""),
        ("hazel/wick", ""),
        ("hazel/wick#main", ""),
        ("github:hazel/wick", ""),
        ("git+ssh://git@github.com/hazel/wick.git", ""),
        ("git@github.com:hazel/wick.git", ""),
        ("https://files.example/wick.tgz", ""),
        ("file:../wick", ""),
    ],
)
def test_what_a_dependency_is(spec: str, package: str) -> None:
    assert package_of("wick", spec) == package
    assert bool(address_of(spec)) is (not package and "../x" not in spec)


def at(number: str, days: float) -> PastRelease:
    return past_release(number, START + timedelta(days=days))


def held_against(*found: PastRelease) -> tuple[str, bool]:
    """What the last of these is compared with, and whether it is a patch."""
    lineage = Lineage(history(*found))
    assert lineage.releases[-1] is found[-1]
    base, patch = lineage.follows(len(found) - 1)
    return base.version if base else "", patch


def test_a_release_follows_the_version_below_it() -> None:
    assert held_against(at("1.0.0", 0)) == ("", False)
    assert held_against(at("1.0.0", 0), at("1.0.1", 20)) == ("1.0.0", True)
    assert held_against(at("1.0.0", 0), at("2.0.0", 20), at("1.0.1", 40)) == ("1.0.0", True)
    assert held_against(at("1.0.0", 0), at("1.1.0", 20)) == ("1.0.0", False)
    assert held_against(at("1.0.0", 0), at("1.0.1-rc.1", 20), at("1.0.1", 40)) == ("1.0.0", True)
    assert held_against(at("2.0.0", 0), at("1.0.0", 20)) == ("2.0.0", False)


def test_what_came_out_in_the_same_week_vouches_for_nothing() -> None:
    patches = [at("1.0.0", 0), at("1.0.1", 30), at("1.0.2", 30.1), at("1.0.3", 30.2)]
    assert held_against(*patches) == ("1.0.0", True)
    assert held_against(*patches[:2], at("1.0.2", 38)) == ("1.0.1", True)
    # A minor or major that is as new vouches for no more than a patch does.
    assert held_against(at("1.0.0", 0), at("1.1.0", 30), at("1.1.1", 31)) == ("1.0.0", True)
    assert held_against(at("1.0.0", 0), at("1.1.0", 30), at("1.2.0", 31)) == ("1.0.0", False)
    assert held_against(at("1.0.0", 0), at("2.0.0", 30), at("3.0.0", 36)) == ("1.0.0", False)
    # In the first week of a package there is its first release alone.
    assert held_against(at("1.0.0", 0), at("1.1.0", 1), at("1.2.0", 2)) == ("1.0.0", False)


def test_what_came_out_just_a_week_before_has_stood() -> None:
    patches = [at("1.0.0", 0), at("1.0.1", 30)]
    second = timedelta(seconds=1) / timedelta(days=1)
    assert held_against(*patches, at("1.0.2", 37)) == ("1.0.1", True)
    assert held_against(*patches, at("1.0.2", 37 - second)) == ("1.0.0", True)
    lineage = Lineage(history(*patches, at("2.0.0", 37)))
    assert lineage.settled_before(2) is patches[1]
    assert Lineage(history(*patches, at("2.0.0", 37 - second))).settled_before(2) is patches[0]


def test_the_newest_that_had_stood_for_a_week() -> None:
    found = [at("1.0.0", 0), at("2.0.0", 20), at("1.0.1", 26), at("2.0.1", 28)]
    lineage = Lineage(history(*found))
    assert lineage.settled_before(3) is found[1]
    assert lineage.settled_before(0) is None
    recent = lineage.recent(START + timedelta(days=30), 5)
    assert [(place, one.version) for place, one in recent] == [(2, "1.0.1"), (3, "2.0.1")]


def test_a_version_that_is_none_is_held_against_nothing_known() -> None:
    found = (at("one", 0), at("1.0.0", 20), at("two", 40), at("1.0.1", 60))
    lineage = Lineage(history(*found, tags={"latest": "1.0.0"}))
    with pytest.raises(NotKnownError):
        lineage.follows(2)
    assert lineage.follows(3) == (found[1], True)
    assert lineage.follows(1) == (found[0], False)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(NUMBERS), st.integers(0, 240)),
        max_size=12,
        unique_by=itemgetter(0),
    )
)
def test_each_follows_the_release_that_a_look_at_all_of_them_finds(
    found: list[tuple[str, int]],
) -> None:
    lineage = Lineage(history(*(at(number, hours / 6) for number, hours in found), tags={}))
    for place, release in enumerate(lineage.releases):
        if lineage.versions[place] is None:
            with pytest.raises(NotKnownError):
                lineage.follows(place)
            continue
        below = looked_up(lineage, place)
        patch = is_patch(lineage, place, below)
        while below is not None and release.published_at - lineage.times[below] < SETTLED:
            older = looked_up(lineage, below)
            if older is None:
                break
            below = older
        expected = None if below is None else lineage.releases[below]
        assert lineage.follows(place) == (expected, patch)


def looked_up(lineage: Lineage, place: int) -> int | None:
    """The highest below it among all before it; for a stable one the highest stable one."""
    own = lineage.versions[place]
    if own is None:
        return place - 1 if place else None
    pairs = enumerate(lineage.versions[:place])
    lower = [(rank, -one) for one, rank in pairs if rank is not None and rank < own]
    stable = [pair for pair in lower if pair[0].stable]
    best = (stable if own.stable and stable else lower) or None
    if best is None:
        return place - 1 if place else None
    return -max(best)[1]


def is_patch(lineage: Lineage, place: int, below: int | None) -> bool:
    own, other = lineage.versions[place], None if below is None else lineage.versions[below]
    return own is not None and other is not None and own.line == other.line
