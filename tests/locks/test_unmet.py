"""Lock files of which a client would resolve a part anew, since a dependency fits no entry."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hardenme.ground.errors import ContentError
from hardenme.locks.bun import bun_lock
from hardenme.locks.contents import LockContents, PackageVersion, Resolved
from hardenme.locks.npm import npm_lock
from hardenme.locks.yarn import yarn_lock

ENTRIES = {"": {"dependencies": {"a": "^1"}}, "node_modules/a": {"version": "1.0.0"}}


def of_npm(**more: dict[str, Any]) -> LockContents:
    entries = {**ENTRIES, **{f"node_modules/{name}": entry for name, entry in more.items()}}
    return npm_lock(json.dumps({"lockfileVersion": 3, "packages": entries}))


B = {"version": "2.0.0", "dependencies": {"c": "^3"}}


def peer(range_: str, *, optional: bool) -> dict[str, Any]:
    """An entry that uses `c` next to it."""
    about = {"c": {"optional": optional}}
    return {
        "version": "2.0.0",
        "peerDependencies": {"c": range_},
        "peerDependenciesMeta": about,
    }


@pytest.mark.parametrize(
    ("more", "unmet"),
    [
        ({}, ""),
        ({"b": B}, "node_modules/b > c"),
        ({"b": B, "c": {"version": "3.1.0"}}, ""),
        ({"b": B, "c": {"version": "2.0.0"}}, "node_modules/b > c"),
        ({"b": B, "c": {"version": "2.0.0"}, "b/node_modules/c": {"version": "3.0.0"}}, ""),
        ({"b": {**B, "dependencies": {"c": "npm:x@^3"}}, "c": {"version": "3.0.0"}}, ""),
        ({"b": {"version": "2.0.0", "optionalDependencies": {"c": "1"}}}, "node_modules/b > c"),
        ({"b": {"version": "2.0.0", "peerDependencies": {"c": "1"}}}, "node_modules/b > c"),
        ({"b": peer("1", optional=True)}, ""),
        ({"b": peer("^1", optional=True), "c": {"version": "1.2.0"}}, ""),
        ({"b": peer("^1", optional=True), "c": {"version": "2.0.0"}}, "node_modules/b > c"),
        ({"b": peer("^1", optional=False)}, "node_modules/b > c"),
        ({"@x/b": B, "@x/b/node_modules/c": {"version": "3.0.0"}}, ""),
        ({"b": {"version": "2.0.0", "devDependencies": {"c": "1"}}}, ""),
    ],
)
def test_npm_looks_for_each_dependency_from_its_folder_up(
    more: dict[str, dict[str, Any]], unmet: str
) -> None:
    found = of_npm(**more)
    assert found.unmet == unmet
    assert found.in_step_with("", {"a": "^1"}) is (unmet == "")


def test_yarn_1_resolves_a_range_that_is_no_key_anew() -> None:
    text = '# yarn lockfile v1\n\na@^1:\n  version "1.0.0"\n  dependencies:\n    b "^2"\n\n'
    assert yarn_lock(f'{text}b@^2:\n  version "2.0.0"\n').unmet == ""
    found = yarn_lock(f'{text}b@^1:\n  version "1.0.0"\n')
    assert found.unmet
    assert not found.in_step_with("", {"a": "^1"})


@pytest.mark.parametrize(
    ("more", "unmet"),
    [
        ({"c": ["c@3.0.0", "", {}, ""]}, ""),
        ({"b/c": ["c@3.0.0", "", {}, ""], "c": ["c@1.0.0", "", {}, ""]}, ""),
        ({"c": ["c@1.0.0", "", {}, ""]}, "b > c"),
        ({}, "b > c"),
    ],
)
def test_bun_looks_for_each_dependency_from_its_entry_up(
    more: dict[str, list[Any]], unmet: str
) -> None:
    packages = {"b": ["b@2.0.0", "", {"dependencies": {"c": "^3"}}, ""], **more}
    text = json.dumps({"lockfileVersion": 1, "workspaces": {"": {}}, "packages": packages})
    assert bun_lock(text).unmet == unmet


@pytest.mark.parametrize(
    ("more", "unmet"),
    [
        ({"dependencies": {"c": "^3"}}, ""),
        ({"dependencies": {"c": "^4"}}, "package.json > c"),
        ({"devDependencies": {"d": "1"}}, "package.json > d"),
        ({"optionalDependencies": {"d": "1"}}, "package.json > d"),
        ({"peerDependencies": {"d": "1"}}, "package.json > d"),
        ({"peerDependencies": {"c": "^1"}}, ""),
        ({"peerDependencies": {"d": "1"}, "optionalPeers": ["d"]}, ""),
        ({"peerDependencies": {"d": "1"}, "optionalPeers": [["d"], 1]}, "package.json > d"),
        ({"peerDependencies": {"d": "1"}, "optionalPeers": 1}, "package.json > d"),
    ],
)
def test_bun_looks_for_what_a_folder_asks_for(more: dict[str, Any], unmet: str) -> None:
    packages = {"c": ["c@3.0.0", "", {}, ""]}
    text = json.dumps({"lockfileVersion": 1, "workspaces": {"": more}, "packages": packages})
    assert bun_lock(text).unmet == unmet


def test_what_is_behind_a_plus_makes_no_other_version() -> None:
    found = of_npm(axios={"version": "1.14.1+build"})
    assert found.holds(PackageVersion("axios", "1.14.1")).held is Resolved.YES
    assert found.holds(PackageVersion("axios", "1.14.1+x")).held is Resolved.YES


def test_a_place_with_a_backslash_is_not_taken_for_a_folder() -> None:
    with pytest.raises(ContentError):
        npm_lock(json.dumps({"lockfileVersion": 3, "packages": {"node_modules\\a": {}}}))
