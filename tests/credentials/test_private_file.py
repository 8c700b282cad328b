"""Files with a credential as Kubernetes mounts them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hardenme.credentials.private_file import private_text
from hardenme.ground.errors import CredentialError
from tests.collectors.local.home import NOBODY, as_nobody, shared_folder
from tests.posix import AS_ROOT

KEY = "CANARYkey"
OTHERS_GROUP = 54321
pytestmark = AS_ROOT


@contextmanager
def mounted(owner: int, group: int, mode: int) -> Iterator[Path]:
    """A secret behind the link that Kubernetes makes."""
    with shared_folder() as folder:
        version = folder / "..2026_11_29"
        version.mkdir(mode=0o755)
        version.chmod(0o755)
        path = version / "app.pem"
        path.write_text(KEY)
        os.chown(path, owner, group)
        path.chmod(mode)
        link = folder / "app.pem"
        link.symlink_to(path)
        yield link


@contextmanager
def as_pod() -> Iterator[None]:
    """A process of another user, in the group NOBODY."""
    gid = os.getegid()
    os.setegid(NOBODY)
    try:
        with as_nobody():
            yield
    finally:
        os.setegid(gid)


@pytest.mark.parametrize("mode", [0o440, 0o640])
def test_what_root_lets_a_group_of_ours_read_is_taken(mode: int) -> None:
    with mounted(0, NOBODY, mode) as path, as_pod():
        assert private_text(path) == KEY


@pytest.mark.parametrize("mode", [0o444, 0o460, 0o450, 0o442])
def test_but_no_more_than_to_read_and_no_one_else(mode: int) -> None:
    with (
        mounted(0, NOBODY, mode) as path,
        as_pod(),
        pytest.raises(CredentialError, match="read by others"),
    ):
        private_text(path)


def test_nor_what_another_user_lets_the_group_read() -> None:
    with (
        mounted(NOBODY, NOBODY, 0o440) as path,
        as_pod(),
        pytest.raises(CredentialError, match="read by others"),
    ):
        private_text(path)
    with (
        mounted(OTHERS_GROUP, NOBODY, 0o440) as path,
        as_pod(),
        pytest.raises(CredentialError, match="someone else"),
    ):
        private_text(path)


def test_root_takes_a_read_only_mount_of_its_own_group_alone() -> None:
    with mounted(0, os.getegid(), 0o440) as path:
        assert private_text(path) == KEY
    with (
        mounted(0, os.getegid(), 0o640) as path,
        pytest.raises(CredentialError, match="read by others"),
    ):
        private_text(path)
    with (
        mounted(0, OTHERS_GROUP, 0o440) as path,
        pytest.raises(CredentialError, match="read by others"),
    ):
        private_text(path)


@pytest.mark.parametrize(("owner", "mode"), [(0, 0o400), (OTHERS_GROUP, 0o400), (0, 0o440)])
def test_what_is_not_for_this_user_names_what_mounts_it_right(owner: int, mode: int) -> None:
    with (
        mounted(owner, OTHERS_GROUP, mode) as path,
        as_pod(),
        pytest.raises(CredentialError) as caught,
    ):
        private_text(path)
    text = str(caught.value)
    assert f"ID {owner}," in text
    assert "`fsGroup`" in text
    assert KEY not in text


def test_a_folder_that_is_closed_names_no_owner() -> None:
    with mounted(0, NOBODY, 0o400) as path:
        path.resolve().parent.chmod(0o700)
        with as_pod(), pytest.raises(CredentialError, match="Permission denied"):
            private_text(path)
