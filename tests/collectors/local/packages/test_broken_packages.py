"""Each file of a package manager, broken in each way, makes the answer only more cautious."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hardenme.collectors.local.packages import bounds
from hardenme.collectors.local.packages.bounds import BoundedReader, ReadBudget
from hardenme.collectors.local.packages.projects import projects
from hardenme.locks.contents import PackageVersion
from hardenme.model.exposure import RANKS, ExposureGrade
from tests.collectors.local.home import Home, as_nobody, shared_folder
from tests.collectors.local.packages.package_scene import BAD, CLIENTS, GOOD, Machine, npm_record

CONFIRMED, POSSIBLE, UNKNOWN, NOT_SEEN = ExposureGrade


def halved(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


def linked_out(path: Path) -> None:
    outside = path.parents[1] / "outside"
    shutil.move(path, outside)
    path.symlink_to(outside)


def made_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def made_a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


BREAKS: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "half": halved,
    "one byte more": lambda path: path.write_bytes(path.read_bytes() + b"\x01"),
    "first byte gone": lambda path: path.write_bytes(path.read_bytes()[1:]),
    "another form": lambda path: path.write_bytes(b"[]"),
    "null": lambda path: path.write_bytes(b"null"),
    "nested": lambda path: path.write_bytes(b"[" * 100_000),
    "not text": lambda path: path.write_bytes(b"\xff\xfe\x00\x80"),
    "a link": linked_out,
    "a folder": made_a_folder,
    "a pipe": made_a_pipe,
}
RELIED_ON = (
    *("npm's cache", "npm's packages", "pnpm's store 3", "pnpm's store 10"),
    *("pnpm's store 11", "pnpm's packages", "yarn 1's packages"),
)
"""What holds a version in the last file that is written; elsewhere the name of a folder does."""

HARMLESS = {("pnpm's store 11", "one byte more"), ("npm's cache", "first byte gone")}
"""SQLite does not read behind its last page, and npm's index begins with a line break."""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(Home(tmp_path))


@pytest.mark.second_tier("each file, broken in each way", one_of=4)
@pytest.mark.sampled(5)
@pytest.mark.parametrize("how", BREAKS)
@pytest.mark.parametrize("client", CLIENTS)
def test_a_broken_witness_is_never_calmer(machine: Machine, client: str, how: str) -> None:
    last = CLIENTS[client](machine)(BAD)
    BREAKS[how](last)
    assert machine.look(BAD).grade is not NOT_SEEN


@pytest.mark.second_tier("each file, broken in each way", one_of=4)
@pytest.mark.sampled(5)
@pytest.mark.parametrize("how", BREAKS)
@pytest.mark.parametrize("client", RELIED_ON)
def test_a_broken_file_of_other_versions_is_unknown(
    machine: Machine, client: str, how: str
) -> None:
    last = CLIENTS[client](machine)(GOOD)
    assert machine.look(BAD).grade is NOT_SEEN
    BREAKS[how](last)
    grade = machine.look(BAD).grade
    assert grade is UNKNOWN or (client, how) in HARMLESS


@pytest.mark.second_tier("each file, broken in each way", one_of=4)
@pytest.mark.sampled(5)
@pytest.mark.parametrize("how", BREAKS)
@pytest.mark.parametrize(
    "name", ["package-lock.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb"]
)
def test_a_broken_lock_file_is_unknown(machine: Machine, name: str, how: str) -> None:
    path = machine.write(f"src/{name}", json.dumps(npm_record(GOOD)))
    BREAKS[how](path)
    assert machine.look(BAD).grade is UNKNOWN or how in {"a folder", "one byte more"}


KEYS = {
    "npm's cache": ("key", "time", "integrity"),
    "pnpm's store 3": ("name", "version", "files"),
    "npm's packages": ("lockfileVersion", "packages"),
    "yarn 1's packages": ("lockfileEntries",),
}
NAMING = frozenset({"key", "name", "version"})
VALUES: tuple[object, ...] = (None, True, 1, "", [], {}, "x", -1e300, {"a": {"b": 1}})


