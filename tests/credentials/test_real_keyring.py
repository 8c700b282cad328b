"""The operating system's own keyring, not one of a test: gnome-keyring by the Secret Service."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hardenme.credentials.keyring import Keyring, KeyringError
from hardenme.credentials.stored import StoredTokens
from hardenme.model.secret import Secret
from hardenme.model.stored_token import KeyringToken
from hardenme.store.token_index import TokenIndex
from tests.credentials.backends import station
from tests.secret_service import BACKEND, Desktop, desktop, session  # noqa: F401 (a fixture)

pytestmark = pytest.mark.needs("dbus-run-session", "gnome-keyring-daemon")
SERVICE, USER = "hardenme:github.com", "mallow"
VALUE = "ghp_CANARYreal00000000000000000000000000"


@pytest.fixture
def ring(tmp_path: Path, desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Keyring]:  # noqa: F811
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", desktop.bus)
    # Named, because what the library finds by itself it remembers for the process.
    found = Keyring(station(tmp_path, PYTHON_KEYRING_BACKEND=BACKEND))
    yield found
    found.delete(SERVICE, USER)


def test_a_token_is_stored_read_back_and_deleted(ring: Keyring) -> None:
    assert ring.backend_name() == BACKEND
    assert ring.get(SERVICE, USER) is None
    ring.set(SERVICE, USER, Secret(VALUE))
    assert ring.get(SERVICE, USER) == Secret(VALUE)
    ring.set(SERVICE, USER, Secret(f"{VALUE}2"))
    assert ring.get(SERVICE, USER) == Secret(f"{VALUE}2")
    assert ring.get(SERVICE, "hazel") is None
    assert ring.get("hardenme:github.com:8443", USER) is None
    assert ring.delete(SERVICE, USER)
    assert not ring.delete(SERVICE, USER)
    assert ring.get(SERVICE, USER) is None


def test_what_another_program_put_beside_it_goes_too(ring: Keyring, desktop: Desktop) -> None:  # noqa: F811
    secretstorage = pytest.importorskip("secretstorage")
    ring.set(SERVICE, USER, Secret(VALUE))
    assert desktop.bus
    connection = secretstorage.dbus_init()
    try:
        collection = secretstorage.get_default_collection(connection)
        attributes = {"service": SERVICE, "username": USER}
        collection.create_item("copy", attributes, b"ghp_CANARYcopy00000000000000000000")
        assert len(list(collection.search_items(attributes))) == 2
        assert ring.delete(SERVICE, USER)
        assert list(collection.search_items(attributes)) == []
    finally:
        connection.close()


def test_no_value_lies_in_the_files(ring: Keyring, tmp_path: Path, desktop: Desktop) -> None:  # noqa: F811
    tokens = StoredTokens(TokenIndex(tmp_path), ring)
    entry = KeyringToken(
        provider="github",
        base="https://api.github.com",
        login=USER,
        stored_at=datetime.now(UTC),
    )
    tokens.put(entry, Secret(VALUE))
    found = tokens.find("github", "https://api.github.com")
    assert found is not None
    assert found.secret.reveal() == VALUE
    files = [path for root in (tmp_path, desktop.folder) for path in root.rglob("*")]
    kept = [path.read_bytes() for path in files if path.is_file()]
    assert any(b"mallow" in data for data in kept)
    assert not [data for data in kept if VALUE.encode() in data]
    assert tokens.forget(entry)


def test_fault_12_a_session_that_is_gone_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/nowhere")
    begun = time.monotonic()
    with pytest.raises(KeyringError, match="message bus is not there"):
        Keyring(station(tmp_path, PYTHON_KEYRING_BACKEND=BACKEND)).get(SERVICE, USER)
    assert time.monotonic() - begun < 3


def test_what_is_stored_outlives_the_session(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with tempfile.TemporaryDirectory() as name:
        for number in range(2):
            with session(Path(name)) as found:
                monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", found.bus)
                kept = Keyring(station(tmp_path, PYTHON_KEYRING_BACKEND=BACKEND))
                if number == 0:
                    kept.set(SERVICE, "hazel", Secret(VALUE))
                assert kept.get(SERVICE, "hazel") == Secret(VALUE)
