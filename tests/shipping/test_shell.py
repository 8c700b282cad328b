"""Every shell script of the tree, and what a page or a command prints as one, is sound."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from hardenme.cli.completion.command import SCRIPTS
from tests.shipping.workflows import ROOT, ran

SHELL = re.compile(rb"#!(/usr)?/bin/(env )?(ba|da)?sh\n")
BLOCK = re.compile(r"^( *)```(?:sh|bash)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
LEFT_OUT = {".git", ".mypy_cache", ".venv", "build", "node_modules"}


def shell_scripts(root: Path) -> list[Path]:
    """Files below a folder that a shell runs: by their name, or by their first line."""
    return sorted(
        path
        for top in root.iterdir()
        if top.name not in LEFT_OUT
        for path in (top.rglob("*") if top.is_dir() else [top])
        if path.suffix == ".sh" or (path.suffix == "" and of_a_shell(path))
    )


def of_a_shell(path: Path) -> bool:
    """Whether a shell runs a file."""
    if not path.is_file() or path.is_symlink():
        return False
    with path.open("rb") as file:
        return SHELL.match(file.read(64)) is not None


def shellcheck(*files: Path, dialect: str = "") -> subprocess.CompletedProcess[str]:
    """What shellcheck says of files, each by itself; no file of its own decides anything."""
    chosen = [f"--shell={dialect}"] if dialect else []
    return ran("shellcheck", "--norc", "--severity=style", *chosen, *files)


@pytest.fixture
def blocks(tmp_path: Path) -> list[Path]:
    """The shell that pages show, a file for each block."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "checks").glob("*.md")]
    found = []
    for page in pages:
        for number, block in enumerate(BLOCK.finditer(page.read_text(encoding="utf-8"))):
            found.append(tmp_path / f"{page.stem}-{number}.sh")
            found[-1].write_text(block[2], encoding="utf-8")
    return found


@pytest.mark.second_tier("runs shellcheck over every script")
def test_shellcheck_finds_nothing_in_any_script() -> None:
    scripts = shell_scripts(ROOT)
    names = {path.relative_to(ROOT).as_posix() for path in scripts}
    assert {".ci/run", "image/try", "hardenme/reports/move/shell/set.sh"} <= names
    done = shellcheck(*scripts)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.second_tier("runs shellcheck over every page")
def test_shellcheck_finds_nothing_in_what_a_page_shows(blocks: list[Path]) -> None:
    assert len(blocks) > 60
    done = shellcheck(*blocks, dialect="sh")
    assert (done.returncode, done.stdout) == (0, "")


def test_shellcheck_finds_nothing_in_the_completion(tmp_path: Path) -> None:
    file = tmp_path / "completion"
    file.write_text(SCRIPTS["bash"])
    done = shellcheck(file, dialect="bash")
    assert (done.returncode, done.stdout) == (0, "")


def test_a_script_is_found_by_its_name_and_by_its_first_line(tmp_path: Path) -> None:
    found = {"a.sh": "echo\n", "b/c": "#!/usr/bin/env bash\necho $1\n", "d": "#!/bin/sh\n"}
    others = {"e": "#!/usr/bin/env python3\n", "f.md": "#!/bin/sh\n", ".venv/g.sh": "#!/bin/sh\n"}
    for name, text in {**found, **others}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    scripts = shell_scripts(tmp_path)
    assert {path.relative_to(tmp_path).as_posix() for path in scripts} == set(found)
    assert shellcheck(*scripts).returncode == 1
