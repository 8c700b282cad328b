"""Caches of macOS and Windows are found where these systems have them."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardenme.model.machine_exposure import MachinePlaceKind
from tests.collectors.local.packages.test_written_packages import BAD, CONFIRMED, look, unpacked

LOCAL = "AppData/Local"
STORE = ".local/share/pnpm/store"
MOVED = [
    ("darwin", "npm-11.19", ".npm", ".npm"),
    ("darwin", "pnpm-10.18", STORE, "Library/pnpm/store"),
    ("darwin", "yarn-1.22", ".cache/yarn", "Library/Caches/Yarn"),
    ("darwin", "yarn-4.18", ".yarn/berry/cache", ".yarn/berry/cache"),
    ("darwin", "bun-1.3", ".bun", ".bun"),
    ("win32", "npm-11.19", ".npm", f"{LOCAL}/npm-cache"),
    ("win32", "pnpm-10.18", STORE, f"{LOCAL}/pnpm/store"),
    ("win32", "yarn-1.22", ".cache/yarn", f"{LOCAL}/Yarn/Cache"),
    ("win32", "yarn-4.18", ".yarn/berry/cache", f"{LOCAL}/Yarn/Berry/cache"),
    ("win32", "bun-1.3", ".bun", ".bun"),
]
"""A system, a client, where it left its cache on Linux, and where that is there."""


@pytest.mark.parametrize("moved", MOVED, ids=lambda one: f"{one[0]} {one[1]}")
@pytest.mark.parametrize("by", ["home", "variable"])
def test_a_cache_is_found(moved: tuple[str, str, str, str], by: str, tmp_path: Path) -> None:
    system, client, linux, there = moved
    home = unpacked(client, tmp_path)
    home.system = system
    top = home.home
    if by == "variable" and there.startswith(LOCAL):
        top = tmp_path / "profile"
        home.environ["LOCALAPPDATA"] = str(top / LOCAL)
    (top / there).parent.mkdir(parents=True, exist_ok=True)
    if linux != there or top != home.home:
        (home.home / linux).rename(top / there)
    found = look(home, BAD)
    caches = [one.path for one in found.places if one.kind is MachinePlaceKind.CACHE]
    assert any(there in path for path in caches), caches
    seen = {row.package for row in found.rows if there in row.path and row.grade is CONFIRMED}
    assert seen == {*map(str, BAD)}


@pytest.mark.parametrize(
    ("system", "there", "variable"),
    [
        ("linux", "lib/node_modules", "NPM_CONFIG_PREFIX"),
        ("win32", "node_modules", "NPM_CONFIG_PREFIX"),
        ("win32", "npm/node_modules", "APPDATA"),
    ],
)
def test_global_packages_of_npm_are_found(
    system: str, there: str, variable: str, tmp_path: Path
) -> None:
    home = unpacked("npm-11.19-global", tmp_path)
    home.system = system
    top = tmp_path / "prefix"
    home.environ[variable] = str(top)
    (top / there).parent.mkdir(parents=True)
    (home.home / "global" / "lib" / "node_modules").rename(top / there)
    found = look(home, BAD)
    assert any(f"prefix/{there}" in one.path for one in found.places)


@pytest.mark.parametrize(
    ("system", "there"),
    [
        ("linux", ".cache/pnpm/dlx"),
        ("darwin", "Library/Caches/pnpm/dlx"),
        ("win32", f"{LOCAL}/pnpm-cache/dlx"),
    ],
)
def test_what_pnpm_dlx_installed_is_found(system: str, there: str, tmp_path: Path) -> None:
    home = unpacked("pnpm-10.18", tmp_path)
    home.system = system
    run = home.home / there / "0a1b2c" / "1"
    run.mkdir(parents=True)
    (tmp_path / "proj" / "node_modules").rename(run / "node_modules")
    found = look(home, BAD)
    assert any(there in one.path for one in found.places)
    assert any(there in row.path for row in found.rows)


@pytest.mark.parametrize(
    ("system", "settings"),
    [
        ("linux", ".config/pnpm/config.yaml"),
        ("darwin", "Library/Preferences/pnpm/config.yaml"),
        ("win32", f"{LOCAL}/pnpm/config/config.yaml"),
    ],
)
def test_a_store_that_settings_of_pnpm_name_is_found(
    system: str, settings: str, tmp_path: Path
) -> None:
    home = unpacked("pnpm-10.18", tmp_path)
    home.system = system
    (home.home / STORE).rename(tmp_path / "elsewhere")
    home.write(settings, f"storeDir: {tmp_path / 'elsewhere'}\n")
    assert any("elsewhere" in one.path for one in look(home, BAD).places)
