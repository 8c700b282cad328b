"""Which backend the keyring library would use here: names of classes only, within three seconds."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

from hardenme.model.unknown import Reason, Unknown

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SECONDS = 3.0
"""The library asks the session's message bus, which may not answer."""
APPLE = "keyring.backends.macOS.api"
"""A part of the library that looks for Apple's own libraries while it is imported."""


def spare_programs() -> None:
    """Keep the keyring library from starting programs; to be called before it looks for backends.

    It imports every backend on every system. Off macOS, `ctypes` looks for Apple's libraries with a
    compiler and a linker, and gives these the whole environment, with the tokens in it.
    """
    if sys.platform != "darwin":
        # A module that is None there cannot be imported, which the backend takes for its absence.
        sys.modules.setdefault(APPLE, None)  # type: ignore[arg-type]  # documented by Python


def detect_keyring() -> tuple[str, ...] | Unknown:
    """The class, or the classes of a chain, best first. No secret is asked for."""
    found: list[tuple[str, ...]] = []
    failed: list[str] = []

    def ask() -> None:
        try:
            found.append(_names())
        except Exception as error:  # noqa: BLE001 (backends are third-party code)
            failed.append(type(error).__name__)

    worker = threading.Thread(target=ask, name="keyring", daemon=True)
    worker.start()
    worker.join(SECONDS)
    if found:
        return found[0]
    return Unknown(
        Reason.UNREACHABLE,
        "the keyring has to say which backend it uses; see: python -m keyring --list-backends",
        failed[0] if failed else f"no answer within {SECONDS:.0f} s",
    )


def found_by_keyring() -> KeyringBackend:
    """The backend that the library chooses by itself, where no one names one.

    The library's own file is not read by this: it could name a folder to load code from.
    """
    spare_programs()
    from keyring.backend import by_priority, get_all_keyring  # noqa: PLC0415 (start-up)

    return max(get_all_keyring(), key=by_priority)


def _names() -> tuple[str, ...]:
    from keyring.backends.chainer import ChainerBackend  # noqa: PLC0415 (start-up)

    backend = found_by_keyring()
    members = backend.backends if isinstance(backend, ChainerBackend) else [backend]
    return tuple(f"{type(item).__module__}.{type(item).__qualname__}" for item in members)
