"""The operating system's keyring: only its own stores, and each call bounded in time.

The keyring library finds a backend by itself, and that one may keep a token in plain text, in
several places, or not at all. So the class decides before anything is read or written, and one that
is not the operating system's own is refused. A file never replaces it.

Source: keyring's documentation, "Config" (PYTHON_KEYRING_BACKEND, keyringrc.cfg) and "API"
(priorities). Its option `keyring-path`, from which other code would be loaded, is not followed.
"""

from __future__ import annotations

import hmac
import threading
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, TypeVar

from hardenme.collectors.local.detect import found_by_keyring, spare_programs
from hardenme.collectors.local.keyring_backend import CHAIN, KINDS, SYSTEMS, VARIABLE, configured
from hardenme.collectors.local.workstation import Workstation
from hardenme.facts.local.keyring import NONE, PLAIN, SAFE
from hardenme.ground.errors import CredentialError
from hardenme.model.secret import Secret
from hardenme.model.unknown import Unknown

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SECONDS = 3.0
"""A locked keyring may wait for a password that no one types, as in a run by cron."""
SAFE_WAYS = (
    "three ways are safe without it: a variable (HARDENME_GITHUB_TOKEN, HARDENME_NPM_TOKEN) that a"
    " password manager fills for one command; a file of mode 0600, by --token-file or systemd's"
    " LoadCredential; --token-stdin"
)
NOWHERE = "keyring.backends.fail.Keyring"
"""What the library chooses where it finds nothing."""
WHY = {
    NONE: "it keeps nothing",
    PLAIN: "it keeps secrets in a file in plain text",
    SAFE: "it is a file that asks for a password, not the operating system's own store",
}
"""Why a backend is refused that is known and not the system's own."""
NO_BUS = "the desktop's message bus is not there"
BACKEND_NAMES = {
    "KeyringLocked": "it is locked",
    "InitError": "it could not be opened",
    "NoKeyringError": "there is none",
    "RuntimeError": "it is not available here",
    "FileNotFoundError": NO_BUS,
    "ConnectionRefusedError": NO_BUS,
    "PasswordSetError": "it did not take the token",
}
"""What the library's exceptions mean; their texts are not shown, for they may hold anything."""
COPIES = 10
"""How many items of one name are deleted at most; other programs can add more than one."""

T = TypeVar("T")


class KeyringError(CredentialError):
    """The keyring cannot be used; the text says why, and never holds a secret."""


class _NotDeletedError(Exception):
    """An item is still there, or the backend did not delete it."""