@pytest.mark.second_tier("each file, broken in each way", one_of=4)
@pytest.mark.sampled(5)
@pytest.mark.parametrize("value", VALUES, ids=repr)
@pytest.mark.parametrize(("client", "key"), [(c, k) for c, keys in KEYS.items() for k in keys])
def test_a_key_with_another_value_is_never_calmer(
    machine: Machine, client: str, key: str, value: Any
) -> None:
    if client == "npm's cache":
        machine.npm_cache(BAD, **{key: value})
    else:
        path = CLIENTS[client](machine)(BAD)
        data = json.loads(path.read_text())
        data[key] = value
        path.write_text(json.dumps(data))
        if client == "npm's packages":
            # The record is the only witness of what the package changed in itself.
            machine.package("src/node_modules/axios", GOOD)
    found = machine.look(BAD)
    # A text in place of the key or the name is another package.
    assert found.grade is not NOT_SEEN or (isinstance(value, str) and key in NAMING)


@pytest.mark.parametrize("client", CLIENTS)
def test_what_cannot_be_read_is_unknown(client: str) -> None:
    with shared_folder() as folder:
        machine = Machine(Home(folder))
        last = CLIENTS[client](machine)(GOOD)
        machine.folder("src")
        closed = next(one for one in last.parents if one.parent.parent == machine.home.home)
        before = closed.stat().st_mode
        closed.chmod(0)
        with as_nobody():
            found = machine.look(BAD)
        closed.chmod(before)
    assert found.grade is UNKNOWN


def test_links_out_of_a_named_folder_are_not_followed(machine: Machine) -> None:
    machine.package("private/node_modules/axios", BAD)
    machine.folder("src")
    (machine.home.home / "src/node_modules").symlink_to(machine.home.home / "private/node_modules")
    found = machine.look(BAD)
    assert (found.grade, found.rows) == (UNKNOWN, ())
    assert any("link to elsewhere" in gap for gap in found.gaps)


@pytest.mark.parametrize("name", ["axios", "@acme"])
def test_a_link_to_a_package_elsewhere_is_unknown(machine: Machine, name: str) -> None:
    machine.package("private/axios", BAD)
    machine.folder("src/node_modules")
    (machine.home.home / "src/node_modules" / name).symlink_to(machine.home.home / "private/axios")
    asked = BAD if name == "axios" else PackageVersion("@acme/bad", "3.0.0")
    assert machine.look(asked).grade is UNKNOWN


def test_a_circle_of_links_ends(machine: Machine) -> None:
    machine.folder("src/node_modules/a")
    (machine.home.home / "src/node_modules/a/node_modules").symlink_to("..")
    (machine.home.home / "src/self").symlink_to(".")
    assert machine.look(BAD).grade in {UNKNOWN, NOT_SEEN}


def test_hostile_names_are_shown_harmless(machine: Machine) -> None:
    name = "a\x1b[2J\n\u202egpj"
    machine.write(f"src/{name}/package-lock.json", npm_record(BAD))
    machine.write(f"src/node_modules/{name}/package.json", "{")
    found = machine.look(BAD)
    shown = "".join([*(row.path for row in found.rows), *found.gaps])
    assert found.rows
    assert not {"\x1b", "\n", "\u202e"} & set(shown)


def test_more_files_than_are_looked_at_is_unknown(machine: Machine) -> None:
    machine.npm_project(GOOD)
    for left in range(8):
        reader = BoundedReader(machine.home.station(), ReadBudget(entries=left))
        folder = machine.home.home / "src"
        places = [*projects(folder, reader, (BAD,))]
        assert reader.faults or len(places) > 1


