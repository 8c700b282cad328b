"""Lock files that real clients wrote."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hardenme.locks.contents import PackageVersion, Resolved
from hardenme.locks.reading import LockFile, lock_file

WRITTEN = Path(__file__).parent / "written"
NAMES = {
    "npm6.json": "package-lock.json",
    "npm-1.json": "package-lock.json",
    "npm-2.json": "package-lock.json",
    "npm-3.json": "package-lock.json",
    "npm-hidden.json": ".package-lock.json",
    "npm-shrinkwrap.json": "npm-shrinkwrap.json",
    "pnpm-7.yaml": "pnpm-lock.yaml",
    "pnpm-8.yaml": "pnpm-lock.yaml",
    "pnpm-10.yaml": "pnpm-lock.yaml",
    "yarn-1.lock": "yarn.lock",
    "yarn-berry.lock": "yarn.lock",
    "bun.lock": "bun.lock",
}
FITTED = sorted(set(NAMES) - {"npm6.json", "npm-1.json", "npm-hidden.json"})
"""Files by which it can be seen whether they fit the project."""
EVERYWHERE = {
    "@sindresorhus/is": {"4.0.0"},
    "is-buffer": {"1.1.6"},
    "is-number": {"3.0.0", "6.0.0"},
    "is-odd": {"0.1.2", "3.0.1"},
    "js-tokens": {"4.0.0"},
    "kind-of": {"3.2.2"},
    "loose-envify": {"1.4.0"},
    "react": {"18.2.0"},
    "use-sync-external-store": {"1.2.0"},
}
"""What each client resolved."""
BY_WORKSPACE = {"is-even": {"1.0.0"}}


def read(file: str) -> LockFile:
    return lock_file(f"web/{NAMES[file]}", (WRITTEN / file).read_bytes())


@pytest.mark.parametrize("file", NAMES)
def test_it_resolves_what_the_client_resolved(file: str) -> None:
    lock = read(file)
    assert lock.contents is not None, lock.fault
    found: dict[str, set[str]] = {}
    for one in lock.contents.versions:
        found.setdefault(one.name, set()).add(one.version)
    found.pop("local", None)
    assert found == EVERYWHERE | ({} if file == "npm6.json" else BY_WORKSPACE)


@pytest.mark.parametrize("file", NAMES)
def test_it_answers_yes_and_no(file: str) -> None:
    lock = read(file)
    assert lock.holds(PackageVersion("is-odd", "0.1.2")).held is Resolved.YES
    for name, version in (("is-odd", "3.0.0"), ("al", "3.0.1"), ("is-odd2", "0.1.2")):
        assert lock.holds(PackageVersion(name, version)).held is Resolved.NO


@pytest.mark.parametrize("file", FITTED)
def test_it_knows_what_it_was_made_for(file: str) -> None:
    contents = read(file).contents
    assert contents is not None
    assert contents.in_step_with("", {"is-odd": "^3.0.0", "al": "npm:is-odd@0.1.2"})
    assert contents.in_step_with("packages/a", {"is-even": "1.0.0"})
    assert not contents.in_step_with("", {"is-odd": "^3.0.1"})
    assert not contents.in_step_with("", {"is-odd": "^3.0.0", "is-plain": "^1.0.0"})


@pytest.mark.parametrize("file", NAMES)
def test_a_lock_that_was_cut_is_not_believed(file: str) -> None:
    """What is left either names the version, or is refused, or does not use it yet."""
    text = (WRITTEN / file).read_text()
    lines = text.splitlines(keepends=True)
    for count in range(1, len(lines)):
        left = "".join(lines[:count])
        if lock_file(NAMES[file], left.encode()).holds(ASKED).held is Resolved.NO:
            assert file.startswith(("pnpm", "yarn-1"))
            assert not USES[file.partition("-")[0]].search(left)


ASKED = PackageVersion("is-number", "3.0.0")
USES = {
    "pnpm": re.compile(r"\n +is-number: 3\.0\.0\n"),
    "yarn": re.compile(r"\n    is-number \"\^3\.0\.0\"\n"),
}
"""How an entry names that it uses the version."""
PROJECT = {
    "": {
        "@sindresorhus/is": "4.0.0",
        "al": "npm:is-odd@0.1.2",
        "is-odd": "^3.0.0",
        "local": "file:./local",
        "react": "18.2.0",
        "use-sync-external-store": "1.2.0",
    },
    "packages/a": {"is-even": "1.0.0"},
}
"""What the folders ask for."""


@pytest.mark.parametrize("file", FITTED)
def test_a_lock_without_some_of_its_lines_does_not_fit_the_project(file: str) -> None:
    """Whichever lines are missing: it names the version, is refused, or is seen not to fit."""
    lines = (WRITTEN / file).read_text().splitlines(keepends=True)
    fits = [lock_file(NAMES[file], "".join(lines).encode())]
    for first in range(len(lines)):
        for last in {first + 1, first + 2, *range(first + 3, len(lines) + 1, 5)}:
            left = lock_file(NAMES[file], "".join(lines[:first] + lines[last:]).encode())
            if left.holds(ASKED).held is Resolved.NO:
                fits.append(left)
    assert [one for one in fits if _fits(one)] == fits[:1]


def _fits(lock: LockFile) -> bool:
    contents = lock.contents
    return contents is not None and all(
        contents.in_step_with(folder, wanted) for folder, wanted in PROJECT.items()
    )


def test_a_binary_lock_is_only_searched() -> None:
    lock = lock_file("bun.lockb", (WRITTEN / "bun.lockb").read_bytes())
    assert lock.holds(PackageVersion("is-odd", "0.1.2")).held is Resolved.YES
    assert lock.holds(PackageVersion("@sindresorhus/is", "4.0.0")).held is Resolved.YES
    assert lock.holds(PackageVersion("chalk", "5.6.1")).held is Resolved.UNKNOWN
