"""Indexes are written by git itself, so that its formats are read as they are."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from hardenme.collectors.local.git_index import holds
from hardenme.facts.local.npmrc import NpmrcTracking
from hardenme.model.unknown import Reason
from tests.collectors.local.home import Home

GIT = shutil.which("git") or "git"


def git(folder: Path, *words: str) -> None:
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    subprocess.run([GIT, *words], cwd=folder, env=environ, check=True, capture_output=True)  # noqa: S603 (fixed words)


def repository(folder: Path, *options: str) -> None:
    """A repository with a few files beside the one that it is about."""
    git(folder, "init", "-q", *options)
    for name in ("a", "package.json", "src/index.js", "src/.npmrc.js", "z" * 200):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("{}")
    git(folder, "add", "-A")


def tracked(home: Home, name: str = "~/project/.npmrc") -> bool:
    return bool(home.facts(NpmrcTracking)[name].tracked)


@pytest.mark.parametrize("options", [(), ("--object-format=sha256",)])
@pytest.mark.parametrize("version", ["2", "4"])
def test_a_tracked_file(home: Home, options: tuple[str, ...], version: str) -> None:
    repository(home.project, *options)
    git(home.project, "update-index", "--index-version", version)
    home.write("project/.npmrc", "")
    assert not tracked(home)
    git(home.project, "add", ".npmrc")
    assert tracked(home)
    git(home.project, "update-index", "--index-version", version)
    assert tracked(home)


def test_an_entry_with_more_flags(home: Home) -> None:
    repository(home.project)
    home.write("project/.npmrc", "")
    git(home.project, "add", "--intent-to-add", ".npmrc")  # makes git write version 3
    index = (home.project / ".git" / "index").read_bytes()
    assert index[4:8] == b"\0\0\0\x03"
    assert tracked(home)


def test_an_index_without_a_checksum(home: Home) -> None:
    repository(home.project)
    git(home.project, "config", "index.skipHash", "true")
    home.write("project/.npmrc", "")
    git(home.project, "add", ".npmrc")
    path = home.project / ".git" / "index"
    # An older git writes the checksum all the same.
    path.write_bytes(path.read_bytes()[:-20] + bytes(20))
    assert tracked(home)


def test_a_further_work_tree(home: Home) -> None:
    repository(home.project)
    home.write("project/.npmrc", "")
    git(home.project, "add", ".npmrc")
    git(home.project, "-c", "user.name=h", "-c", "user.email=h@h.example", "commit", "-qm", "x")
    git(home.project, "worktree", "add", "-q", "../second")
    assert (home.home / "second" / ".git").is_file()
    (answer,) = home.answers(NpmrcTracking, cwd=home.home / "second")
    assert answer.facts[0].tracked
    assert str(answer.scope) == "local:npmrc/~/second/.npmrc"


def test_dotfiles_behind_a_link(home: Home) -> None:
    dotfiles = home.home / "dotfiles"
    dotfiles.mkdir()
    (home.home / ".npmrc").symlink_to(Path("dotfiles/npmrc"))
    (dotfiles / "npmrc").write_text("")
    git(dotfiles, "init", "-q")
    assert not tracked(home, "~/.npmrc")
    git(dotfiles, "add", "npmrc")
    assert tracked(home, "~/.npmrc")


def test_no_repository(home: Home) -> None:
    home.write("project/.npmrc", "")
    if any((above / ".git").exists() for above in home.project.parents):
        pytest.skip("the tests' own folder lies in a repository")
    (answer,) = home.answers(NpmrcTracking)
    assert not answer.facts[0].tracked
    assert [(atom.endpoint, atom.status) for atom in answer.evidence] == [
        ("FILE ~/project/.git", 404)
    ]


def test_a_repository_without_an_index(home: Home) -> None:
    git(home.project, "init", "-q")
    home.write("project/.npmrc", "")
    assert not tracked(home)


def test_case_does_not_matter_where_files_are_found_in_any(home: Home) -> None:
    repository(home.project)
    home.write("project/.NPMRC", "")
    git(home.project, "add", ".NPMRC")
    home.write("project/.npmrc", "")
    assert not tracked(home)
    home.system = "darwin"
    assert tracked(home)


def unknown(home: Home) -> Any:
    (answer,) = home.answers(NpmrcTracking)
    assert answer.facts == ()
    assert answer.missing is not None
    return answer.missing


def test_a_split_index_is_unknown(home: Home) -> None:
    repository(home.project)
    home.write("project/.npmrc", "")
    git(home.project, "update-index", "--split-index")
    assert unknown(home).seen == "a split index"


def test_a_sparse_index(home: Home) -> None:
    repository(home.project)
    home.write("project/.npmrc", "")
    git(home.project, "add", ".npmrc")
    git(home.project, "-c", "user.name=h", "-c", "user.email=h@h.example", "commit", "-qm", "x")
    git(home.project, "sparse-checkout", "set", "--cone", "--sparse-index", "other")
    data = (home.project / ".git" / "index").read_bytes()
    assert holds(data, b".npmrc")
    with pytest.raises(ValueError, match="sparse"):
        holds(data, b"src/.npmrc")


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-1],
        lambda data: data[:60],
        lambda data: data[:0],
        lambda data: b"DIRC\0\0\0\x05" + data[8:],
        lambda data: b"NONE" + data[4:],
        lambda data: data.replace(b"package", b"poisons"),
        # Intact by the checksum, and with more entries told than there are.
        lambda data: _sealed(data[:8] + b"\0\0\xff\xff" + data[12:-20]),
        lambda data: _sealed(data[:12]),
    ],
)
def test_a_damaged_index_is_unknown(home: Home, damage: Any) -> None:
    repository(home.project)
    home.write("project/.npmrc", "")
    path = home.project / ".git" / "index"
    path.write_bytes(damage(path.read_bytes()))
    missing = unknown(home)
    assert missing.reason is Reason.MALFORMED
    assert "git ls-files" in missing.needed


def _sealed(data: bytes) -> bytes:
    return data + hashlib.sha1(data, usedforsecurity=False).digest()


@pytest.mark.parametrize("text", ["", "nonsense", b"gitdir: \0"])
def test_a_mark_that_names_nothing(home: Home, text: Any) -> None:
    home.write("project/.npmrc", "")
    home.write("project/.git", text)
    assert unknown(home).reason is Reason.MALFORMED


def test_a_large_number_in_a_compressed_index(home: Home) -> None:
    git(home.project, "init", "-q")
    long = "d/" * 100 + "x" * 20
    home.write(f"project/{long}", "")
    home.write("project/e", "")
    git(home.project, "add", "-A")
    git(home.project, "update-index", "--index-version", "4")
    data = (home.project / ".git" / "index").read_bytes()
    for name in (long, "e", "package.json"):
        assert holds(data, name.encode())
    assert not holds(data, b"d")
