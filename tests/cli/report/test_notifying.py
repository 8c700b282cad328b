from __future__ import annotations

import io
import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hardenme.cli.terminal.console import Console
from hardenme.cli.timer import notifications as notifying
from hardenme.cli.timer.notifications import Addresses, addresses, deliver, print_issue, warnings
from hardenme.collectors.transport import authorities
from hardenme.collectors.transport.authorities import NOT_COUNTED, Store
from hardenme.delivery import send as sending
from hardenme.ground.distribution import install
from hardenme.ground.errors import UsageError
from hardenme.ground.places import state_folder
from hardenme.model.message import Message
from hardenme.model.subject import Subject
from hardenme.reports.message import message
from hardenme.store.spool import Spool
from tests.cli.command import Command
from tests.cli.test_startup import loaded
from tests.cli.timed_runs import HIGH, Timer
from tests.collectors.certificates import Authority
from tests.collectors.raw_server import RawServer
from tests.delivery.receiving import Hook, hook
from tests.reports import drifted
from tests.store.stored import report

TOLD = message(drifted.week(), drifted.report())


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "PAUSE", 0.0)


@pytest.fixture
def web() -> Iterator[Hook]:
    with hook() as server:
        yield server


def console(**environ: str) -> Console:
    return Console(io.StringIO(), io.StringIO(), environ)


def said(here: Console) -> list[str]:
    assert isinstance(here.err, io.StringIO)
    return here.err.getvalue().splitlines()


def private(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o600)
    return path


def test_addresses_come_from_systemd_the_environment_and_a_file(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    private(tmp_path / "hardenme-notify", "ntfys://push.example/one")
    file = private(tmp_path / "mine", "# mine\nntfys://push.example/three")
    here = console(CREDENTIALS_DIRECTORY=str(tmp_path), HARDENME_NOTIFY="ntfys://push.example/two")
    found = addresses(here, str(file))
    assert found.values == tuple(f"ntfys://push.example/{n}" for n in ("one", "two", "three"))
    assert found.origins == ("systemd's hardenme-notify", "HARDENME_NOTIFY", str(file))
    assert "push.example" not in repr(found)


def test_without_any_there_is_none() -> None:
    assert not addresses(console(HARDENME_NOTIFY=" "), "")


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    file = private(tmp_path / "mine", "ntfys://push.example/x")
    file.chmod(0o644)
    with pytest.raises(UsageError, match="can be read by others"):
        addresses(console(), str(file))
    with pytest.raises(UsageError, match="cannot be read"):
        addresses(console(), str(tmp_path / "nowhere"))


def test_what_is_no_address_is_refused_and_not_quoted() -> None:
    with pytest.raises(UsageError) as error:
        addresses(console(HARDENME_NOTIFY="hooks.example/CANARY0123456789"), "")
    assert "CANARY" not in str(error.value)


def test_without_apprise_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifying, "_installed", lambda: False)
    with pytest.raises(UsageError, match=re.escape(install("notify"))):
        addresses(console(HARDENME_NOTIFY="ntfys://push.example/x"), "")


def told_of(web: Hook, *more: str) -> Addresses:
    return Addresses((web.address("first"), *more), ("a test",))


def test_a_message_that_was_not_taken_waits_and_goes_first_the_next_time_once(
    web: Hook, tmp_path: Path
) -> None:
    web.status = 500
    here = console()
    first = deliver(here, told_of(web), TOLD, tmp_path)
    assert (first.sent, first.waiting, first.complete) == (0, 1, False)
    assert said(here) == [
        "hardenme: target 1 (JSON) did not take the message: it answered 500",
        "hardenme: 1 message waits for the next run",
    ]
    web.status, web.server.requests[:] = 200, []
    later = Message("later", TOLD.lines, urgent=False)
    second = deliver(console(), told_of(web), later, tmp_path)
    assert (second.sent, second.waiting, second.complete) == (2, 0, True)
    assert [taken["title"] for taken in web.taken] == [TOLD.title, "later"]
    third = deliver(console(), told_of(web), None, tmp_path)
    assert (third.sent, len(web.taken)) == (0, 2)


