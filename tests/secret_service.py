"""A desktop's keyring for tests: a real gnome-keyring on a session bus of its own.

A test module takes a fixture by importing it:

    from tests.secret_service import desktop  # noqa: F401 (a fixture)

Without gnome-keyring and dbus (Debian's packages `gnome-keyring` and `dbus-daemon`) the tests that
ask for it are skipped.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

PASSWORD = "a password for tests alone"
PROGRAMS = ("dbus-run-session", "gnome-keyring-daemon")
OPEN = "gnome-keyring-daemon --unlock --components=secrets --daemonize"
CLOSED = "gnome-keyring-daemon --start --components=secrets --daemonize"
SESSION = """\
read -r password
printf %s "$password" | {daemon} >/dev/null || exit
echo "$DBUS_SESSION_BUS_ADDRESS"
read -r end
"""
BACKEND = "keyring.backends.SecretService.Keyring"


@dataclass(frozen=True, slots=True)
class Desktop:
    """A session with a keyring.

    Attributes:
        bus: the address of its message bus.
        folder: the home that the keyring's files are in.
    """

    bus: str
    folder: Path

    @property
    def environ(self) -> dict[str, str]:
        """The variables by which programs find it."""
        return {"DBUS_SESSION_BUS_ADDRESS": self.bus}


@contextmanager
def session(folder: Path, *, unlocked: bool = True) -> Iterator[Desktop]:
    """A session that ends with the context; the keyring's files stay in the folder."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        pytest.skip(f"needs {' and '.join(missing)} (Debian: gnome-keyring, dbus-daemon)")
    running = folder / "run"
    running.mkdir(mode=0o700, exist_ok=True)
    daemon = OPEN if unlocked else CLOSED
    command = ["dbus-run-session", "--", "sh", "-c", SESSION.format(daemon=daemon)]
    process = subprocess.Popen(  # noqa: S603 (a script of our own)
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_RUNTIME_DIR": str(running)},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process:
        process.stdin.write(f"{PASSWORD}\n".encode())
        process.stdin.flush()
        bus = process.stdout.readline().decode().strip()
        assert bus, "gnome-keyring is installed, but did not start"
        try:
            yield Desktop(bus, folder)
        finally:
            process.stdin.close()


@pytest.fixture(scope="module")
def desktop() -> Iterator[Desktop]:
    """A session with an unlocked keyring."""
    with tempfile.TemporaryDirectory() as name, session(Path(name)) as found:
        yield found


@contextmanager
def silent_prompter(bus: str) -> Iterator[None]:
    """Takes the place of the window that asks for the keyring's password, and never answers."""
    blocking = pytest.importorskip("jeepney.io.blocking")
    bus_messages = pytest.importorskip("jeepney.bus_messages")
    connection = blocking.open_dbus_connection(bus)
    try:
        request = bus_messages.message_bus.RequestName("org.gnome.keyring.SystemPrompter")
        assert connection.send_and_get_reply(request).body == (1,)
        yield
    finally:
        connection.close()


@contextmanager
def silent_bus(folder: Path) -> Iterator[str]:
    """A message bus that lets clients in and then says nothing; its address."""
    place = folder / "bus"
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(place))
        door.listen()
        threading.Thread(target=_welcome, args=(door,), daemon=True).start()
        yield f"unix:path={place}"
        # Wakes the thread, which closing the socket would not.
        door.shutdown(socket.SHUT_RDWR)


def _welcome(door: socket.socket) -> None:
    with contextlib.ExitStack() as guests:
        while True:
            try:
                guest = guests.enter_context(door.accept()[0])
            except OSError:
                return
            # The handshake of the D-Bus specification: "Authentication Protocol".
            lines = guests.enter_context(guest.makefile("rb"))
            with contextlib.suppress(OSError):
                for answer in (b"OK 0123456789abcdef0123456789abcdef\r\n", b"AGREE_UNIX_FD\r\n"):
                    lines.readline()
                    guest.sendall(answer)
