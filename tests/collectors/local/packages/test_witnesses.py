"""What each package manager leaves is seen, and what it does not leave is not."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from hardenme.locks.contents import PackageVersion
from hardenme.model.exposure import ExposureGrade
from tests.collectors.local.home import Home
from tests.collectors.local.packages.package_scene import (
    AT,
    BAD,
    CLIENTS,
    GOOD,
    MIRROR,
    OF_SCOPE,
    START,
    Machine,
    index_line,
    npm_record,
)

CONFIRMED, POSSIBLE, UNKNOWN, NOT_SEEN = ExposureGrade
each_client = pytest.mark.parametrize("client", CLIENTS)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(Home(tmp_path))


@each_client
@pytest.mark.parametrize("bad", [BAD, OF_SCOPE], ids=str)
def test_what_a_client_left_is_confirmed(
    machine: Machine, client: str, bad: PackageVersion
) -> None:
    CLIENTS[client](machine)(GOOD, bad)
    found = machine.look(bad)
    assert found.grade is CONFIRMED
    assert {row.package for row in found.rows} == {str(bad)}
    assert not found.gaps
    assert all(row.at == AT for row in found.rows if row.grade is CONFIRMED)


@each_client
def test_another_version_or_name_is_not_seen(machine: Machine, client: str) -> None:
    CLIENTS[client](machine)(GOOD, OF_SCOPE)
    others = ("acme-bad", "bad", "@acme/bad2", "@other/bad", "axios2")
    asked = [BAD, *(PackageVersion(name, "3.0.0") for name in others)]
    found = machine.look(*asked, PackageVersion("axios", "1.14.0-beta.1"))
    assert (found.grade, found.rows, found.gaps) == (NOT_SEEN, (), ())


@each_client
def test_a_pre_release_is_another_version(machine: Machine, client: str) -> None:
    beta = PackageVersion("axios", "1.14.1-beta.1")
    CLIENTS[client](machine)(beta)
    assert machine.look(BAD).grade is NOT_SEEN
    assert machine.look(beta).grade is CONFIRMED


def test_without_a_named_folder_it_is_not_known(machine: Machine) -> None:
    machine.npm_cache(GOOD)
    found = machine.look(BAD, folders=())
    assert (found.grade, len(found.gaps)) == (UNKNOWN, 1)
    assert "--folder" in found.gaps[0]


def test_a_machine_without_any_package_is_not_known(machine: Machine) -> None:
    found = machine.look(BAD)
    assert (found.grade, found.rows) == (UNKNOWN, ())
    assert "no installed package was found" in found.gaps[0]


def test_projects_that_were_not_named_are_not_opened(machine: Machine) -> None:
    machine.npm_cache(GOOD)
    machine.package("private/node_modules/axios", BAD)
    assert machine.look(BAD).grade is NOT_SEEN
    assert machine.look(BAD, folders=("src", "private")).grade is CONFIRMED


def test_a_cache_that_is_younger_than_the_window_proves_nothing(machine: Machine) -> None:
    later = (START + timedelta(days=5)).timestamp() * 1000
    machine.npm_cache(GOOD, time=later)
    found = machine.look(BAD)
    assert found.grade is UNKNOWN
    assert "a cache of npm does not reach back" in found.gaps[0]


def test_clients_without_an_older_cache_are_named_together(machine: Machine) -> None:
    later = (START + timedelta(days=5)).timestamp()
    for path in (machine.bun_cache(GOOD).parent, machine.berry_cache(GOOD)):
        os.utime(path, (later, later))
    (gap,) = machine.look(BAD).gaps
    assert gap.startswith("a cache of yarn or bun does not reach back")


def test_what_was_installed_again_takes_an_older_cache(machine: Machine) -> None:
    record = machine.npm_project(GOOD)
    after = START.timestamp() + 60
    os.utime(record, (after, after))
    found = machine.look(BAD)
    assert found.grade is UNKNOWN
    assert "without a cache of npm from before" in found.gaps[0]
    machine.npm_cache(GOOD)
    assert machine.look(BAD).grade is NOT_SEEN


@pytest.mark.parametrize("told", ["v1.14.1", "= 1.14.1", "1.14.1+build.5"])
def test_a_version_is_read_as_the_registry_has_it(machine: Machine, told: str) -> None:
    machine.package("src/node_modules/axios", PackageVersion("axios", told))
    assert machine.look(BAD).grade is CONFIRMED


def test_an_alias_is_another_folder(machine: Machine) -> None:
    machine.package("src/node_modules/http", BAD)
    assert machine.look(BAD).grade is CONFIRMED


def test_a_package_that_changed_its_own_version_is_seen_by_npm_s_record(machine: Machine) -> None:
    machine.npm_project(BAD)
    machine.package("src/node_modules/axios", GOOD)
    assert machine.look(BAD).grade is CONFIRMED


def test_a_package_that_alone_says_which_version_it_is_is_not_believed(machine: Machine) -> None:
    machine.package("src/node_modules/axios", GOOD)
    found = machine.look(BAD)
    assert [row.grade for row in found.rows] == [UNKNOWN]
    machine.write("src/node_modules/.package-lock.json", npm_record(GOOD))
    assert machine.look(BAD).grade is NOT_SEEN


def test_a_folder_of_that_name_that_is_empty_is_unknown(machine: Machine) -> None:
    machine.folder("src/node_modules/axios")
    assert machine.look(BAD).grade is UNKNOWN


def test_what_came_in_the_archive_of_another_package_is_as_it_was_published(
    machine: Machine,
) -> None:
    npm = PackageVersion("npm", "11.0.0")
    machine.package("src/node_modules/npm", npm, bundleDependencies=["axios"])
    machine.package("src/node_modules/npm/node_modules/axios", GOOD)
    assert machine.look(BAD).grade is NOT_SEEN
    machine.package("src/node_modules/npm/node_modules/axios", BAD)
    assert machine.look(BAD).grade is CONFIRMED


def test_packages_within_packages_are_looked_at(machine: Machine) -> None:
    machine.package("src/app/node_modules/a", PackageVersion("a", "1.0.0"))
    machine.package("src/app/node_modules/a/node_modules/axios", BAD)
    found = machine.look(BAD)
    assert (found.grade, found.packages) == (CONFIRMED, 2)


def test_a_lock_file_in_a_named_folder_is_possible(machine: Machine) -> None:
    machine.write("src/app/package-lock.json", npm_record(BAD))
    assert [row.grade for row in machine.look(BAD).rows] == [POSSIBLE]
    assert machine.look(GOOD).rows == ()


def test_pnpm_s_folder_counts_whatever_is_in_it(machine: Machine) -> None:
    machine.pnpm_project(BAD)
    machine.package("src/node_modules/.pnpm/axios@1.14.1/node_modules/axios", GOOD)
    assert machine.look(BAD).grade is CONFIRMED


def test_what_pnpm_left_over_is_as_pnpm_named_it(machine: Machine) -> None:
    machine.pnpm_project(GOOD)
    left = PackageVersion("axios", "1.13.0")
    machine.package("src/node_modules/.pnpm/axios@1.13.0_react@18.0.0/node_modules/axios", left)
    assert machine.look(BAD).grade is NOT_SEEN


def test_a_cache_entry_that_npm_removed_is_possible(machine: Machine) -> None:
    machine.npm_cache(BAD, integrity=None)
    assert machine.look(BAD).grade is POSSIBLE


def test_each_line_of_an_index_counts(machine: Machine) -> None:
    path = machine.npm_cache(BAD)
    other = {"key": "make-fetch-happen:request-cache:https://x.example/y", "time": 1.0}
    path.write_text(path.read_text() + index_line(other))
    assert machine.look(BAD).grade is CONFIRMED


@pytest.mark.parametrize(
    "address",
    [
        f"{MIRROR}/@acme%2fbad/-/bad-3.0.0.tgz",
        f"{MIRROR}/@acme/bad/-/@acme/bad-3.0.0.tgz",
        f"{MIRROR}/download/@acme/bad/3.0.0/0123456789abcdef",
        f"{MIRROR}/artifactory/api/npm/all/@acme/bad/-/bad-3.0.0.tgz?x=1",
    ],
)
def test_an_archive_is_known_on_each_kind_of_registry(machine: Machine, address: str) -> None:
    machine.npm_cache(BAD, key=f"make-fetch-happen:request-cache:{address}")
    assert machine.look(OF_SCOPE).grade is CONFIRMED


def test_npm_s_log_names_what_was_fetched(machine: Machine) -> None:
    line = f"12 http fetch GET 200 {MIRROR}/axios/-/axios-1.14.1.tgz 206ms (cache miss)\n"
    machine.write(".npm/_logs/2026-03-31T01_02_03_000Z-debug-0.log", line)
    assert machine.look(BAD).grade is CONFIRMED


def test_what_npx_fetched_is_looked_at(machine: Machine) -> None:
    machine.package(".npm/_npx/0123456789abcdef/node_modules/axios", BAD)
    (found,) = machine.look(BAD).rows
    assert found.path.startswith("~/.npm/_npx/")


@pytest.mark.parametrize(
    "folder",
    [
        ".nvm/versions/node/v22.0.0/lib",
        ".volta/tools/image/packages/tool/lib",
        ".local/share/mise/installs/node/22/lib",
        ".local/share/pnpm/global/5",
        ".cache/pnpm/dlx/abc/pkg",
        ".config/yarn/global",
        ".bun/install/global",
        "../node/lib",
    ],
)
def test_global_packages_are_looked_at(machine: Machine, folder: str) -> None:
    machine.package(f"{folder}/node_modules/axios", BAD)
    assert machine.look(BAD).grade is CONFIRMED


def test_what_other_clients_fetched_is_named(machine: Machine) -> None:
    machine.folder(".cache/deno/npm/registry.example")
    found = machine.look(BAD)
    assert found.grade is UNKNOWN
    assert "deno" in found.gaps[0]
