from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from hardenme.collectors.local import COLLECTORS
from hardenme.collectors.local.workstation import Absent, Content, FileRights, Workstation
from hardenme.facts.local.npmrc import NpmrcFile, NpmrcSecrets, NpmrcTracking
from hardenme.model.unknown import Reason, Unknown
from tests.collectors.local.home import Home, as_nobody, shared_folder
from tests.posix import AS_ROOT, ON_POSIX


def test_a_file_is_read(home: Home) -> None:
    path = home.write(".npmrc", "a=1\n")
    station = home.station()
    found = station.read(path)
    assert isinstance(found, Content)
    assert found.data == b"a=1\n"
    assert (found.atom.endpoint, found.atom.status) == ("FILE ~/.npmrc", 200)
    assert station.shown(Path("/etc/npmrc")) == "/etc/npmrc"
    assert station.shown(home.home) == "~"


def test_a_file_is_read_once_a_run(home: Home) -> None:
    path = home.write(".npmrc", "a=1\n")
    station = home.station()
    first = station.read(path)
    path.write_text("b=2\n")
    assert station.read(path) is first


@pytest.mark.parametrize("name", ["nothing", "file/below"])
def test_an_absent_file(home: Home, name: str) -> None:
    home.write("file", "")
    found = home.station().read(home.home / name)
    assert isinstance(found, Absent)
    assert found.atom.status == 404


@ON_POSIX
def test_what_is_no_regular_file(home: Home) -> None:
    pipe, folder = home.home / "pipe", home.home / "folder"
    os.mkfifo(pipe)
    folder.mkdir()
    device = home.home / "device"
    device.symlink_to("/dev/zero")
    for path in (pipe, folder, device):
        found = home.station().read(path)
        assert isinstance(found, Unknown)
        assert found.reason is Reason.MALFORMED
        assert "not a regular file" in found.needed


@ON_POSIX
def test_a_socket_is_not_opened(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home.home)  # a socket's address is short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("agent")
        found = home.station().read(home.home / "agent")
    assert isinstance(found, Unknown)


def test_a_large_file_is_not_read(home: Home) -> None:
    path = home.write("large", b"x" * 2048)
    assert isinstance(home.station().read(path, 2048), Content)
    found = home.station().read(path, 2047)
    assert isinstance(found, Unknown)
    assert found.reason is Reason.MALFORMED


def test_a_loop_of_links(home: Home) -> None:
    (home.home / "loop").symlink_to("loop")
    found = home.station().read(home.home / "loop")
    assert isinstance(found, Unknown)
    assert found.reason is Reason.UNREACHABLE


def test_a_name_that_no_file_has(home: Home) -> None:
    found = home.station().read(home.home / "a\0b")
    assert isinstance(found, Unknown)
    assert "\0" not in found.needed


def test_a_name_with_hidden_characters(home: Home) -> None:
    assert home.station().shown(home.home / "a\x1b[2J\u202e") == "~/a\\x1b[2J\\u202e"


def test_a_file_that_may_not_be_read() -> None:
    with shared_folder() as folder:
        home = Home(folder)
        path = home.write(".npmrc", "a=1\n", mode=0)
        station = home.station()
        with as_nobody():
            found = station.read(path)
            seen = station.rights(path)
    assert isinstance(found, Unknown)
    assert found.reason is Reason.NOT_PERMITTED
    assert found.needed == "read access to ~/.npmrc"
    assert [atom.status for atom in found.evidence] == [403]
    assert isinstance(seen, FileRights)


def test_every_fact_of_a_file_that_may_not_be_read() -> None:
    with shared_folder() as folder:
        home = Home(folder)
        home.write(".npmrc", "a=1\n", mode=0)
        with as_nobody():
            rights, secrets = home.answers(NpmrcFile), home.answers(NpmrcSecrets)
    assert [answer.missing for answer in rights] == [None]
    (answer,) = secrets
    assert answer.missing is not None
    assert answer.missing.reason is Reason.NOT_PERMITTED
    assert str(answer.scope) == "local:npmrc/~/.npmrc"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbfa=1", "a=1"),
        ("a=1".encode("utf-16"), "a=1"),
        (b"\xfe\xff\x00a\x00=\x001", "a=1"),
        (b"a=\xff", "a=\ufffd"),
    ],
)
def test_text(home: Home, data: bytes, text: str) -> None:
    found = home.station().text(home.write("file", data))
    assert isinstance(found, tuple)
    assert found[0] == text


def test_what_is_no_text(home: Home) -> None:
    found = home.station().text(home.write("file", "a=1".encode("utf-16-le")))
    assert isinstance(found, Unknown)
    assert found.reason is Reason.MALFORMED


@ON_POSIX
def test_rights(home: Home) -> None:
    path = home.write("file", "", mode=0o640)
    found = home.station().rights(path)
    assert isinstance(found, FileRights)
    assert found.mode == 0o640
    assert found.owned
    assert found.own_group == (os.getuid() == os.getgid())
    assert isinstance(home.station().rights(home.home / "nothing"), Absent)


@AS_ROOT
def test_rights_of_somebody_elses_file(home: Home) -> None:
    path = home.write("file", "")
    os.chown(path, NOBODYS, NOBODYS + 1)
    with shared_folder():
        found = home.station().rights(path)
    assert isinstance(found, FileRights)
    assert not found.owned
    assert not found.own_group


NOBODYS = 4711


def test_rights_on_windows_are_unknown(home: Home) -> None:
    home.system = "win32"
    found = home.station().rights(home.write(".npmrc", ""))
    assert isinstance(found, Unknown)
    assert found.reason is Reason.NOT_VISIBLE
    (answer,) = home.answers(NpmrcFile)
    assert answer.missing is not None
    (home.home / ".npmrc").unlink()
    (absent,) = home.answers(NpmrcFile)
    assert absent.missing is None
    assert absent.facts == ()


def test_nothing_there_is_known_with_evidence(home: Home) -> None:
    for kind in (NpmrcFile, NpmrcSecrets, NpmrcTracking):
        (answer,) = home.answers(kind)
        assert answer.missing is None
        assert answer.facts == ()
        assert "FILE ~/.npmrc" in {atom.endpoint for atom in answer.evidence}
        assert {atom.status for atom in answer.evidence} == {404}


def test_this_workstation_is_made_without_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/hazel")
    assert Workstation.here().home == Path("/home/hazel")


def test_a_user_without_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_: type[Path]) -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr(Path, "home", classmethod(none))
    station = Workstation.here()
    assert isinstance(station.read(station.home / ".npmrc"), Absent)


def test_a_current_folder_that_is_gone(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = home.home / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert Workstation.here().cwd == Path.home()


def test_every_collector_asks_the_workstation_or_npm() -> None:
    for collector in COLLECTORS:
        if collector.provider == "local":
            assert collector.roots == ("local:workstation",)
            assert collector.of == ()
        else:
            assert collector.name == "npm tokens in files"
