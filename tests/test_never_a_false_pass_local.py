"""The promise, for this workstation: no file that cannot be read whole makes a check pass.

For each check of the family LOC a home is built in which it passes. Each file that the verdict
rests on is then put out of reach in every way that a file can be. The verdict must never be passed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from hardenme.collectors.local.workstation import LARGEST
from hardenme.engine.catalogue import catalogue
from hardenme.model.finding import Finding
from hardenme.model.unknown import Reason, Unknown
from tests.collectors.local.home import Home
from tests.running import Stage
from tests.workstations import fill_orderly, workstation

CODES = [check.code for check in catalogue() if check.family == "LOC"]
WITH_SESSION = frozenset({"LOC103"})
"""Checks whose passing case has a session's token in the user's file."""
BY_RIGHTS = frozenset({"LOC102"})
"""Checks that a file's rights decide: what stands in a file that only its owner can read does not
matter to them."""
READ = 200


def as_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def as_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def as_loop(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)


def too_large(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n" * LARGEST)


def binary(path: Path) -> None:
    path.write_bytes(b"\x00\xff" * 200)


OTHER_KINDS: dict[str, Callable[[Path], None]] = {
    "a folder": as_folder,
    "a pipe": as_pipe,
    "a loop of links": as_loop,
}
OTHER_CONTENT: dict[str, Callable[[Path], None]] = {"too large": too_large, "no text": binary}


@contextmanager
def place(code: str) -> Iterator[tuple[Home, Stage]]:
    with workstation() as (home, found):
        fill_orderly(home)
        if code in WITH_SESSION:
            host = found.npm.url.partition("//")[2]
            home.write(".npmrc", f"//{host}/:_authToken={found.npm_token}\n")
        yield home, found


def passed(found: Stage, code: str) -> list[Finding]:
    """The findings that pass; none where the check says that it does not know all."""
    targets = ("me",) if code in WITH_SESSION else ("local",)
    findings = found.audit(*targets, select_=(code,), local=True).findings
    if any(finding.result in {"unknown", "errored"} for finding in findings):
        return []
    return [finding for finding in findings if finding.result == "passed"]


def files(findings: list[Finding], home: Home) -> list[Path]:
    """The files that the verdicts rest on, below the folder that holds the home."""
    names = {
        atom.endpoint.partition(" ")[2]
        for finding in findings
        for atom in finding.sources
        if atom.status == READ
    }
    paths = [Path(name.replace("~", str(home.home), 1)) for name in sorted(names)]
    return [path.relative_to(home.root) for path in paths if path.is_file()]


@pytest.mark.parametrize("code", CODES)
def test_no_file_out_of_reach_passes(
    code: str, record_property: Callable[[str, Any], None]
) -> None:
    with place(code) as (home, found):
        good = passed(found, code)
        assert good, f"{code} has no passing case"
        subjects = {finding.subject for finding in good}
        names = files(good, home)
    faults = OTHER_KINDS if code in BY_RIGHTS else OTHER_KINDS | OTHER_CONTENT
    false_passes, count = [], 0
    for name in names:
        for fault, spoil in faults.items():
            count += 1
            with place(code) as (home, found):
                spoil(home.root / name)
                if subjects <= {finding.subject for finding in passed(found, code)}:
                    false_passes.append(f"{name} is {fault}")
    record_property("mutations", count)
    assert not false_passes, false_passes


@pytest.mark.parametrize(
    "keyrings", [(), ("somebody.elses.Backend",), Unknown(Reason.MALFORMED, "a keyring")]
)
def test_no_strange_keyring_passes(keyrings: Any) -> None:
    with place("LOC113") as (home, found):
        assert passed(found, "LOC113")
        home.keyrings = keyrings
        assert not passed(found, "LOC113")
