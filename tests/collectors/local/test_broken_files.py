"""The promise for this machine: no broken, strange or unreadable file makes a check pass.

For each check that rests on files, its passing case is run on a workstation in a folder. Each file
that the verdict rests on is then broken in every way, and the verdict must never be passed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hardenme.engine.catalogue import catalogue
from hardenme.model.finding import Finding
from hardenme.sandbox.npm import scenarios as npm
from tests.collectors.local.home import NPM_TOKEN, Home
from tests.collectors.local.states import everything_right, nothing_right
from tests.posix import IS_POSIX
from tests.running import NOW, stage
from tests.worlds import github

FILES = sorted({f"LOC{number}" for number in range(101, 115)} - {"LOC103"})
"""Checks that rest on files of this machine alone."""


def replaced(make: Callable[[Path], object]) -> Callable[[Path], None]:
    """Something else in the place of a file."""

    def breaking(path: Path) -> None:
        path.unlink()
        make(path)

    return breaking


def enlarged(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n" * 2**20)


def without_a_mark(path: Path) -> None:
    path.write_bytes(path.read_bytes().decode().encode("utf-16-le"))


BREAKS: dict[str, Callable[[Path], None]] = {
    "a folder": replaced(Path.mkdir),
    **({"a pipe": replaced(os.mkfifo)} if sys.platform != "win32" and IS_POSIX else {}),
    "a loop of links": replaced(lambda path: path.symlink_to(path.name)),
    "an endless device": replaced(lambda path: path.symlink_to("/dev/zero")),
    "gone": Path.unlink,
    "too large": enlarged,
    "no text": without_a_mark,
}
"""Ways to break a file."""

STILL_TRUE = {
    ("LOC102", "a folder"): "whatever it is, nobody else may use it",
    ("LOC102", "a pipe"): "the same",
    ("LOC102", "too large"): "the same",
    ("LOC102", "no text"): "the same",
    ("LOC113", "gone"): "without a configuration keyring itself finds a safe one",
}
"""Where a pass is true all the same."""


def findings(code: str, home: Home) -> dict[str, Finding]:
    """What a check finds on a workstation, without asking anybody."""
    with stage(github.hardened_maintainer(NOW), npm.hardened_maintainer(NOW)) as running:
        running.others = lambda: {"local": home.station()}
        report = running.audit("local", select_=(code,))
        assert running.npm.requests == running.github.requests == []
    return {str(finding.subject): finding for finding in report.findings}


def path_of(home: Home, shown: str) -> Path:
    return home.home / shown[2:] if shown.startswith("~/") else Path(shown)


@pytest.mark.second_tier("takes long in all", one_of=3)
@pytest.mark.parametrize("code", FILES)
@pytest.mark.parametrize("name", BREAKS)
def test_no_broken_file_passes(code: str, name: str, tmp_path: Path) -> None:
    folder = tmp_path / "a"
    home = everything_right(folder)
    whole = findings(code, home)
    rests_on = {
        (subject, path)
        for subject, found in whole.items()
        for what, path in (atom.endpoint.split(" ", 1) for atom in found.sources)
        if found.result == "passed" and what in {"FILE", "RIGHTS"}
        if path_of(home, path).is_file()
    }
    assert rests_on, f"{code} needs a passing case in tests/collectors/local/states.py"
    for subject, path in sorted(rests_on):
        folder.rename(tmp_path / f"{len(list(tmp_path.iterdir()))}")
        home = everything_right(folder)
        BREAKS[name](path_of(home, path))
        found = findings(code, home).get(subject)
        if (code, name) not in STILL_TRUE:
            assert found is None or found.result != "passed", (subject, path)


@pytest.mark.parametrize("code", FILES)
def test_what_is_wrong_fails_and_shows_no_secret(code: str, tmp_path: Path) -> None:
    found = findings(code, nothing_right(tmp_path))
    assert "failed" in {finding.result for finding in found.values()}
    for finding in found.values():
        assert "CANARY" not in repr(finding)
        assert NPM_TOKEN[8:-4] not in repr(finding)


@pytest.mark.parametrize("code", FILES)
def test_an_empty_home_leaves_nothing_unknown(code: str, tmp_path: Path) -> None:
    results = {finding.result for finding in findings(code, Home(tmp_path)).values()}
    assert results <= {"not_applicable", "passed"}
    assert results


def test_every_check_of_this_machine_is_covered() -> None:
    codes = {check.code for check in catalogue() if check.family == "LOC"}
    assert codes == {*FILES, "LOC103"}