class Keyring:
    """The keyring of this user. Making one imports and opens nothing.

    The first call finds the backend. After a call that got no answer in time, every later one fails
    at once.
    """

    def __init__(
        self,
        station: Workstation,
        find: Callable[[], KeyringBackend] = found_by_keyring,
        *,
        allowed: frozenset[str] = SYSTEMS,
        seconds: float = SECONDS,
    ) -> None:
        self._station = station
        self._find = find
        self._allowed = allowed
        self._seconds = seconds
        self._backend: KeyringBackend | None = None
        self._hangs = False

    @classmethod
    def here(cls) -> Keyring:
        """This user's on this machine."""
        return cls(Workstation.here())

    def backend_name(self) -> str:
        """The class of the backend in use.

        Raises:
            KeyringError: it is refused, there is none, or it does not answer.
        """
        return _name(self._opened())

    def get(self, service: str, user: str) -> Secret | None:
        """The value that is kept under a service for a user; None if there is none.

        Raises:
            KeyringError: the backend is refused, fails, or does not answer.
        """
        backend = self._opened()
        return self._asked(backend, lambda: _value(backend, service, user))

    def set(self, service: str, user: str, secret: Secret) -> None:
        """Keep a value, and read it back.

        Raises:
            KeyringError: the backend is refused, fails, does not answer, or returns another value.
                What was written is then deleted, if the backend allows it.
        """
        backend = self._opened()
        written = False
        try:
            self._asked(backend, lambda: backend.set_password(service, user, secret.reveal()))
            written = True
            kept = self.get(service, user)
        except KeyringError as error:
            if not written and not self._hangs:
                raise
            # What was written, or is still waited for, may be there all the same.
            raise KeyringError(f"{error}; {self._taken_back(service, user)}") from None
        if kept is not None and hmac.compare_digest(
            kept.reveal().encode(), secret.reveal().encode()
        ):
            return
        left = self._taken_back(service, user)
        raise _refused(
            f"the keyring ({_name(backend)}) did not give back the token that it was given; {left}"
        )

    def _taken_back(self, service: str, user: str) -> str:
        """Delete what may have been stored; returns whether something may be left."""
        try:
            self.delete(service, user)
        except KeyringError:
            return f"look there for {service}, {user}, and delete it"
        return "nothing of it was left there"

    def delete(self, service: str, user: str) -> bool:
        """Delete what is kept, and see to it that it is gone; False if there was nothing.

        Raises:
            KeyringError: the backend is refused, fails, does not answer, or still has it.
        """
        backend = self._opened()
        return self._asked(backend, lambda: _deleted(backend, service, user))

    def _opened(self) -> KeyringBackend:
        """The backend, once its class is known to be allowed."""
        if self._backend is None:
            named = configured(self._station)
            if isinstance(named, Unknown):
                raise _refused(f"which keyring is meant is not known: {named.needed}")
            name, chosen_by, _ = named
            if name not in {"", CHAIN, *self._allowed}:
                raise self._refused_class(name, f"which the {chosen_by} names")
            # Loading the library asks no one, and takes its time on a busy machine.
            spare_programs()
            import_module("keyring.backend")
            load = self._find if not name else partial(_loaded, name)
            found = self._within(load, "the keyring")
            if _name(found) not in self._allowed:
                members = self._within(lambda: _members(found), "the keyring")
                by = f"the {chosen_by} names" if name else "the keyring library chooses"
                raise self._refused_class(_name(found), f"which {by}", members)
            self._backend = found
        return self._backend

    def _asked(self, backend: KeyringBackend, call: Callable[[], T]) -> T:
        return self._within(call, f"the keyring ({_name(backend)})")

    def _within(self, call: Callable[[], T], what: str) -> T:
        """The answer of a call, if it comes in time; a thread that waits on ends with the process.

        Raises:
            KeyringError: it failed, or it did not answer.
        """
        answers: list[T] = []
        failures: list[str] = []

        def work() -> None:
            try:
                answers.append(call())
            except BaseException as error:  # noqa: BLE001 (backends are third-party code)
                failures.append(_without_secret(error))

        if not self._hangs:
            worker = threading.Thread(target=work, name="keyring", daemon=True)
            worker.start()
            worker.join(self._seconds)
        if answers:
            return answers[0]
        if failures:
            raise _refused(f"{what} cannot be used: {failures[0]}")
        self._hangs = True
        raise _refused(
            f"{what} did not answer within {self._seconds:g} s: if it is locked, unlock it first;"
            " without a desktop that is not possible"
        )

    def _refused_class(self, name: str, chosen: str, members: tuple[str, ...] = ()) -> KeyringError:
        """Why a backend is refused, by its class."""
        if name == NOWHERE:
            return _refused(f"there is no keyring here ({name})")
        why = WHY.get(KINDS.get(name, ""), "hardenme does not know how it keeps secrets")
        if name == CHAIN:
            why = "it hands a token to the first of several backends that takes it"
        safe = [f"{VARIABLE}={member}" for member in members if member in self._allowed]
        hint = f"; to choose one of them, set {' or '.join(safe)}" if safe else ""
        return _refused(f"the keyring is {name}, {chosen}, and is not used: {why}{hint}")


def _refused(why: str) -> KeyringError:
    return KeyringError(f"{why}; {SAFE_WAYS}")


def _name(backend: KeyringBackend) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def _loaded(name: str) -> KeyringBackend:
    """A backend of the library, by its class."""
    module, _, kind = name.rpartition(".")
    found: type[KeyringBackend] = getattr(import_module(module), kind)
    # Raises where it cannot be used here.
    _ = found.priority
    return found()


def _members(backend: KeyringBackend) -> tuple[str, ...]:
    """The classes of a chain, best first."""
    return tuple(_name(member) for member in getattr(backend, "backends", ()))


def _value(backend: KeyringBackend, service: str, user: str) -> Secret | None:
    found = backend.get_password(service, user)
    return None if found is None else Secret(found)


def _deleted(backend: KeyringBackend, service: str, user: str) -> bool:
    from keyring.errors import PasswordDeleteError  # noqa: PLC0415 (start-up)

    for count in range(COPIES):
        # Backends say in the same way that nothing is there and that they did not let go of it.
        if backend.get_password(service, user) is None:
            return count > 0
        try:
            backend.delete_password(service, user)
        except PasswordDeleteError:
            raise _NotDeletedError from None
    if backend.get_password(service, user) is not None:
        raise _NotDeletedError
    return True


def _without_secret(error: BaseException) -> str:
    """An exception in words that cannot hold a secret."""
    if isinstance(error, _NotDeletedError):
        return "it did not delete the token"
    name = type(error).__name__
    return BACKEND_NAMES.get(name, name)
