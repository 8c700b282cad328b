"""Versions in npm's order, what a dependency means, and what a release is held against."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from hardenme.facts.npm.history import PastRelease
from hardenme.facts.npm.lineage import earlier, follows, recent, stood
from hardenme.facts.npm.semver import version
from hardenme.facts.npm.spec import address_of, package_of
from hardenme.model.unknown import NotKnownError
from tests.factories.npm_release import START, history, past_release

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
    shown = history(*found)
    base, patch = follows(found[-1], earlier(shown, found[-1]))
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
    # What begins a line of patches is what they are held against.
    assert held_against(at("1.0.0", 0), at("1.1.0", 30), at("1.1.1", 31)) == ("1.1.0", True)


def test_the_newest_that_had_stood_for_a_week() -> None:
    found = [at("1.0.0", 0), at("2.0.0", 20), at("1.0.1", 26), at("2.0.1", 28)]
    shown = history(*found)
    base = stood(found[-1], earlier(shown, found[-1]))
    assert base is found[1]
    assert stood(found[0], earlier(shown, found[0])) is None
    assert [one.version for one in recent(shown, START + timedelta(days=30), 5)] == [
        "1.0.1",
        "2.0.1",
    ]


def test_a_version_that_is_none_is_held_against_nothing_known() -> None:
    shown = history(at("1.0.0", 0), at("one", 20), tags={"latest": "1.0.0"})
    with pytest.raises(NotKnownError):
        follows(shown.releases[-1], earlier(shown, shown.releases[-1]))
