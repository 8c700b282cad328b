"""What a machine may hide: each of it makes the answer unknown, or shows the version."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from hardenme.model.exposure import ExposureGrade
from tests.collectors.local.home import Home
from tests.collectors.local.packages.package_scene import BAD, GOOD, START, Machine

LATER = (START + timedelta(days=5)).timestamp()
LOCK = '{"lockfileVersion": 3, "packages": {"": {}}}'


def elsewhere(machine: Machine, path: str) -> None:
    """Put a link to a folder outside of the home in place of a path."""
    target = machine.home.root / "elsewhere"
    machine.package("../elsewhere/lib/node_modules/axios", BAD)
    link = machine.home.home / path
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(target)


def second_cache(machine: Machine, **more: float) -> None:
    machine.home.environ["npm_config_cache"] = str(machine.folder("second"))
    machine.npm_cache(*([GOOD] if more else []), at="second", **more)
    machine.folder("second/_cacache/index-v5")


def emptied_berry(machine: Machine) -> None:
    machine.yarn_1_cache(GOOD)
    path = machine.berry_cache(GOOD)
    os.utime(path, (LATER, LATER))


WAYS: dict[str, Callable[[Machine], object]] = {
    "a second cache that was emptied": second_cache,
    "a second cache that begins later": lambda it: second_cache(it, time=LATER * 1000),
    "a later yarn's cache that was emptied, next to yarn 1's": emptied_berry,
    "an entry with a time that no fetch has": lambda it: (
        it.npm_cache(GOOD, time=LATER * 1000),
        it.write(".npm/_cacache/index-v5/zz/zz/zz", ""),
    ),
    "a client of a project without a cache": lambda it: it.write("src/a/pnpm-lock.yaml", ""),
    "yarn": lambda it: it.write("src/a/yarn.lock", "# yarn lockfile v1\n"),
    "bun": lambda it: it.write("src/a/bun.lockb", "x"),
    "npm's settings of a project": lambda it: it.write("src/a/.npmrc", "cache=/data/npm"),
    "a store of a project": lambda it: it.write("src/a/.npmrc", "store-dir = ~/store"),
    "a store by a variable": lambda it: it.write("src/a/.npmrc", "store-dir=${HOME}/store"),
    "yarn 1's settings": lambda it: it.write("src/.yarnrc", 'cache-folder "/data/yarn"'),
    "a later yarn's settings": lambda it: it.write("src/.yarnrc.yml", "cacheFolder: /data/yarn"),
    "bun's settings": lambda it: it.write("src/bunfig.toml", '[install.cache]\ndir = "/data/b"'),
    "pnpm's settings": lambda it: it.write("src/pnpm-workspace.yaml", "storeDir: ../../store"),
    "settings that are a link": lambda it: elsewhere(it, "src/a/.npmrc"),
    "a link to a Node.js": lambda it: elsewhere(it, ".nvm/versions/node/v20"),
    "a link to what npx installed": lambda it: elsewhere(it, ".npm/_npx/aa"),
    "a link in npm's index": lambda it: elsewhere(it, ".npm/_cacache/index-v5/ff"),
    "a link to npm's index": lambda it: elsewhere(it, ".npm/_cacache/index-v9"),
    "a link to a store": lambda it: elsewhere(it, ".local/share/pnpm/store/v10"),
    "a store of yarn in node_modules": lambda it: it.package(
        "src/node_modules/.store/axios-npm-1.14.1-aa/package", BAD
    ),
    "a store of npm in node_modules": lambda it: it.package(
        "src/node_modules/.store/axios@1.14.1-aa/node_modules/axios", BAD
    ),
    "a store of deno in node_modules": lambda it: it.package(
        "src/node_modules/.deno/axios@1.14.1/node_modules/axios", BAD
    ),
    "what pnpm put aside": lambda it: it.package("src/node_modules/.ignored/axios", BAD),
    "an index that npm did not write": lambda it: it.write(".npm/_cacache/index-v5/a/b/c", "x"),
    "an index of tomorrow": lambda it: it.folder(".npm/_cacache/index-v6"),
}


@pytest.fixture
def machine(tmp_path: object) -> Machine:
    made = Machine(Home(tmp_path))  # type: ignore[arg-type]
    made.npm_cache(GOOD)
    made.write("src/package-lock.json", LOCK)
    return made


def test_without_any_of_it_nothing_is_seen(machine: Machine) -> None:
    assert machine.look(BAD).grade is ExposureGrade.NOT_SEEN


@pytest.mark.parametrize("way", WAYS)
def test_what_is_not_covered_is_never_not_seen(machine: Machine, way: str) -> None:
    WAYS[way](machine)
    assert machine.look(BAD).grade is not ExposureGrade.NOT_SEEN


@pytest.mark.parametrize("year", [1970, 1985, 2009])
def test_a_time_from_before_npm_does_not_reach_back(machine: Machine, year: int) -> None:
    machine.npm_cache(GOOD, time=LATER * 1000)
    machine.npm_cache(BAD, at=".npm", time=datetime(year, 1, 1, tzinfo=UTC).timestamp() * 1000)
    other = BAD.__class__("left-pad", "1.0.0")
    found = machine.look(other)
    assert found.grade is ExposureGrade.UNKNOWN
    assert "does not reach back" in found.gaps[0]


@pytest.mark.parametrize("settings", ["cache=./own", "cache = own", "fund=false", "; cache=/x"])
def test_a_cache_in_the_named_folder_is_looked_at(machine: Machine, settings: str) -> None:
    machine.write("src/.npmrc", settings)
    assert machine.look(BAD).grade is ExposureGrade.NOT_SEEN
