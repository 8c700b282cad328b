"""Which settings files npm reads in a folder: held against npm's own code, and the real client."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.collectors.local.npm_places import global_file, places, prefix, user_file
from hardenme.collectors.local.npm_workspaces import project_folders
from hardenme.facts.local.npm import NpmConnection
from hardenme.facts.local.npmrc import PROJECT, NpmrcSecrets
from hardenme.facts.npm.workspaces import holds
from tests.collectors.local.home import NPM_TOKEN, Home

NPM, NODE = shutil.which("npm"), shutil.which("node")
with_npm = pytest.mark.needs("npm", "node")
FOLDERS = ("packages/a", "packages/b", "packages/.c", "apps/web/a", "a", "x/node_modules/y")
DECLARED: tuple[Any, ...] = (
    ["packages/*"],
    ["packages/a"],
    ["./packages/a/"],
    ["/packages/a"],
    ["packages/**"],
    ["**"],
    ["*"],
    ["packages/?"],
    ["packages/[ab]"],
    ["packages/[^a]"],
    ["packages/{a,c}"],
    ["{packages,apps/{web,x}}/*"],
    ["packages/.*"],
    ["packages/*", "!packages/a"],
    ["!packages/a", "packages/*"],
    ["packages/**", "!packages/b/**", "packages/b"],
    ["packages/*", "!packages/{a,b}"],
    ["!!packages/a"],
    ["packages/*", "!packages/*"],
    ["apps"],
    ["apps/*"],
    ["apps/*/*"],
    ["x/node_modules/*"],
    [],
    {"packages": ["packages/*"]},
    {"nohoist": ["**"]},
    "packages/*",
    True,
    None,
)
ODD = (["packages/@(a|b)"], ["packages/a", "!packages/+(a)"], ["packages/{1..3}"])
"""What is not taken apart: it may hold every package, and excludes none."""
SCRIPT = """
const map = require(require('path').join(process.argv[1], 'node_modules/@npmcli/map-workspaces'))
const declared = JSON.parse(process.argv[2])
Promise.all(declared.map(workspaces => map({ cwd: process.cwd(), pkg: { workspaces } })
  .then(found => [...found.values()], () => [])))
  .then(found => console.log(JSON.stringify(found)))