def test_a_delayed_message_says_from_when_it_is(
    web: Hook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.status = 500
    deliver(console(), told_of(web), TOLD, tmp_path)
    web.status, web.server.requests[:] = 200, []
    monkeypatch.setattr(notifying, "LATE", -1)
    deliver(console(), told_of(web), None, tmp_path)
    assert web.taken[0]["title"].startswith("[delayed, of 20")


def test_what_one_sink_took_it_does_not_get_again(web: Hook, tmp_path: Path) -> None:
    with hook() as other:
        both = told_of(web, other.address("second"))
        other.status = 500
        assert deliver(console(), both, TOLD, tmp_path).sent == 1
        other.status, other.server.requests[:] = 200, []
        assert deliver(console(), both, None, tmp_path).sent == 1
        assert (len(web.taken), len(other.taken)) == (1, 1)


def test_another_address_gets_no_old_message_which_waits_for_its_own(
    web: Hook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.status = 500
    deliver(console(), told_of(web), TOLD, tmp_path)
    web.status, web.server.requests[:] = 200, []
    other = Addresses((web.address("another"),), ("a test",))
    done = deliver(console(), other, None, tmp_path)
    assert (done.sent, done.waiting, done.complete) == (0, 1, True)
    monkeypatch.setattr(notifying, "FORGOTTEN", 0)
    here = console()
    assert deliver(here, other, None, tmp_path).waiting == 0
    assert "was for an address that is not set any more" in said(here)[0]
    assert Spool(tmp_path / "spool").load() == []


def test_an_address_that_apprise_does_not_know_is_told_and_the_message_waits(
    web: Hook, tmp_path: Path
) -> None:
    here = console()
    done = deliver(here, told_of(web, "nonsense://x"), TOLD, tmp_path)
    assert (done.sent, done.waiting) == (1, 1)
    assert said(here)[0] == "hardenme: target 2 (nonsense) is not an address that apprise knows"


def test_where_nothing_can_wait_the_message_is_sent_all_the_same(web: Hook, tmp_path: Path) -> None:
    private(tmp_path / "file", "")
    here = console()
    done = deliver(here, told_of(web), TOLD, tmp_path / "file")
    assert (done.sent, done.complete) == (1, False)
    assert "no message can wait" in said(here)[0]


def test_a_run_without_addresses_leaves_the_messages_of_others(web: Hook, tmp_path: Path) -> None:
    web.status = 500
    deliver(console(), told_of(web), TOLD, tmp_path)
    done = deliver(console(), Addresses(), TOLD, tmp_path)
    assert (done.waiting, done.complete) == (1, True)


def test_the_spool_names_no_address(web: Hook, tmp_path: Path) -> None:
    web.status = 500
    deliver(console(), told_of(web, "ntfys://push.example/CANARYtopic1"), TOLD, tmp_path)
    for path in (tmp_path / "spool").iterdir():
        text = path.name + path.read_text()
        assert "127.0.0.1" not in text
        assert "push.example" not in text


def test_a_warning_is_given_where_all_depends_on_the_watched_account() -> None:
    report = drifted.report()
    own = replace(report.findings[0], subject=Subject("github", "email", "me@acme.example"))
    watched = replace(report, findings=[*report.findings, own])
    where = Addresses(("mailtos://a:b@mail.example?to=me@acme.example",), ("a test",))
    assert "a mailbox of the watched account" in warnings(where, watched)[0]
    assert warnings(Addresses(), watched) == ()


def test_an_issue_is_printed_with_its_commands() -> None:
    here = console()
    print_issue(here, drifted.week(), drifted.report(), "acme/ops")
    assert isinstance(here.out, io.StringIO)
    assert 'gh issue "$@" --repo acme/ops' in here.out.getvalue()


def test_an_issue_of_no_repository_is_refused_before_anybody_is_asked(command: Command) -> None:
    ran = command("report", "npm:left-pad", "--issue", "acme")
    assert (ran.code, ran.out) == (2, "")
    assert "--issue takes OWNER/REPO" in ran.err


def test_a_file_of_addresses_that_others_can_read_stops_a_report(command: Command) -> None:
    file = private(command.home / "sinks", "ntfys://push.example/x")
    file.chmod(0o644)
    ran = command("report", "npm:left-pad", "--notify-file", str(file))
    assert (ran.code, ran.out) == (2, "")
    assert "can be read by others" in ran.err


def test_doctor_tells_the_services_and_what_waits(command: Command) -> None:
    (command.home / ".local/state/hardenme").mkdir(parents=True)
    file = private(
        command.home / "sinks",
        "mailtos://a:CANARYpass3@mail.example\nslack://T0/B0\njson://x.example/CANARY01",
    )
    ran = command("doctor", "--offline", "--notify-file", str(file))
    rows = " ".join(ran.out.split())
    for row in (
        "target 1: E-Mail",
        "target 2: refused: target 2 (slack) lacks a part that this service needs",
        "target 3: refused: target 3 (json) would be sent in plain text: use jsons://",
        f"addresses: from {file}",
        "notify extra: installed",
    ):
        assert row in rows
    assert "mail.example" not in ran.out


def test_no_folder_names_who_is_notified(command: Command) -> None:
    (command.folder / "hardenme.toml").write_text('notify-file = "/tmp/sinks"\n')
    ran = command("doctor", "--offline")
    assert "who is notified" in ran.out + ran.err


def test_without_an_address_apprise_is_not_loaded(command: Command) -> None:
    found = loaded(command, "doctor", "--offline", HARDENME_NPM_TOKEN="npm_CANARY000000000000")
    assert "apprise" not in found


def test_the_state_folder_is_where_messages_wait() -> None:
    assert (state_folder() / notifying.FOLDER).name == "spool"


def ok(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    # A connection that closes before all is read takes the answer with it.
    while connection.recv(65536):
        pass


@pytest.mark.parametrize("by_system", [True, False], ids=["the system", "a variable"])
def test_a_sinks_certificate_counts_by_the_systems_store_and_by_no_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, by_system: bool
) -> None:
    root = Authority.of(tmp_path)
    if by_system:
        monkeypatch.setattr(authorities, "store", lambda: Store("a test's", str(root.file)))
    else:
        for name in NOT_COUNTED:
            monkeypatch.setenv(name, str(root.file))

    with RawServer(ok, root.serving()) as server:
        where = Addresses((f"jsons://127.0.0.1:{server.port}/x?overflow=split",), ("a test",))
        found = deliver(console(), where, TOLD, tmp_path / "state")
    assert (found.sent, bool(server.heads)) == ((1, True) if by_system else (0, False))


@pytest.mark.parametrize("verified_by_system", [True, False])
@pytest.mark.parametrize("named", [True, False], ids=["its own", "another"])
def test_the_file_of_authorities_that_a_run_names_counts_for_its_messages_alone(
    timer: Timer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, named: bool,
    verified_by_system: bool,
) -> None:  # fmt: skip
    root, other = Authority.of(tmp_path), Authority.of(tmp_path, "other")
    in_store = other if named else root
    monkeypatch.setattr(authorities, "store", lambda: Store("a test's", str(in_store.file)))
    monkeypatch.setattr(authorities, "BY_SYSTEM", verified_by_system)
    file = (root if named else other).file
    with RawServer(ok, root.serving()) as server:
        address = f"jsons://127.0.0.1:{server.port}/x?overflow=split"
        sinks = private(tmp_path / "sinks", address)
        told = timer.run(
            report(0, HIGH), {"ca_file": str(file)}, notify_file=str(sinks), quiet=True
        )
    assert (told.code, bool(server.heads)) == ((0, True) if named else (6, False)), told.err
