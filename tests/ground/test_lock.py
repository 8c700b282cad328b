from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from hardenme.ground.errors import LockedError
from hardenme.ground.lock import lock
from hardenme.ground.places import cache_folder, home, state_folder

HOLDER = """
import sys
from pathlib import Path
from hardenme.ground.lock import lock
with lock(Path(sys.argv[1]), "me"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_another_process_is_kept_out_until_this_one_ends(tmp_path: Path) -> None:
    with subprocess.Popen(  # noqa: S603 (our own interpreter)
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(LockedError), lock(tmp_path, "me"):
            pytest.fail("two at once")
        with lock(tmp_path, "somebody else"):
            pass
        holder.kill()
    with lock(tmp_path, "me"):
        pass


def test_an_error_lets_go(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), lock(tmp_path, "me"):
        raise RuntimeError
    with lock(tmp_path, "me"):
        pass


def test_the_name_of_a_target_is_no_path(tmp_path: Path) -> None:
    with lock(tmp_path / "state", "../../escape/\0"):
        (file,) = (tmp_path / "state").iterdir()
    assert file.suffix == ".lock"
    assert file.stat().st_mode & 0o077 == 0
    assert (tmp_path / "state").stat().st_mode & 0o077 == 0


def test_without_a_place_there_is_no_lock_and_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with lock(tmp_path / "file" / "state", "me"), lock(tmp_path / "file" / "state", "me"):
        pass


def test_a_planted_link_is_not_followed(tmp_path: Path) -> None:
    with lock(tmp_path, "me"):
        (file,) = tmp_path.iterdir()
    file.unlink()
    file.symlink_to(tmp_path / "victim")
    with lock(tmp_path, "me"):
        pass
    assert not (tmp_path / "victim").exists()


def test_folders_follow_the_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    assert home() == tmp_path
    assert cache_folder().is_relative_to(tmp_path)
    assert state_folder().is_relative_to(tmp_path)
    monkeypatch.setenv("HOME", ".")
    assert home() is None, "it would be any project's folder"
    assert state_folder().is_absolute()


def test_without_a_home_nothing_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pwd = pytest.importorskip("pwd")

    def nobody(_number: int) -> None:
        raise KeyError

    monkeypatch.setattr(pwd, "getpwuid", nobody)
    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    assert home() is None
    for folder in (cache_folder(), state_folder()):
        assert folder.is_absolute()
        with pytest.raises(OSError, match=r"\w"):
            folder.mkdir(parents=True)
        with lock(folder, "me"):
            pass
    assert list(tmp_path.iterdir()) == []
