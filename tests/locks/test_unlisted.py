"""Entries of lock files that can bring packages which the lock does not list."""

from __future__ import annotations

import json

import pytest

from hardenme.locks.bun import bun_lock
from hardenme.locks.contents import LockContents, PackageVersion, Resolved, is_built
from hardenme.locks.npm import npm_lock
from hardenme.locks.pnpm import pnpm_lock
from hardenme.locks.yarn import yarn_lock

AXIOS = PackageVersion("axios", "1.14.1")
GIT = "git+ssh://git@forge.example/x/foo.git#" + "a" * 40
PNPM = "lockfileVersion: '9.0'\npackages:\n  foo@{key}:\n    version: 1.0.0\n    {more}\n"


def npm(resolved: str) -> LockContents:
    entry = {"version": "1.0.0", "resolved": resolved}
    return npm_lock(json.dumps({"lockfileVersion": 3, "packages": {"node_modules/foo": entry}}))


def npm_with(more: dict[str, object], *below: str) -> LockContents:
    """A lock with an entry that brings others, of which these are listed below it."""
    entries = {f"node_modules/foo/node_modules/{one}": {"version": "1.0.0"} for one in below}
    listed = {"node_modules/foo": {"version": "1.0.0", **more}, **entries}
    return npm_lock(json.dumps({"lockfileVersion": 3, "packages": listed}))


def bun(reference: str) -> LockContents:
    packages = {"foo": [f"foo@{reference}", {}, ""]}
    return bun_lock(json.dumps({"lockfileVersion": 1, "packages": packages}))


def later_yarn(reference: str) -> LockContents:
    entry = f'"foo@x":\n  version: 1.0.0\n  resolution: "foo@{reference}"\n  linkType: hard\n'
    own = '"p@workspace:.":\n  resolution: "p@workspace:."\n  linkType: soft\n'
    return yarn_lock(f"__metadata:\n  version: 8\n{own}{entry}")


def yarn_1(resolved: str) -> LockContents:
    entry = f'foo@x:\n  version "1.0.0"\n  resolved "{resolved}"\n'
    return yarn_lock(f"# yarn lockfile v1\n\n{entry}")


@pytest.mark.parametrize(
    "found",
    [
        npm(GIT),
        npm_lock(json.dumps({"lockfileVersion": 1, "dependencies": {"foo": {"version": GIT}}})),
        yarn_1("https://forge.example/x/foo.git#aaaa"),
        yarn_1("https://codeload.github.com/x/foo/tar.gz/aaaa"),
        later_yarn("https://forge.example/x/foo.git#commit=aaaa"),
        later_yarn("git@forge.example:x/foo.git#commit=aaaa"),
        later_yarn("exec:./make.js"),
        bun("github:x/foo#aaaa"),
        pnpm_lock(PNPM.format(key="x", more="resolution: {type: git, repo: a/b, commit: c}")),
        pnpm_lock(
            PNPM.format(
                key="https://codeload.github.com/x/foo/tar.gz/aaaa",
                more="resolution: {tarball: https://codeload.github.com/x/foo/tar.gz/aaaa}",
            )
        ),
        pnpm_lock(PNPM.format(key="1.0.0", more="bundledDependencies: [axios]")),
        pnpm_lock(PNPM.format(key="1.0.0", more="bundledDependencies: true")),
        npm_with({"bundleDependencies": ["axios"]}),
        npm_with({"bundledDependencies": ["left-pad", "axios"]}, "left-pad"),
        npm_with({"bundleDependencies": True}),
        npm_with({"hasShrinkwrap": True}),
    ],
)
def test_what_is_built_or_bundled_can_bring_more_than_the_lock_lists(found: LockContents) -> None:
    assert found.holds(AXIOS).held is Resolved.UNKNOWN


@pytest.mark.parametrize(
    "found",
    [
        npm("https://registry.example/foo/-/foo-1.0.0.tgz"),
        yarn_1("https://registry.example/foo/-/foo-1.0.0.tgz#a1b2"),
        later_yarn("npm:1.0.0"),
        later_yarn("patch:foo@npm%3A1.0.0#~/.yarn/patches/foo.patch"),
        bun("1.0.0"),
        pnpm_lock(PNPM.format(key="1.0.0", more="bundledDependencies: [left-pad]")),
        npm_with({"bundleDependencies": ["axios"]}, "axios"),
        npm_with({"bundleDependencies": ["left-pad"]}),
        npm_with({"hasShrinkwrap": True}, "left-pad"),
        npm_with({"hasShrinkwrap": False}),
    ],
)
def test_what_is_installed_as_it_comes_brings_no_more(found: LockContents) -> None:
    assert found.holds(AXIOS).held is Resolved.NO


@pytest.mark.parametrize(
    ("address", "built"),
    [
        ("https://registry.example/get/-/get-1.0.0.tgz", False),
        ("https://npm.pkg.example/download/@x/foo/1.0.0/a1b2", False),
        ("file:foo-1.0.0.tgz", False),
        ("ssh://git@forge.example/x/foo", True),
        ("https://forge.example/x/foo/repository/archive.tar.gz?ref=a", True),
        ("https://forge.example/x/foo/get/a.tar.gz", True),
        ("x/foo#main", True),
        ("gitlab:x/foo", True),
    ],
)
def test_which_addresses_are_those_of_repositories(address: str, *, built: bool) -> None:
    assert is_built(address) is built
