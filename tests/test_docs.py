"""The texts agree with the code that they are about."""

from __future__ import annotations

import io
import re
import runpy
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from hardenme import __version__
from hardenme.cli.invoke import invoke
from hardenme.cli.terminal.console import Console
from hardenme.ground.exit_code import Exit
from tests.catalogue_table import TABLE
from tests.each import each

ROOT = Path(__file__).parent.parent
FOLDERS = (ROOT, ROOT / "docs", ROOT / "docs" / "guides", ROOT / "checks")
PAGES = sorted(path for folder in FOLDERS for path in folder.glob("*.md"))
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
INTERNALS = (ROOT / "docs" / "internals.md").read_text(encoding="utf-8")
MOST_README = 120
MOST_ARCHITECTURE = 250
"""Lines of the README, headings and blank ones counted: what does not fit is a page of its own."""
SHORT = re.compile(r"`((?:[\w-]+/)*[\w-]+(?:\.py|/))`")
"""A module or folder, as a page names it whose reader knows the room."""
PATH = re.compile(r"`((?:hardenme|checks|tests|docs|benchmarks|hardenme_checks)/[\w./-]*)`")


def ids(path: Path) -> str:
    return str(path.relative_to(ROOT))


def blocks(text: str) -> Iterator[tuple[str, str]]:
    """Every block of Python, with the file that the text before it names last."""
    for found in re.finditer(r"```python\n(.*?)```", text, re.DOTALL):
        yield PATH.findall(text[: found.start()])[-1], found[1]


def place(name: str) -> Path:
    return ROOT / "checks" / name if name.startswith("hardenme_checks/") else ROOT / name


def test_the_pages_are_there() -> None:
    names = {ids(path) for path in PAGES}
    assert names >= {
        *("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"),
        *("checks/README.md", "docs/architecture.md"),
    }


@pytest.mark.parametrize("path", PAGES, ids=ids)
def test_what_a_page_names_exists(path: Path) -> None:
    text = path.read_text()
    missing = [name for name in PATH.findall(text) if not place(name).exists()]
    links = re.findall(r"\]\((?!https?://|#)([^)#\s]+)", text)
    missing += [link for link in links if not (path.parent / link).exists()]
    assert not missing


@each(
    [*ARCHITECTURE.split("\n## "), *INTERNALS.split("\n## ")], lambda part: part.partition("\n")[0]
)
def test_a_module_is_where_its_part_of_the_architecture_says(part: str) -> None:
    """A short name is that of a module next to one that was named before, or in the same room."""
    rooms = {ROOT, ROOT / "hardenme", ROOT / "hardenme" / "cli"}
    for name in SHORT.findall(part):
        found = [room / name for room in rooms if (room / name).exists()]
        assert found, name
        for one in found:
            folder = one if one.is_dir() else one.parent
            rooms |= {folder, folder.parent}


def test_the_layers_of_the_architecture_are_those_of_the_contracts() -> None:
    told: list[set[str]] = []
    for layer, room in re.findall(r"^\| (\d*) ?\| `([\w/]+)` \|", ARCHITECTURE, re.MULTILINE):
        told += [set()] if layer else []
        told[-1].add(room.replace("/", "."))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    (contract,) = (
        one["layers"]
        for one in project["tool"]["importlinter"]["contracts"]
        if one["name"] == "Layers"
    )
    assert told == [set(layer.split(" | ")) for layer in contract]


@pytest.mark.parametrize("path", PAGES, ids=ids)
def test_the_codes_that_a_page_names_exist(path: Path) -> None:
    families = "|".join(sorted({code[:3] for code in TABLE}))
    assert set(re.findall(rf"\b(?:{families})\d{{3}}\b", path.read_text())) <= TABLE.keys()


def test_the_example_of_a_check_is_the_one_that_runs() -> None:
    page = (ROOT / "checks" / "README.md").read_text()
    examples = list(blocks(page))
    assert [name for name, _ in examples] == ["hardenme_checks/github/repository_keys.py"]
    for name, code in examples:
        assert code in place(name).read_text()


def test_how_to_add_a_check_fits_a_screen() -> None:
    assert len((ROOT / "checks" / "README.md").read_text().splitlines()) <= 80


def test_the_architecture_fits_in_250_lines() -> None:
    assert len(ARCHITECTURE.splitlines()) <= MOST_ARCHITECTURE


def test_the_readme_fits_in_120_lines() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= MOST_README


def test_what_stands_between_marks_is_fresh() -> None:
    make = runpy.run_path(str(ROOT / "docs" / "make.py"))
    assert set(make["PAGES"]) >= {"permissions.md", "configuration.md", "unknown.md"}
    for name in make["PAGES"]:
        text = (ROOT / "docs" / name).read_text()
        assert make["permissions"](text) == text, "run: python docs/make.py"


def test_the_changelog_has_this_version() -> None:
    assert f"\n## {__version__}" in (ROOT / "CHANGELOG.md").read_text()


def test_the_command_of_the_architecture_runs() -> None:
    (sample,) = re.findall(r"```python\n(.*?)```", ARCHITECTURE, re.DOTALL)
    module: dict[str, Any] = {"__name__": "sample"}
    exec(compile(sample, "docs/architecture.md", "exec"), module)  # noqa: S102 (our own page)
    out = io.StringIO()
    console = Console(out, io.StringIO(), {})
    assert invoke(module["COMMAND"], ["--select", "GHA101,GHA102"], console) == Exit.CLEAN
    assert out.getvalue() == "2 checks\n"
    with pytest.raises(typer.TyperException):
        invoke(module["COMMAND"], ["--nothing"], console)