def test_a_file_that_is_too_large_is_unknown(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.npm_cache(BAD)
    monkeypatch.setattr(bounds, "LARGEST", 10)
    reader = BoundedReader(machine.home.station(), ReadBudget(bytes=10))
    assert reader.read(machine.write("src/large", "x" * 11)) is None
    assert reader.faults


@pytest.mark.parametrize("setting", ["cache=~/other", "cache = ${HOME}/other"])
def test_a_cache_that_a_setting_moves_is_looked_at(machine: Machine, setting: str) -> None:
    machine.home.environ["HOME"] = str(machine.home.home)
    machine.npm_cache(BAD, at="other")
    assert machine.look(BAD).rows == ()
    machine.write(".npmrc", f"{setting}\n")
    assert machine.look(BAD).grade is CONFIRMED


@pytest.mark.parametrize(
    ("variable", "client", "moved"),
    [
        ("npm_config_cache", "npm's cache", ".npm"),
        ("npm_config_store_dir", "pnpm's store 10", ".local/share/pnpm/store"),
        ("PNPM_HOME", "pnpm's store 3", ".local/share/pnpm"),
        ("YARN_CACHE_FOLDER", "yarn 1's cache", ".cache/yarn"),
        ("YARN_CACHE_FOLDER", "yarn's cache", ".yarn/berry/cache"),
        ("YARN_GLOBAL_FOLDER", "yarn's cache", ".yarn/berry"),
        ("BUN_INSTALL_CACHE_DIR", "bun's cache", ".bun/install/cache"),
        ("BUN_INSTALL", "bun's cache", ".bun"),
    ],
)
def test_a_cache_that_a_variable_moves_is_looked_at(
    machine: Machine, variable: str, client: str, moved: str
) -> None:
    CLIENTS[client](machine)(BAD)
    elsewhere = machine.home.home / "elsewhere"
    shutil.move(machine.home.home / moved, elsewhere)
    assert machine.look(BAD).rows == ()
    machine.home.environ[variable] = str(elsewhere)
    assert machine.look(BAD).grade is CONFIRMED


@pytest.mark.parametrize(
    ("file", "text", "client", "moved"),
    [
        (".yarnrc", 'cache-folder "{}"\n', "yarn 1's cache", ".cache/yarn"),
        (".yarnrc.yml", "cacheFolder: '{}'\n", "yarn's cache", ".yarn/berry/cache"),
        (".yarnrc.yml", "globalFolder: '{}'\n", "yarn's cache", ".yarn/berry"),
        (".bunfig.toml", '[install.cache]\ndir = "{}"\n', "bun's cache", ".bun/install/cache"),
        (".config/pnpm/rc", "store-dir={}\n", "pnpm's store 10", ".local/share/pnpm/store"),
        (".config/pnpm/config.yaml", "storeDir: '{}'\n", "pnpm's store 10",
         ".local/share/pnpm/store"),
    ],
)  # fmt: skip
def test_a_cache_that_a_file_moves_is_looked_at(
    machine: Machine, file: str, text: str, client: str, moved: str
) -> None:
    CLIENTS[client](machine)(BAD)
    elsewhere = machine.home.home / "elsewhere"
    shutil.move(machine.home.home / moved, elsewhere)
    machine.write(file, text.format(elsewhere))
    assert machine.look(BAD).grade is CONFIRMED


@pytest.mark.parametrize("file", [".yarnrc.yml", ".bunfig.toml", ".config/pnpm/config.yaml"])
def test_settings_that_are_not_understood_are_unknown(machine: Machine, file: str) -> None:
    machine.write(file, "{[")
    assert machine.look(BAD).grade is UNKNOWN


def test_a_store_that_was_not_looked_at_is_named(machine: Machine) -> None:
    machine.pnpm_project(GOOD)
    (machine.home.root / "disk/v10/files").mkdir(parents=True)
    store = machine.home.root / "disk/v10"
    machine.write("src/node_modules/.modules.yaml", f"storeDir: {store}\nvirtualStoreDir: .pnpm\n")
    found = machine.look(BAD)
    assert found.grade is UNKNOWN
    assert any(str(store) in gap for gap in found.gaps)


def test_packages_that_pnpm_keeps_elsewhere_are_looked_at(machine: Machine) -> None:
    machine.pnpm_project(GOOD)
    machine.package("src/.store/axios@1.14.1/node_modules/axios", BAD)
    machine.write("src/node_modules/.modules.yaml", "virtualStoreDir: ../.store\n")
    assert machine.look(BAD).grade is CONFIRMED
    shutil.rmtree(machine.home.home / "src/.store")
    machine.write("src/node_modules/.modules.yaml", "virtualStoreDir: ../../elsewhere\n")
    assert machine.look(BAD).grade is UNKNOWN


def test_the_ranks_are_those_of_the_answer() -> None:
    assert RANKS[CONFIRMED] < RANKS[POSSIBLE] < RANKS[UNKNOWN] < RANKS[NOT_SEEN]
