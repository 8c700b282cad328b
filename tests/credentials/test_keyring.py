from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keyring.backends.fail
import keyring.backends.null
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend

from hardenme.collectors.local.keyring_backend import SYSTEMS
from hardenme.credentials import keyring as module
from hardenme.credentials.keyring import SECONDS, Keyring, KeyringError
from hardenme.ground.errors import CredentialError
from hardenme.model.secret import Secret
from tests.credentials import backends
from tests.credentials.backends import Hanging, Memory, keyring_with, station

SERVICE, USER = "hardenme:github.com", "mallow"
VALUE = "ghp_CANARYkept00000000000000000000000000"
WAYS = ("HARDENME_GITHUB_TOKEN", "--token-file", "LoadCredential", "--token-stdin")


def refused(ring: Keyring) -> str:
    """What the keyring says to each kind of call, once it is known to be the same."""
    told = []
    for call in (
        lambda: ring.get(SERVICE, USER),
        lambda: ring.set(SERVICE, USER, Secret(VALUE)),
        lambda: ring.delete(SERVICE, USER),
        ring.backend_name,
    ):
        with pytest.raises(KeyringError) as caught:
            call()
        told.append(str(caught.value))
        assert "CANARY" not in told[-1]
        assert caught.value.__cause__ is None
    assert len(set(told)) == 1
    assert all(way in told[0] for way in WAYS)
    assert "\n" not in told[0]
    return told[0]


def test_what_is_set_is_got_back_and_deleted(tmp_path: Path) -> None:
    backend = Memory()
    ring = keyring_with(tmp_path, backend)
    assert ring.get(SERVICE, USER) is None
    ring.set(SERVICE, USER, Secret(VALUE))
    assert backend.kept == {(SERVICE, USER): VALUE}
    assert ring.get(SERVICE, USER) == Secret(VALUE)
    assert ring.get(SERVICE, "other") is None
    assert ring.delete(SERVICE, USER)
    assert not ring.delete(SERVICE, USER)
    assert backend.kept == {}
    assert ring.backend_name() == backends.name(Memory)


def test_the_allowed_ones_are_the_operating_systems_own() -> None:
    assert {
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.Windows.WinVaultKeyring",
        "keyring.backends.kwallet.DBusKeyring",
        "keyring.backends.kwallet.DBusKeyringKWallet4",
        "keyring.backends.kwallet.DBusKeyringKWallet6",
        "keyring.backends.libsecret.Keyring",
        "keyring.backends.macOS.Keyring",
    } == SYSTEMS


def test_fault_10_where_there_is_no_keyring_that_is_said(tmp_path: Path) -> None:
    ring = Keyring(station(tmp_path), keyring.backends.fail.Keyring)  # type: ignore[arg-type]
    assert "there is no keyring here (keyring.backends.fail.Keyring)" in refused(ring)
    assert list(tmp_path.iterdir()) == []


def test_fault_11_one_that_keeps_nothing_is_refused(tmp_path: Path) -> None:
    ring = Keyring(station(tmp_path), keyring.backends.null.Keyring)  # type: ignore[arg-type]
    assert "keyring.backends.null.Keyring" in (told := refused(ring))
    assert "keeps nothing" in told


