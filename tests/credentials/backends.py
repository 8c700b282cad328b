"""Keyring backends as tests need them: one that keeps things in memory, and some that misbehave.

None of them is viable, so that the library never chooses one by itself.
"""

# ruff: noqa: ARG002 (the signatures are the library's)

from __future__ import annotations

import threading
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.compat import properties
from keyring.errors import KeyringLocked, PasswordDeleteError

from hardenme.collectors.local.workstation import Workstation
from hardenme.credentials.keyring import Keyring

QUICK = 0.2
"""Seconds that a test waits for a backend that never answers."""


class Memory(KeyringBackend):
    """Keeps what it is given, and counts how often it was asked."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library's
        self.kept: dict[tuple[str, str], str] = {}
        self.asked = 0

    @properties.classproperty
    def priority(cls) -> float:  # noqa: N805 (a property of the class)
        raise RuntimeError("for tests alone")

    def get_password(self, service: str, username: str) -> str | None:
        self.asked += 1
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.asked += 1
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self.asked += 1
        if (service, username) not in self.kept:
            raise PasswordDeleteError("not there")
        del self.kept[service, username]


class Lying(Memory):
    """Gives back another value than it was given."""

    def get_password(self, service: str, username: str) -> str | None:
        found = super().get_password(service, username)
        return None if found is None else found[:-1] + "X"


class Forgetful(Memory):
    """Takes everything and keeps nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        self.asked += 1


class Clinging(Memory):
    """Does not let go of anything, and does not say so."""

    def delete_password(self, service: str, username: str) -> None:
        self.asked += 1


class Refusing(Clinging):
    """Does not let go of anything, and says so as of what is not there."""

    def delete_password(self, service: str, username: str) -> None:
        raise PasswordDeleteError("no")


class Blabbing(Memory):
    """Fails with the secret in the text of its error."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise ValueError(f"cannot keep {password}")


class Locked(Memory):
    """Is locked."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("Failed to unlock the collection!")


class Leaving(Memory):
    """Tries to end the process."""

    def get_password(self, service: str, username: str) -> str | None:
        raise SystemExit(3)


class Hanging(Memory):
    """Waits for somebody who never comes, until a test lets go of it."""

    def __init__(self) -> None:
        super().__init__()
        self.free = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.asked += 1
        self.free.wait(60)
        return "ghp_CANARYtoolate0000000000000000000000000"


class FileWithPassword(Memory):
    """A file store that asks for a password at the terminal."""

    def get_password(self, service: str, username: str) -> str | None:
        raise AssertionError("it would have asked for a password")


def name(kind: type[KeyringBackend]) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def station(home: Path, **environ: str) -> Workstation:
    return Workstation(home, environ, home, "linux")


def keyring_with(home: Path, backend: KeyringBackend, *, allowed: bool = True) -> Keyring:
    """A keyring whose library finds that backend."""
    names = frozenset({name(type(backend))} if allowed else ())
    seconds = QUICK if isinstance(backend, Hanging) else 30.0
    return Keyring(station(home), lambda: backend, allowed=names, seconds=seconds)
