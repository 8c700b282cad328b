"""The clients of this machine write caches, folders, lock files and logs, and these are read.

`tests/sandbox/npm_clients.py` says where clients are. The later yarn is there as `yarn-4.18.1`.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from hardenme.exposure.logs import log_signs
from hardenme.locks.contents import PackageVersion, Resolved
from hardenme.locks.reading import LockFile, is_lock, lock_file
from hardenme.model.exposure import ExposureGrade, graded
from hardenme.sandbox.npm.server import NpmSandbox, npm_sandbox
from hardenme.sandbox.npm.world import Package, Person, Version, World
from tests.collectors.local.home import Home
from tests.collectors.local.packages.test_written_packages import BAD, CONFIRMED, OTHERS, look
from tests.moment import NOW
from tests.sandbox.npm_clients import npm_program, other_client

pytestmark = pytest.mark.needs("npm")
NPM = "npm"
CLIENTS = (
    *(NPM, "pnpm-8.15.9", "pnpm-10.18.0", "pnpm-12.21.0"),
    *("yarn-1.22.22", "yarn-4.18.1", "bun-1.3.0"),
)
HAZEL = Person("hazel", "hazel@acme.example")
LATER_YARN = """\
npmRegistryServer: "{}"
unsafeHttpWhitelist: ["127.0.0.1"]
enableTelemetry: false
npmMinimalAgeGate: 0
"""


def package(name: str, version: str, **dependencies: str) -> Package:
    one = Version(version, NOW - timedelta(days=30), HAZEL, dependencies=dependencies)
    return Package(name, [one], [HAZEL], {"hazel": "write"})


@pytest.fixture(scope="module")
def registry() -> Iterator[NpmSandbox]:
    packages = [
        package("bad", "1.2.3", worse="2.0.0"),
        package("worse", "2.0.0"),
        package("@acme/bad", "3.0.0"),
    ]
    with npm_sandbox(World(NOW, packages=packages)) as sandbox:
        yield sandbox


LOUD = {NPM: ("--loglevel", "http"), "yarn-1.22.22": ("--verbose",)}
"""What has a client name packages that prints no names otherwise."""


def install(client: str, home: Home, registry: NpmSandbox) -> str:
    """Have a client install in the project, with its usual caches below the home.

    Returns:
        What it printed.
    """
    project = home.root / "proj"
    project.mkdir()
    (project / "package.json").write_text('{"name": "proj", "version": "1.0.0"}')
    if client.startswith("yarn-4"):
        (project / "yarn.lock").touch()
    first = ("install", "--no-audit", "--no-fund") if client == NPM else ("add",)
    words = (*first, *LOUD.get(client, ()), "bad@1.2.3", "@acme/bad@3.0.0")
    done = run(client, home, registry, words)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def run(
    client: str, home: Home, registry: NpmSandbox, words: Sequence[str]
) -> subprocess.CompletedProcess[str]:
    """Run a client in the project."""
    project = home.root / "proj"
    (home.home / ".npmrc").write_text(f"registry={registry.url}/\n")
    (home.home / ".yarnrc").write_text(f'registry "{registry.url}/"\n')
    (home.home / ".bunfig.toml").write_text(f'[install]\nregistry = "{registry.url}/"\n')
    if client.startswith("yarn-4"):
        (project / ".yarnrc.yml").write_text(LATER_YARN.format(registry.url))
    own = npm_program().words if client == NPM else [other_client(client, "", home.root)[0]]
    cache = home.home / ".cache" / "yarn"
    environ = {"PATH": os.environ["PATH"], "HOME": str(home.home), "NO_PROXY": "127.0.0.1"}
    if client.startswith("yarn-1"):
        # For the user root yarn has another place.
        environ["YARN_CACHE_FOLDER"] = str(cache)
    return subprocess.run(  # noqa: S603 (a package manager, and our own words)
        [*own, *words],
        cwd=project,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def lock_of(project: Path) -> LockFile:
    (path,) = (one for one in project.iterdir() if is_lock(one.name))
    return lock_file(path.name, path.read_bytes())


def grades(printed: str, asked: Sequence[PackageVersion]) -> list[ExposureGrade]:
    """What a job's log shows that has what a client printed."""
    lines = "".join(f"2026-11-20T01:21:00.0000000Z {line}\n" for line in printed.splitlines())
    return [graded(log_signs(lines, [one], 7)) for one in asked]


@pytest.mark.parametrize("client", CLIENTS)
def test_what_a_client_writes_is_confirmed(
    client: str, tmp_path: Path, registry: NpmSandbox
) -> None:
    home = Home(tmp_path, {"TMPDIR": str(tmp_path)})
    printed = install(client, home, registry)
    found = look(home, BAD)
    assert {row.package for row in found.rows if row.grade is CONFIRMED} == {*map(str, BAD)}
    assert not found.gaps
    kinds = {place.kind.value for place in found.places}
    # The later yarn has archives in place of folders.
    assert kinds >= {"cache", "project"} | (set() if client == "yarn-4.18.1" else {"installed"})
    assert look(home, OTHERS).rows == ()

    lock = lock_of(home.root / "proj")
    assert [lock.holds(one).held for one in BAD] == [Resolved.YES] * len(BAD)
    assert [lock.holds(one).held for one in OTHERS] == [Resolved.NO] * len(OTHERS)

    direct = [one for one in BAD if one.name != "worse"]
    assert grades(printed, direct) == [ExposureGrade.CONFIRMED] * len(direct)
    assert grades(printed, OTHERS) == [ExposureGrade.NOT_SEEN] * len(OTHERS)


FROZEN = {
    NPM: ("ci",),
    **{one: ("install", "--frozen-lockfile") for one in CLIENTS if one.startswith(("pnpm", "bun"))},
    "yarn-4.18.1": ("install", "--immutable"),
}
"""What has a client install what its lock file lists, or nothing."""
WORSE = PackageVersion("worse", "2.0.0")
CUTS = 5
"""How many cut lock files each client gets."""


@pytest.mark.parametrize("client", FROZEN)
def test_a_client_that_is_to_keep_to_its_lock_fetches_nothing_that_a_cut_one_lacks(
    client: str, tmp_path: Path, registry: NpmSandbox
) -> None:
    """A cut lock which is read as one without the version is one that brings it to nobody."""
    made = tmp_path / "made"
    made.mkdir()
    home = Home(made, {"TMPDIR": str(made)})
    install(client, home, registry)
    project = home.root / "proj"
    whole = lock_of(project)
    lines = (project / whole.path).read_bytes().splitlines(keepends=True)
    cut = [
        b"".join(lines[:first] + lines[last:])
        for first in range(len(lines))
        for last in range(first + 1, len(lines) + 1)
    ]
    lacking = [one for one in cut if lock_file(whole.path, one).holds(WORSE).held is Resolved.NO]
    # Of the later yarn's file, no cut one is read as one without it.
    assert bool(lacking) is not client.startswith("yarn")
    some = lacking[:: max(len(lacking) // CUTS, 1)][:CUTS]
    for number, one in enumerate([b"".join(lines), *some]):
        folder = tmp_path / str(number)
        (folder / "proj").mkdir(parents=True)
        fresh = Home(folder, {"TMPDIR": str(folder)})
        (folder / "proj" / "package.json").write_bytes((project / "package.json").read_bytes())
        (folder / "proj" / whole.path).write_bytes(one)
        before = len(registry.requests)
        run(client, fresh, registry, FROZEN[client])
        fetched = [asked.path for asked in registry.requests[before:]]
        found = any(path.endswith("worse-2.0.0.tgz") for path in fetched)
        assert found is (number == 0), one.decode()