@pytest.mark.parametrize("kind", [Memory, backends.FileWithPassword])
def test_fault_11_an_unknown_one_is_not_asked(tmp_path: Path, kind: type[Memory]) -> None:
    backend = kind()
    told = refused(keyring_with(tmp_path, backend, allowed=False))
    assert backends.name(kind) in told
    assert "does not know" in told
    assert backend.asked == 0


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("keyrings.alt.file.PlaintextKeyring", "in plain text"),
        ("keyrings.alt.file.EncryptedKeyring", "a file that asks for a password"),
        ("keyrings.cryptfile.cryptfile.CryptFileKeyring", "a file that asks for a password"),
        ("keyring.backends.null.Keyring", "keeps nothing"),
        ("keyring.backends.fail.Keyring", "there is no keyring"),
        ("evil_keyring_of_a_test.Keyring", "does not know"),
        ("keyring.backends.SecretService.Keyring.Evil", "does not know"),
        ("keyring.backends.macOS", "does not know"),
        ("Keyring", "does not know"),
    ],
)
@pytest.mark.parametrize("by", ["environment", "configuration"])
def test_fault_11_a_named_one_is_refused_without_importing_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, why: str, by: str
) -> None:
    marker = tmp_path / "imported"
    (tmp_path / "evil_keyring_of_a_test.py").write_text(f"open({str(marker)!r}, 'w').close()\n")
    monkeypatch.syspath_prepend(tmp_path)
    environ = {"PYTHON_KEYRING_BACKEND": name} if by == "environment" else {}
    if by == "configuration":
        folder = tmp_path / ".config" / "python_keyring"
        folder.mkdir(parents=True)
        (folder / "keyringrc.cfg").write_text(f"[backend]\ndefault-keyring={name}\n")
    told = refused(Keyring(station(tmp_path, **environ), Memory))
    assert name in told
    assert why in told
    assert not marker.exists()
    assert "evil_keyring_of_a_test" not in sys.modules


def test_a_keyring_path_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / ".config" / "python_keyring"
    folder.mkdir(parents=True)
    (folder / "keyringrc.cfg").write_text(f"[backend]\nkeyring-path={tmp_path}\n")
    assert keyring_with(tmp_path, Memory()).get(SERVICE, USER) is None
    assert str(tmp_path) not in sys.path


def test_a_configuration_that_is_not_understood_is_told(tmp_path: Path) -> None:
    folder = tmp_path / ".config" / "python_keyring"
    folder.mkdir(parents=True)
    (folder / "keyringrc.cfg").write_text("no section\n")
    assert "keyringrc.cfg is not understood" in refused(keyring_with(tmp_path, Memory()))


@pytest.fixture
def chain(monkeypatch: pytest.MonkeyPatch) -> Iterator[ChainerBackend]:
    members = [Memory(), keyring.backends.null.Keyring()]  # type: ignore[no-untyped-call]
    monkeypatch.setattr(ChainerBackend, "backends", members)
    yield ChainerBackend()  # type: ignore[no-untyped-call]
    assert members[0].asked == 0  # type: ignore[attr-defined]


def test_fault_11_a_chain_is_refused_and_its_safe_members_named(
    tmp_path: Path, chain: KeyringBackend
) -> None:
    safe = backends.name(Memory)
    ring = Keyring(station(tmp_path), lambda: chain, allowed=frozenset({safe}))
    told = refused(ring)
    assert "keyring.backends.chainer.ChainerBackend" in told
    assert f"PYTHON_KEYRING_BACKEND={safe}" in told
    assert "PYTHON_KEYRING_BACKEND=keyring.backends.null.Keyring" not in told


def test_fault_11_a_chain_that_is_named_is_refused_too(
    tmp_path: Path, chain: KeyringBackend
) -> None:
    named = {"PYTHON_KEYRING_BACKEND": backends.name(type(chain))}
    safe = frozenset({backends.name(Memory)})
    assert "set PYTHON_KEYRING_BACKEND" in refused(
        Keyring(station(tmp_path, **named), Memory, allowed=safe)
    )


@pytest.mark.second_tier("waits for a timeout, and measures it")
def test_fault_12_one_that_hangs_is_given_up(tmp_path: Path) -> None:
    backend = Hanging()
    ring = keyring_with(tmp_path, backend)
    begun = time.monotonic()
    with pytest.raises(KeyringError, match=r"did not answer within 0\.2 s.*--token-stdin"):
        ring.get(SERVICE, USER)
    # It is asked no more: what follows fails at once.
    asked, took = backend.asked, time.monotonic() - begun
    for call in (lambda: ring.get(SERVICE, USER), lambda: ring.delete(SERVICE, USER)):
        with pytest.raises(KeyringError, match="did not answer"):
            call()
    assert backend.asked == asked == 1
    assert backends.QUICK <= took < 30
    assert all(item.daemon for item in threading.enumerate() if item.name == "keyring")
    backend.free.set()


