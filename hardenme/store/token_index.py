"""Which tokens lie in the keyring, in a file without their values.

The keyring is opened only where this file tells of a token for the address that is asked. Whoever
can write it could lead hardenme to another token than was stored, so it counts only while nobody
but its owner can, and only as a whole.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hardenme.collectors.transport.origin import base_url
from hardenme.ground.files import OutputError, PrivateFile
from hardenme.ground.private import UnsafeFileError, held, opened, read_whole
from hardenme.model.stored_token import StoredToken, TokenIndexError

NAME, LOCK = "tokens.json", "tokens.lock"
FORMAT = 1
LARGEST = 1024 * 1024
MOST = 1000
ABSENT = (FileNotFoundError, NotADirectoryError)
FIELDS = frozenset({"provider", "base", "login", "owner", "kind", "stored_at", "expires_at"})
PROVIDERS = frozenset({"github", "npm"})
WORD = re.compile(r"[\x21-\x2e\x30-\x7e]{1,100}")
"""A login or an owner: visible characters, without the slash that parts the two in the keyring."""
KIND = re.compile(r"[a-z][a-z -]{0,39}|")


class TokenIndex:
    """The list of stored tokens of one user.

    Attributes:
        path: where it lies; made when the first token is stored.
        fault: why it is not used; empty where it is whole, or is not there.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self.fault = ""

    def entries(self) -> tuple[StoredToken, ...]:
        """All of them, in a stable order; none where the file cannot be trusted."""
        try:
            found = self._read()
        except TokenIndexError as error:
            self.fault = str(error)
            return ()
        self.fault = ""
        return found

    def add(self, entry: StoredToken) -> None:
        """Put an entry in the place of the one of the same key.

        Raises:
            TokenIndexError: the entry is not of its form, or the file cannot be used or written.
        """
        _demand_lasting(entry)
        with self._kept_to_oneself():
            self._write([*(one for one in self._read() if one.key != entry.key), entry])

    def remove(self, entry: StoredToken) -> bool:
        """Take out the entry of that key; False where there is none.

        Raises:
            TokenIndexError: the file cannot be used or written.
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
            raise TokenIndexError(self._told(error)) from None

    def _write(self, entries: Iterable[StoredToken]) -> None:
        listed = [_raw(entry) for entry in sorted(entries, key=lambda one: one.key)]
        text = json.dumps({"version": FORMAT, "tokens": listed}, indent=2)
        PrivateFile(self.path).write(f"{text}\n")

    def _read(self) -> tuple[StoredToken, ...]:
        try:
            with opened(self.path, os.O_RDONLY) as handle:
                data = json.loads(read_whole(handle, LARGEST))
        except ABSENT:
            return ()
        except (OSError, UnsafeFileError) as error:
            raise TokenIndexError(self._told(error)) from None
        except (ValueError, RecursionError):
            raise TokenIndexError(self._told("it is damaged")) from None
        version = data.get("version") if isinstance(data, dict) else None
        if type(version) is int and version != FORMAT:
            raise TokenIndexError(self._told("another version of hardenme wrote it"))
        try:
            return _entries(data)
        except ValueError:
            raise TokenIndexError(self._told("it is damaged")) from None

    def _told(self, error: Exception | str) -> str:
        why = error.strerror if isinstance(error, OSError) else str(error)
        return (
            f"the list of stored tokens ({self.path}) is not used: {why}; put that right, or move"
            " it away and store them again with `hardenme auth login`"
        )


def _entries(data: Any) -> tuple[StoredToken, ...]:
    """The entries of a file's content.

    Raises:
        ValueError: it is not what `add` writes.
    """
    listed = data.get("tokens") if isinstance(data, dict) else None
    if not isinstance(listed, list) or len(listed) > MOST or data.keys() != {"version", "tokens"}:
        raise ValueError("not a list of tokens")
    if type(data["version"]) is not int:
        raise ValueError("no version")
    found = tuple(_entry(raw) for raw in listed)
    if len({entry.key for entry in found}) != len(found):
        raise ValueError("two of the same key")
    return found


def _demand_lasting(entry: StoredToken) -> None:
    """See to it that an entry will be read as it is written."""
    try:
        lasting = _entry(_raw(entry)) == entry
    except ValueError:
        lasting = False
    if not lasting:
        raise TokenIndexError("a token is listed with a base address and a plain login")


def _raw(entry: StoredToken) -> dict[str, Any]:
    until = entry.expires_at
    return {
        "provider": entry.provider,
        "base": entry.base,
        "login": entry.login,
        "owner": entry.owner,
        "kind": entry.kind,
        "stored_at": entry.stored_at.astimezone(UTC).isoformat(),
        "expires_at": None if until is None else until.astimezone(UTC).isoformat(),
    }


def _entry(raw: Any) -> StoredToken:
    """An entry as it was written.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(raw, dict) or raw.keys() != FIELDS:
        raise ValueError("other fields")
    texts = {name: value for name, value in raw.items() if name != "expires_at"}
    if not all(isinstance(value, str) for value in texts.values()):
        raise ValueError("not a text")
    if not (
        raw["provider"] in PROVIDERS
        and base_url(raw["base"]) == raw["base"]
        and WORD.fullmatch(raw["login"])
        and (not raw["owner"] or WORD.fullmatch(raw["owner"]))
        and raw["owner"] == raw["owner"].lower()
        and KIND.fullmatch(raw["kind"])
    ):
        raise ValueError("not of its form")
    until = None if raw["expires_at"] is None else _moment(raw["expires_at"])
    return StoredToken(**{**texts, "stored_at": _moment(raw["stored_at"]), "expires_at": until})


def _moment(text: Any) -> datetime:
    found = datetime.fromisoformat(text if isinstance(text, str) else "")
    if found.tzinfo is None:
        raise ValueError("a moment without its place")
    return found.astimezone(UTC)
