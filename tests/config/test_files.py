"""Which files are read, from where, and what is made of one that others could have written."""

from __future__ import annotations

import os
import socket
import time
from datetime import timedelta
from pathlib import Path

import pytest

from hardenme.config import files, places
from hardenme.config.files import LARGEST, MOST_DOTS, FoundFile, look
from hardenme.config.places import SearchPlaces, SettingsSource
from hardenme.config.trust import Trust
from tests.moment import NOW

OWN = 'github-url = "https://github.example"\nselect = ["GHA"]\nignore = ["GHA101"]\n'
FOLDER = 'select = ["GHA"]\n'
OTHER = 12345
"""A user that nobody is."""

pytestmark = pytest.mark.skipif(not hasattr(os, "getuid"), reason="rights are not nine bits here")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    tmp_path.chmod(0o755)
    folder = tmp_path / "home"
    (folder / ".config" / "hardenme").mkdir(parents=True)
    return folder


def written(path: Path, text: str, mode: int = 0o644) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
    return path


def own(home: Path, text: str = OWN, mode: int = 0o644) -> SettingsSource:
    path = written(home / ".config" / "hardenme" / "config.toml", text, mode)
    return SettingsSource(path, Trust.USER)


def where(cwd: Path, home: Path | None) -> SearchPlaces:
    return places.places(cwd, home, home / ".config" / "hardenme" if home else None)


def found_in(cwd: Path, home: Path | None) -> list[FoundFile]:
    return list(files.files(where(cwd, home)))


def folders(cwd: Path, home: Path | None) -> list[Path]:
    found = (source.path.parent for source in where(cwd, home).folders)
    return list(dict.fromkeys(folder for folder in found if folder.name != ".github"))


def read(source: SettingsSource) -> FoundFile:
    found = look(source)
    assert found is not None
    return found


def test_a_file_of_ones_own_may_say_all(home: Path) -> None:
    found = read(own(home))
    assert (found.trust, found.lowered, found.problem) == (Trust.USER, "", "")
    assert found.admission is not None
    assert set(found.admission.values) == {"github-url", "select", "ignore"}


def test_the_users_own_file_comes_first_and_then_the_nearest(home: Path) -> None:
    project = home / "project"
    inner = project / "a" / "b"
    inner.mkdir(parents=True)
    (project / ".git").mkdir()
    own(home)
    far = written(project / "hardenme.toml", FOLDER)
    near = written(project / "a" / ".github" / "hardenme.toml", FOLDER)
    found = found_in(inner, home)
    assert [one.source.path for one in found] == [home / ".config/hardenme/config.toml", near]
    near.unlink()
    assert found_in(inner, home)[1].source.path == far
    assert {one.trust for one in found_in(inner, home)[1:]} == {Trust.FOLDER}


def test_in_one_folder_the_names_have_an_order(home: Path) -> None:
    names = ["hardenme.toml", ".github/hardenme.toml", "pyproject.toml"]
    for name in reversed(names):
        text = "[tool.hardenme]\n" + FOLDER if name == "pyproject.toml" else FOLDER
        path = written(home / "project" / name, text)
        (found,) = found_in(home / "project", home)
        assert found.source.path == path
        assert found.admission is not None
        assert found.admission.values == {"select": ("GHA",)}


def test_of_a_python_project_only_its_own_table_is_read(home: Path) -> None:
    path = home / "project" / "pyproject.toml"
    written(path, '[project]\nname = "x"\n[tool.other]\ngithub-url = "x"\n')
    assert found_in(home / "project", home) == []
    written(path, '[tool]\nhardenme = "x"\n')
    assert found_in(home / "project", home)[0].problem == "tool.hardenme is not a table"
    written(path, 'tool = "x"\n')
    assert found_in(home / "project", home) == []


@pytest.mark.parametrize("worktree", [False, True])
def test_folders_are_climbed_to_the_root_of_the_repository(home: Path, *, worktree: bool) -> None:
    inner = home / "outer" / "project" / "a"
    inner.mkdir(parents=True)
    mark = home / "outer" / "project" / ".git"
    if worktree:
        mark.write_text("gitdir: elsewhere\n")
    else:
        mark.mkdir()
    assert folders(inner, home) == [inner, inner.parent]
    assert where(inner, home).top == inner.parent


def test_without_a_repository_the_current_folder_is_all(home: Path) -> None:
    inner = home / "project" / "a"
    inner.mkdir(parents=True)
    assert folders(inner, home) == [inner]
    assert folders(inner, None) == [inner]


def test_nothing_above_the_home_is_looked_at(home: Path) -> None:
    (home.parent / ".git").mkdir()
    inner = home / "project" / "a"
    inner.mkdir(parents=True)
    assert folders(inner, home) == [inner]
    assert folders(home.parent / "home", home) == [home]
    elsewhere = home.parent / "elsewhere" / "a"
    elsewhere.mkdir(parents=True)
    assert folders(elsewhere, home)[-1] == home.parent


