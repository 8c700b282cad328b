"""The release workflow's own shell does what its steps are called, and the documents agree."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

import pytest

from hardenme import __version__
from tests.shipping.workflows import ROOT, TEXTS, ran, script

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
GH = """#!/bin/sh
echo "$*" >> "$CALLS"
"""


def shell(name: str, folder: Path, **environ: str) -> tuple[int, str]:
    """Run a step of the release workflow as GitHub does; its code, and what it said."""
    done = ran(
        "bash",
        *("--noprofile", "--norc", "-eo", "pipefail", "-c", script("release", name)),
        cwd=folder,
        env={"PATH": f"{folder / 'bin'}:/usr/bin:/bin", **environ},
    )
    return done.returncode, done.stdout + done.stderr


def test_the_version_is_the_same_at_both_places() -> None:
    assert __version__ == VERSION


@pytest.mark.parametrize(
    ("tag", "code"), [(f"v{VERSION}", 0), (f"v{VERSION}1", 1), (f"v1{VERSION}", 1), ("v", 1)]
)
def test_a_tag_of_another_version_is_not_released(tag: str, code: int) -> None:
    assert shell("Compare the tag with the version", ROOT, TAG=tag)[0] == code


def test_what_is_released_is_collected_with_its_digests(tmp_path: Path) -> None:
    built = ("hardenme-0.1.0-py3-none-any.whl", "hardenme-0.1.0.tar.gz")
    more = ("catalogue.json", "hardenme.cdx.json", "hardenme-image.tar.gz")
    (tmp_path / "dist").mkdir()
    for name in built:
        (tmp_path / "dist" / name).write_text(name)
    (tmp_path / "dist" / "SHA256SUMS").write_text("of the build\n")
    for name in more:
        (tmp_path / name).write_text(name)
    code, said = shell("Collect what is released", tmp_path)
    assert code == 0, said
    sums = dict(
        reversed(line.split("  "))
        for line in (tmp_path / "release" / "SHA256SUMS").read_text().splitlines()
    )
    assert sums == {name: hashlib.sha256(name.encode()).hexdigest() for name in (*built, *more)}
    # Nothing but distributions goes to the package index.
    assert {path.name for path in (tmp_path / "dist").iterdir()} == set(built)


def test_the_release_is_a_draft_until_all_files_are_there(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "gh").write_text(GH)
    (tmp_path / "bin" / "gh").chmod(0o755)
    (tmp_path / "release").mkdir()
    (tmp_path / "release" / "a.whl").touch()
    calls = tmp_path / "calls"
    code, said = shell("Make the release", tmp_path, CALLS=str(calls), GITHUB_REF_NAME="v0.1.0")
    assert code == 0, said
    first, second = calls.read_text().splitlines()
    assert first.startswith("release create v0.1.0 release/a.whl --draft --verify-tag")
    assert second == "release edit v0.1.0 --draft=false"


def test_no_package_index_is_named_and_no_token_is_used() -> None:
    assert "password" not in TEXTS["release"]
    assert "repository-url" not in TEXTS["release"]
    assert "attestations: false" not in TEXTS["release"]
