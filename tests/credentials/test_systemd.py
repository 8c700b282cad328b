from __future__ import annotations

import os
from pathlib import Path

import pytest

from hardenme.credentials.chain import TokenChain
from hardenme.facts.npm.site import REGISTRY
from hardenme.ground.errors import CredentialError
from tests.collectors.local.home import NOBODY, as_nobody, shared_folder
from tests.posix import AS_ROOT

API = "https://api.github.com"
GITHUB = "ghp_CANARYsystemd0000000000000000000000000"
OWN = "github_pat_CANARYsystemd_000000000000000000"
NPM = "npm_CANARYsystemd00000000000000000000"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "credentials"
    path.mkdir(mode=0o700)
    return path


def put(folder: Path, name: str, text: str, mode: int = 0o400) -> Path:
    path = folder / name
    path.write_text(text)
    path.chmod(mode)
    return path


def chain(folder: Path | str, **environ: str) -> TokenChain:
    return TokenChain({"CREDENTIALS_DIRECTORY": str(folder), **environ}, None)


def test_the_files_that_a_unit_names(folder: Path) -> None:
    path = put(folder, "hardenme-github-token", f"{GITHUB}\n")
    put(folder, "hardenme-npm-token", NPM)
    put(folder, "hardenme-github-token.acme-labs", OWN)
    put(folder, "database-password", "CANARYother")
    found = chain(folder, HARDENME_GITHUB_TOKEN="ghp_CANARYlater000").github(API)
    assert found is not None
    assert (found.secret.reveal(), found.source) == (GITHUB, str(path))
    npm = chain(folder, HARDENME_NPM_TOKEN="npm_CANARYlater00").npm(REGISTRY)
    assert npm is not None
    assert npm.secret.reveal() == NPM
    own = chain(folder).github_of("acme-labs", API)
    assert own is not None
    assert (own.secret.reveal(), own.owner) == (OWN, "acme-labs")
    assert chain(folder).github_of("acme", API) is None
    assert chain(folder).owners(API) == ("acme-labs",)


def test_token_file_goes_before_it(folder: Path, tmp_path: Path) -> None:
    put(folder, "hardenme-github-token", GITHUB)
    first = put(tmp_path, "token", OWN)
    places = chain(folder)
    places.files = {"github": first}
    found = places.github(API)
    assert found is not None
    assert found.source == str(first)


def test_owners_are_told_without_regard_to_case(folder: Path) -> None:
    put(folder, "hardenme-github-token.Acme-Labs", OWN)
    assert chain(folder).github_of("acme-labs", API) is not None
    assert chain(folder).owners(API) == ("acme-labs",)
    put(folder, "hardenme-github-token.acme-labs", GITHUB)
    with pytest.raises(CredentialError, match="keep one of them"):
        chain(folder).github_of("acme-labs", API)


@pytest.mark.parametrize("mode", [0o400, 0o440, 0o600, 0o640])
def test_an_access_list_shows_as_the_groups_right(folder: Path, mode: int) -> None:
    put(folder, "hardenme-github-token", GITHUB, mode)
    folder.chmod(0o550)
    assert chain(folder).github(API) is not None


@pytest.mark.parametrize("mode", [0o404, 0o444, 0o460, 0o402, 0o410])
def test_a_file_that_others_can_read_is_refused(folder: Path, mode: int) -> None:
    put(folder, "hardenme-github-token", GITHUB, mode)
    with pytest.raises(CredentialError, match="can be read by others"):
        chain(folder).github(API)


@pytest.mark.parametrize("mode", [0o755, 0o711, 0o770, 0o702])
def test_a_folder_that_is_open_to_others_is_refused(folder: Path, mode: int) -> None:
    folder.chmod(mode)
    assert chain(folder).github(API) is None
    put(folder, "hardenme-github-token", GITHUB)
    with pytest.raises(CredentialError, match="open to others"):
        chain(folder).github(API)


def test_a_link_in_the_folders_place_is_refused(folder: Path, tmp_path: Path) -> None:
    put(folder, "hardenme-github-token", GITHUB)
    (tmp_path / "link").symlink_to(folder)
    with pytest.raises(CredentialError, match="is not a folder"):
        chain(tmp_path / "link").github(API)


@pytest.mark.parametrize("named", ["credentials", "./credentials", "~"])
def test_a_relative_folder_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    put(folder, "hardenme-github-token", GITHUB)
    monkeypatch.chdir(folder.parent)
    with pytest.raises(CredentialError, match="not an absolute path"):
        chain(named).github(API)


@pytest.mark.parametrize("named", ["", "/nonexistent/credentials"])
def test_no_folder_is_no_token(named: str) -> None:
    assert chain(named).github(API) is None
    assert chain(named).owners(API) == ()


def test_an_empty_file_is_told(folder: Path) -> None:
    put(folder, "hardenme-github-token", "\n")
    with pytest.raises(CredentialError, match="is empty"):
        chain(folder).github(API)


@AS_ROOT
def test_whose_the_files_may_be() -> None:
    """Those of the administrator and of the user are taken, those of anybody else are not."""
    with shared_folder() as above:
        folder = above / "credentials"
        folder.mkdir()
        folder.chmod(0o550)
        os.chown(folder, 0, NOBODY)
        path = put(folder, "hardenme-github-token", GITHUB, 0o440)
        os.chown(path, 0, NOBODY)
        places, gid = chain(folder), os.getegid()
        os.setegid(NOBODY)
        try:
            with as_nobody():
                assert places.github(API) is not None
        finally:
            os.setegid(gid)
        os.chown(path, 54321, NOBODY)
        with pytest.raises(CredentialError, match="someone else"):
            places.github(API)
        os.chown(path, 0, 0)
        os.chown(folder, 54321, 0)
        with pytest.raises(CredentialError, match="open to others"):
            places.github(API)


def test_a_folder_that_cannot_be_read_is_told(folder: Path) -> None:
    put(folder, "hardenme-github-token", GITHUB)
    folder.chmod(0)
    places = chain(folder)
    try:
        with as_nobody(), pytest.raises(CredentialError, match="cannot be read"):
            places.github(API)
    finally:
        folder.chmod(0o700)