def test_the_home_may_be_a_repository(home: Path) -> None:
    (home / ".git").mkdir()
    (home / "project").mkdir()
    assert folders(home / "project", home) == [home / "project", home]


def test_a_home_behind_a_link_is_the_same(home: Path) -> None:
    (home.parent / ".git").mkdir()
    (home / "project").mkdir()
    link = home.parent / "link"
    link.symlink_to(home)
    assert folders(home / "project", link) == [home / "project"]


def test_the_root_of_the_file_system_is_no_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert folders(Path("/"), None) == [Path("/")]
    monkeypatch.setattr(places, "_is_root", lambda folder: folder == Path("/"))
    assert folders(tmp_path, None) == [tmp_path]


def test_a_link_makes_no_repository(home: Path) -> None:
    inner = home / "project" / "a"
    inner.mkdir(parents=True)
    (home / "project" / "real").mkdir()
    (home / "project" / ".git").symlink_to(home / "project" / "real")
    assert folders(inner, home) == [inner]


def test_a_repository_that_somebody_else_put_there_is_none(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = home / "project" / "a"
    inner.mkdir(parents=True)
    (home / "project" / ".git").mkdir()
    assert folders(inner, home) == [inner, inner.parent]
    give_away(home / "project" / ".git", monkeypatch)
    assert folders(inner, home) == [inner]


def give_away(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it belong to somebody else; who may not give it away becomes somebody else."""
    if os.getuid() == 0:
        os.chown(path, OTHER, -1)
    else:
        monkeypatch.setattr(os, "getuid", lambda: OTHER)


def lowered(home: Path) -> FoundFile:
    """The user's own file, where it is not as trusted as it should be."""
    found = read(SettingsSource(home / ".config" / "hardenme" / "config.toml", Trust.USER))
    assert found.trust is Trust.FOLDER
    assert found.admission is not None
    assert found.admission.values == {"select": ("GHA",)}
    assert {item.key for item in found.admission.refusals} == {"github-url", "ignore"}
    return found


@pytest.mark.parametrize("mode", [0o666, 0o664, 0o646, 0o622, 0o602])
def test_a_file_that_others_can_write_is_no_file_of_ones_own(home: Path, mode: int) -> None:
    own(home, mode=mode)
    assert lowered(home).lowered == "others can write it; run: chmod go-w on it"


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o400, 0o444])
def test_a_file_that_others_can_read_is(home: Path, mode: int) -> None:
    assert read(own(home, mode=mode)).trust is Trust.USER


def test_a_folder_that_others_can_write_takes_it_away(home: Path) -> None:
    source = own(home)
    for mode, trust in ((0o777, Trust.FOLDER), (0o775, Trust.FOLDER), (0o1777, Trust.USER)):
        source.path.parent.chmod(mode)
        assert read(source).trust is trust


def test_a_link_takes_it_away(home: Path) -> None:
    real = written(home / "elsewhere.toml", OWN)
    (home / ".config" / "hardenme" / "config.toml").symlink_to(real)
    assert lowered(home).lowered == "it is a link to elsewhere"


@pytest.mark.parametrize("folder", [False, True])
def test_another_owner_takes_it_away(
    home: Path, monkeypatch: pytest.MonkeyPatch, *, folder: bool
) -> None:
    path = own(home).path
    give_away(path.parent if folder else path, monkeypatch)
    assert lowered(home).lowered == "it, or its folder, belongs to someone else"


def test_waivers_of_such_a_file_are_proposals(home: Path) -> None:
    text = '[[waivers]]\ncheck="GHA101"\nsubject="github:user/a"\nreason="r"\nby="b"\n'
    text += f"until={NOW.date() + timedelta(days=30)}\n"
    safe = read(own(home, text)).admission
    shared = read(own(home, text, 0o666)).admission
    assert safe is not None
    assert shared is not None
    assert (len(safe.waivers), len(safe.proposals)) == (1, 0)
    assert (len(shared.waivers), len(shared.proposals)) == (0, 1)


def folder_file(home: Path, text: str = FOLDER, mode: int = 0o644) -> SettingsSource:
    return SettingsSource(written(home / "project" / "hardenme.toml", text, mode), Trust.FOLDER)


def test_a_folders_file_that_everybody_can_write_is_not_read(home: Path) -> None:
    assert read(folder_file(home, mode=0o666)).problem.startswith("everybody can write it")
    assert read(folder_file(home, mode=0o664)).problem == ""