def test_fault_12_finding_it_is_bounded_too(tmp_path: Path) -> None:
    held = threading.Event()
    ring = Keyring(station(tmp_path), lambda: held.wait(60) and Memory(), seconds=0.05)  # type: ignore[arg-type,return-value]
    assert "the keyring did not answer" in refused(ring)
    held.set()


def test_fault_12_the_bound_is_three_seconds(tmp_path: Path) -> None:
    assert SECONDS == 3.0
    assert Keyring(station(tmp_path))._seconds == SECONDS


@pytest.mark.parametrize("kind", [backends.Lying, backends.Forgetful])
def test_a_value_that_does_not_come_back_is_not_kept(tmp_path: Path, kind: type[Memory]) -> None:
    backend = kind()
    with pytest.raises(KeyringError, match="did not give back") as caught:
        keyring_with(tmp_path, backend).set(SERVICE, USER, Secret(VALUE))
    assert "nothing of it was left there" in str(caught.value)
    assert "CANARY" not in str(caught.value)
    assert backend.kept == {}


def test_what_cannot_be_taken_back_is_told(tmp_path: Path) -> None:
    class Both(backends.Lying, backends.Clinging):
        pass

    with pytest.raises(KeyringError, match=f"look there for {SERVICE}, {USER}"):
        keyring_with(tmp_path, Both()).set(SERVICE, USER, Secret(VALUE))


def test_what_hangs_once_it_has_the_token_is_not_passed_over(tmp_path: Path) -> None:
    backend = Hanging()
    with pytest.raises(KeyringError, match=f"look there for {SERVICE}, {USER}, and delete it"):
        keyring_with(tmp_path, backend).set(SERVICE, USER, Secret(VALUE))
    assert backend.kept == {(SERVICE, USER): VALUE}
    backend.free.set()


def test_what_fails_once_it_has_the_token_does_not_keep_it(tmp_path: Path) -> None:
    class FailsOnce(Memory):
        def get_password(self, service: str, username: str) -> str | None:
            if self.kept and self.asked == 1:
                self.asked += 1
                raise OSError("gone for a moment")
            return super().get_password(service, username)

    backend = FailsOnce()
    with pytest.raises(KeyringError, match=r"OSError.*nothing of it was left there"):
        keyring_with(tmp_path, backend).set(SERVICE, USER, Secret(VALUE))
    assert backend.kept == {}


def test_what_takes_nothing_loses_nothing(tmp_path: Path) -> None:
    backend = backends.Blabbing()
    backend.kept[SERVICE, USER] = "the one before"
    with pytest.raises(KeyringError):
        keyring_with(tmp_path, backend).set(SERVICE, USER, Secret(VALUE))
    assert backend.kept == {(SERVICE, USER): "the one before"}


@pytest.mark.parametrize("kind", [backends.Clinging, backends.Refusing])
def test_deleted_is_said_only_of_what_is_gone(tmp_path: Path, kind: type[Memory]) -> None:
    backend = kind()
    backend.kept[SERVICE, USER] = VALUE
    with pytest.raises(KeyringError, match="did not delete the token"):
        keyring_with(tmp_path, backend).delete(SERVICE, USER)
    assert not keyring_with(tmp_path, kind()).delete(SERVICE, USER)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (backends.Blabbing, "ValueError"),
        (backends.Locked, "it is locked"),
        (backends.Leaving, "SystemExit"),
    ],
)
def test_what_the_library_raises_is_told_without_its_text(
    tmp_path: Path, kind: type[Memory], words: str
) -> None:
    with pytest.raises(CredentialError, match=words) as caught:
        keyring_with(tmp_path, kind()).set(SERVICE, USER, Secret(VALUE))
    error: Any = caught.value
    while error is not None:
        assert "CANARY" not in f"{error!r}{vars(error)}"
        error = error.__cause__ or error.__context__


def test_making_one_asks_for_nothing(tmp_path: Path) -> None:
    def find() -> KeyringBackend:
        raise AssertionError("nobody asked")

    Keyring(station(tmp_path), find)
    assert module.Keyring.here() is not None
