"""Which tokens lie in the keyring, in a file without their values.

The keyring is opened only if this file lists a token for the address that is asked. Anyone who can
write it could make hardenme use another token than was stored. So it counts only if no one but its
owner can, and only as a whole.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hardenme.codec.text import parsed
from hardenme.codec.typed import Codec
from hardenme.codec.version import versioned
from hardenme.collectors.transport.origin import base_url
from hardenme.ground.errors import (
    ContentError,
    OtherVersionError,
    OutputError,
    StoredError,
    UnsafeFileError,
)
from hardenme.ground.files import PrivateFile
from hardenme.ground.private import ABSENT, held, opened, read_whole
from hardenme.model.stored_token import KeyringToken

NAME, LOCK = "tokens.json", "tokens.lock"
FORMAT = 1
LARGEST = 1024 * 1024
MOST = 1000
PROVIDERS = frozenset({"github", "npm"})
WORD = re.compile(r"[\x21-\x2e\x30-\x7e]{1,100}")
"""A login or an owner: visible characters, without the slash that parts the two in the keyring."""
KIND = re.compile(r"[a-z][a-z -]{0,39}|")


@dataclass(frozen=True, slots=True)
class TokenList:
    """The content of the file other than its version."""

    tokens: tuple[KeyringToken, ...]


FORM = Codec()


class TokenIndex:
    """The list of stored tokens of one user.

    Attributes:
        path: its path; created when the first token is stored.
        fault: why it is not used; empty if it is complete, or is not there.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self.fault = ""

    def entries(self) -> tuple[KeyringToken, ...]:
        """All of them, in a stable order; none if the file cannot be trusted."""
        try:
            found = self._read()
        except StoredError as error:
            self.fault = str(error)
            return ()
        self.fault = ""
        return found

    def add(self, entry: KeyringToken) -> None:
        """Put an entry in the place of the one of the same key.

        Raises:
            StoredError: the entry is not of its form, or the file cannot be used or written.
        """
        _demand_lasting(entry)
        with self._kept_to_oneself():
            self._write([*(one for one in self._read() if one.key != entry.key), entry])

    def remove(self, entry: KeyringToken) -> bool:
        """Take out the entry of that key; False if there is none.

        Raises:
            StoredError: the file cannot be used or written.
        """
        if not self.path.exists() and not self.path.is_symlink():
            return False
        with self._kept_to_oneself():
            before = self._read()
            rest = [one for one in before if one.key != entry.key]
            if len(rest) == len(before):
                return False
            self._write(rest)
            return True

    @contextmanager
    def _kept_to_oneself(self) -> Iterator[None]:
        """While it lasts, no other process changes the file."""
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with opened(self.path.parent / LOCK, os.O_RDWR | os.O_CREAT) as handle, held(handle):
                yield
        except (OSError, UnsafeFileError, OutputError) as error:
            raise StoredError(self._not_used(error)) from None

    def _write(self, entries: Iterable[KeyringToken]) -> None:
        listed = tuple(sorted(entries, key=lambda one: one.key))
        text = json.dumps({"version": FORMAT, **FORM.write(TokenList(listed))}, indent=2)
        PrivateFile(self.path).write(f"{text}\n")

    def _read(self) -> tuple[KeyringToken, ...]:
        try:
            with opened(self.path, os.O_RDONLY) as handle:
                return _entries(read_whole(handle, LARGEST))
        except ABSENT:
            return ()
        except (OSError, UnsafeFileError) as error:
            raise StoredError(self._not_used(error)) from None
        except OtherVersionError:
            raise StoredError(self._not_used("another version of hardenme wrote it")) from None
        except ContentError:
            raise StoredError(self._not_used("it is damaged")) from None

    def _not_used(self, error: Exception | str) -> str:
        why = error.strerror if isinstance(error, OSError) else str(error)
        return (
            f"the list of stored tokens ({self.path}) is not used: {why}; put that right, or move"
            " it away and store them again with `hardenme auth login`"
        )


def _entries(data: bytes) -> tuple[KeyringToken, ...]:
    """The entries of a file's content.

    Raises:
        OtherVersionError: another version wrote it.
        ContentError: it is not what `add` writes.
    """
    found = FORM.read(TokenList, versioned(parsed(data), FORMAT)).tokens
    if len(found) > MOST or len({entry.key for entry in found}) != len(found):
        raise ContentError("holds too many, or two of the same key")
    if not all(map(_fit, found)):
        raise ContentError("holds one that is not of its form")
    return found


def _demand_lasting(entry: KeyringToken) -> None:
    """See to it that an entry will be read as it is written."""
    if not _fit(entry) or FORM.read(KeyringToken, FORM.write(entry)) != entry:
        raise StoredError("a token is listed with a base address and a plain login")


def _fit(entry: KeyringToken) -> bool:
    """Whether it is of the form in which one is written."""
    return bool(
        entry.provider in PROVIDERS
        and _is_base(entry.base)
        and WORD.fullmatch(entry.login)
        and (not entry.owner or WORD.fullmatch(entry.owner))
        and entry.owner == entry.owner.lower()
        and KIND.fullmatch(entry.kind)
    )


def _is_base(text: str) -> bool:
    try:
        return base_url(text) == text
    except ValueError:
        return False