def test_a_folders_file_of_somebody_else_is_not_read(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = folder_file(home)
    give_away(source.path, monkeypatch)
    found = read(source)
    assert (found.problem, found.admission) == ("it belongs to someone else", None)


def test_a_folders_link_is_not_followed(home: Path) -> None:
    secret = written(home / "secret.toml", "ghp_CANARYkey = 1\n")
    project = home / "project"
    (project / "inner").mkdir(parents=True)
    (project / "hardenme.toml").symlink_to(secret)
    linked = SettingsSource(project / "hardenme.toml", Trust.FOLDER)
    assert read(linked).problem == "it is a link to elsewhere"
    written(home / "there" / "hardenme.toml", FOLDER)
    (project / ".github").symlink_to(home / "there")
    through = SettingsSource(project / ".github" / "hardenme.toml", Trust.FOLDER)
    assert read(through).problem == "it is a link to elsewhere"
    (project / "pyproject.toml").symlink_to(project / "absent")
    assert read(SettingsSource(project / "pyproject.toml", Trust.FOLDER)).problem


@pytest.mark.parametrize("trust", [Trust.FOLDER, Trust.USER])
def test_what_is_no_file_is_not_waited_for(
    home: Path, trust: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = time.process_time()
    path = home / "project" / "hardenme.toml"
    path.parent.mkdir()
    os.mkfifo(path, 0o600)
    assert read(SettingsSource(path, trust)).problem == "it is not a regular file"
    path.unlink()
    path.mkdir()
    assert read(SettingsSource(path, trust)).problem == "it is not a regular file"
    path.rmdir()
    for device in ("/dev/zero", "/dev/stdin"):
        assert read(SettingsSource(Path(device), Trust.USER)).problem.startswith("it ")
    path.symlink_to("/dev/zero")
    assert read(SettingsSource(path, trust)).problem
    path.unlink()
    monkeypatch.chdir(path.parent)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path.name)
        assert read(SettingsSource(path, trust)).problem == "it is not a regular file"
    assert time.process_time() - begun < 10


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"#" * (LARGEST + 1), "it is larger than 256 KiB"),
        (b"select = [\n", "it is not TOML (at end of document)"),
        (b"a = 1\nselect = $CANARY\n", "it is not TOML (at line 2, column 10)"),
        (b"a = 1\na = 2\n", "it is not TOML (at line 2, column 6)"),
        (b"a = " + b"9" * 6000, "it is not TOML"),
        (b"a = 2027-99-99\n", "it is not TOML (at line 1, "),
        (b"a = " + b"[" * 5000, "it is nested too deep"),
        (b"a = " + b"{a=" * 5000, "it is nested too deep"),
        (b".".join([b"a"] * 60_000) + b" = 1", "a line has more than 100 dots"),
        (b'."\xe2\x80\xa8".'.join([b".".join([b"a"] * 60)] * 800) + b" = 1", "a line has more"),
        (b"a = '\xff'", "it is not UTF-8 text"),
        (b"\xff\xfea\0", "it is not UTF-8 text"),
        (b"a = '\0'", "it is not TOML (at line 1, column 6)"),
    ],
)
@pytest.mark.parametrize("trust", [Trust.FOLDER, Trust.USER])
def test_what_cannot_be_read_gives_one_clear_line(
    home: Path, data: bytes, why: str, trust: Trust
) -> None:
    path = written(home / "project" / "hardenme.toml", "")
    path.write_bytes(data)
    begun = time.process_time()
    found = read(SettingsSource(path, trust))
    assert found.problem.startswith(why)
    assert found.admission is None
    assert "CANARY" not in found.problem
    assert time.process_time() - begun < 10


def test_the_worst_that_is_parsed_takes_little_time(home: Path) -> None:
    line = ".".join(["a"] * MOST_DOTS)
    text = "\n".join(f"{line}.b{number} = 1" for number in range(LARGEST // 210))
    begun = time.process_time()
    assert read(folder_file(home, text)).problem == ""
    assert time.process_time() - begun < 10


def test_a_file_that_may_not_be_read_is_told(home: Path) -> None:
    if os.getuid() == 0:
        pytest.skip("root reads everything")
    found = read(folder_file(home, mode=0o000))
    assert found.problem == "it cannot be read: Permission denied"


def test_what_cannot_be_read_stands_in_the_way_of_those_further_off(home: Path) -> None:
    project = home / "project"
    (project / ".git").mkdir(parents=True)
    written(project / "hardenme.toml", FOLDER)
    written(project / "a" / "hardenme.toml", "select =\n")
    (found,) = found_in(project / "a", home)
    assert found.source.path.parent == project / "a"
    assert found.problem


def test_an_empty_file_says_nothing(home: Path) -> None:
    found = read(folder_file(home, ""))
    assert found.admission is not None
    assert not found.admission.values
    assert not found.admission.refusals