"""


def package(folder: Path, name: str, **more: Any) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text(json.dumps({"name": name, **more}))


def folder_of(declared: Any, path: str) -> bool:
    """What is made of the patterns of a root, as its package declares them."""
    inner = declared.get("packages") if isinstance(declared, dict) else None
    return holds(inner if isinstance(inner, list) else declared, path, unclear=True)


@with_npm
def test_patterns_hold_what_npm_finds(tmp_path: Path) -> None:
    for number, name in enumerate(FOLDERS):
        package(tmp_path / name, f"p{number}")
    assert NPM is not None
    assert NODE is not None
    client = Path(os.path.realpath(NPM)).parent.parent
    done = subprocess.run(  # noqa: S603 (npm's own code)
        [NODE, "-e", SCRIPT, str(client), json.dumps(DECLARED)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    for declared, found in zip(DECLARED, json.loads(done.stdout), strict=True):
        named = {os.path.relpath(path, tmp_path) for path in found}
        assert {name for name in FOLDERS if folder_of(declared, name)} == named, declared


@pytest.mark.parametrize("declared", ODD)
def test_a_pattern_that_is_not_understood_holds_the_package(declared: list[str]) -> None:
    assert holds(declared, "packages/a", unclear=True)
    assert not holds(declared, "packages/a", unclear=False)


PARTS = st.sampled_from(["a", "b", "packages", "web-1", "x.y"])
PATHS = st.lists(PARTS, min_size=1, max_size=4).map("/".join)


@given(PATHS, st.data())
def test_a_pattern_made_of_a_path_holds_it(path: str, data: st.DataObject) -> None:
    made = [
        data.draw(st.sampled_from([step, "*", f"{step[0]}*", f"{{{step},other}}", "**"]))
        for step in path.split("/")
    ]
    for unclear in (True, False):
        assert holds(["/".join(made)], path, unclear=unclear)
        assert not holds(["/".join(made), f"!{path}"], path, unclear=unclear)
        assert not holds([f"{path}x"], path, unclear=unclear)


@given(st.lists(st.text("ab*?{},!/[]().", max_size=12), max_size=4), PATHS)
def test_any_patterns_are_read(declared: list[str], path: str) -> None:
    excludes = any(one.startswith("!") for one in declared)
    assert holds([*declared, path], path, unclear=True) or excludes
    surely = holds([*declared, path], path, unclear=False)
    assert not surely or holds([*declared, path], path, unclear=True)


def as_npm_says(home: Home, cwd: Path, *words: str) -> str:
    """What the real client says, in the home of the test and with its variables."""
    assert NPM is not None
    own = {name: value for name, value in home.environ.items() if name != "PATH"}
    done = subprocess.run(  # noqa: S603 (our own npm, our own arguments)
        [NPM, *words, "--loglevel=silent"],
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "HOME": str(home.home), **own},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.strip()


LAYOUTS: dict[str, tuple[dict[str, Any], str]] = {
    "a package": ({"project": {}}, "project/src"),
    "a package of a workspace": ({".": {"workspaces": ["proj*"]}, "project": {}}, "project/src"),
    "a package beside one": ({".": {"workspaces": ["packages/*"]}, "project": {}}, "project"),
    "deep within": (
        {".": {"workspaces": ["project/packages/**"]}, "project": {}, "project/packages/a": {}},
        "project/packages/a",
    ),
    "two workspaces": (
        {
            ".": {"workspaces": ["project/*"]},
            "project": {"workspaces": ["a"]},
            "project/a": {},
        },
        "project/a",
    ),
    "no package": ({}, "other"),
}


@pytest.mark.sampled(3)
@with_npm
@pytest.mark.parametrize(("packages", "cwd"), LAYOUTS.values(), ids=LAYOUTS)
def test_the_project_is_npms_own(home: Home, packages: dict[str, Any], cwd: str) -> None:
    (home.project / "package.json").unlink()
    for folder, more in packages.items():
        package(home.home / folder, folder.replace("/", "-").strip(".") or "root", **more)
    here = home.home / cwd
    here.mkdir(parents=True, exist_ok=True)
    home.environ["npm_config_userconfig"] = str(home.home / "mine")
    said = as_npm_says(home, here, "prefix")
    assert str(project_folders(replaced(home, here))[0]) == said


def replaced(home: Home, cwd: Path) -> Any:
    from dataclasses import replace  # noqa: PLC0415 (beside its use)

    return replace(home.station(), cwd=cwd)


def variables(home: Home) -> None:
    home.environ["Npm_Config_Userconfig"] = str(home.home / "mine")
    home.environ["npm_config_PREFIX"] = str(home.home / "all")


SETTINGS: dict[str, Callable[[Home], object]] = {
    "nothing": lambda _home: None,
    "a prefix of the user's": lambda home: home.write(".npmrc", "prefix=~/all\n"),
    "below a heading": lambda home: home.write(".npmrc", "[mine]\nprefix=~/all\n"),
    "a global file of the user's": lambda home: home.write(".npmrc", "globalconfig=~/rc\n"),
    "variables": variables,
    "a variable of the system": lambda home: home.environ.update(PREFIX=str(home.home / "all")),
    "both": lambda home: (
        home.write(".npmrc", "prefix=~/all\n"),
        home.environ.update(PREFIX=str(home.home / "other")),
    ),
}


@pytest.mark.sampled(3)
@with_npm
@pytest.mark.parametrize("change", SETTINGS.values(), ids=SETTINGS)
def test_the_other_files_are_npms_own(home: Home, change: Callable[[Home], object]) -> None:
    home.environ["PATH"] = os.environ["PATH"]
    change(home)
    station = home.station()
    said = as_npm_says(home, home.project, "config", "get", "userconfig", "globalconfig", "prefix")
    told = dict(line.split("=", 1) for line in said.splitlines())
    assert told == {
        "userconfig": str(user_file(station)),
        "globalconfig": str(global_file(station)),
        "prefix": str(prefix(station)),
    }


def test_files_that_a_project_names_in_place_of_the_users(home: Home) -> None:
    home.write("project/.npmrc", "userconfig=~/mine\nglobalconfig=/all\nprefix=~/there\n")
    found = {one.path for one in places(home.station()) if one.level == PROJECT}
    names = (home.project / ".npmrc", home.home / "mine", home.home / "there/etc/npmrc")
    assert found == {*names, Path("/all")}


def test_the_workspace_and_the_package_are_both_looked_at(home: Home) -> None:
    home.environ["npm_config_userconfig"] = str(home.home / "mine")
    package(home.home, "root", workspaces=["proj*"])
    home.write(".npmrc", f"//registry.example.test/:_authToken={NPM_TOKEN}\n")
    home.write("project/.npmrc", "color=true\n")
    facts = home.facts(NpmrcSecrets)
    assert {name: fact.level for name, fact in facts.items()} == {
        "~/.npmrc": "project",
        "~/project/.npmrc": "project",
    }
    assert len(facts["~/.npmrc"].tokens) == 1


def test_a_workspace_that_redirects_a_package(home: Home) -> None:
    package(home.home / "work", "root", workspaces=["*"])
    package(home.home / "work" / "a", "a")
    home.write(".npmrc", "registry=https://registry.example.test/\n")
    home.write("work/.npmrc", "registry=https://elsewhere.example.test/\n")
    (answer,) = home.answers(NpmConnection, cwd=home.home / "work" / "a")[1:]
    assert answer.facts[0].weaknesses


@pytest.mark.parametrize("mark", ["pnpm-workspace.yaml", "package.json"])
def test_a_root_that_cannot_be_read_counts(home: Home, mark: str) -> None:
    (home.home / "work" / mark).mkdir(parents=True)
    package(home.home / "work" / "a", "a")
    folders = project_folders(replaced(home, home.home / "work" / "a"))
    assert folders == (home.home / "work", home.home / "work" / "a")
