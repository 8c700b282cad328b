"""Messages that have yet to be sent: a file each, until every target has accepted it.

A message is written before it is sent, so that a run that is killed loses none. Its destinations
are kept as salted digests: an address is a secret, and is in no file of ours.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from hardenme.codec.layout import Layout
from hardenme.codec.text import parsed, spaced
from hardenme.codec.typed import Codec
from hardenme.codec.version import versioned
from hardenme.ground.errors import ContentError, OutputError, UnsafeFileError
from hardenme.ground.files import PrivateFile
from hardenme.ground.private import held, opened, read_whole
from hardenme.model.message import Message
from hardenme.model.secret import holds_secret

FORMAT = 1
MOST = 100
"""Messages that wait; of more, the oldest goes."""
LARGEST = 1024 * 1024
"""Bytes of a file; a larger one is none of ours."""
SUFFIX, ASIDE = ".json", ".unreadable"
LOCK = "lock"


@dataclass(slots=True)
class Waiting:
    """A message that some targets have yet to accept.

    Attributes:
        message: what is sent.
        made: when, in UTC.
        salt: what the marks are made with.
        marks: the targets that have yet to accept it.
        path: its file; None if it could not be written.
    """

    message: Message
    made: datetime
    salt: str
    marks: set[str]
    path: Path | None = None


class Spool:
    """The messages that wait in a folder.

    Attributes:
        problems: sentences on what could not be read or kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[str] = []

    @contextmanager
    def held(self) -> Iterator[bool]:
        """Keep other runs away; whether that came about. One that is under way sends first."""
        with ExitStack() as stack:
            mine = False
            try:
                self._make()
                file = opened(self.folder / LOCK, os.O_CREAT | os.O_RDWR)
                stack.enter_context(held(stack.enter_context(file)))
                mine = True
            except UnsafeFileError as error:
                self.problems.append(f"waiting messages are left for the next run: {error}")
            except OSError as error:
                self.problems.append(f"no message can wait in {self.folder}: {error.strerror}")
            yield mine

    def load(self) -> list[Waiting]:
        """The waiting messages, the oldest first. Any other file is moved away and reported."""
        found: list[Waiting] = []
        try:
            paths = sorted(self.folder.glob(f"*{SUFFIX}"))
        except OSError:
            return found
        for path in paths:
            try:
                with opened(path, os.O_RDONLY) as handle:
                    found.append(_as_waiting(read_whole(handle, LARGEST), path))
            except (UnsafeFileError, OSError, ContentError):
                self._set_aside(path)
        return found

    def add(self, message: Message, made: datetime) -> Waiting:
        """A message with a salt of its own; `keep` writes it."""
        return Waiting(message, made.astimezone(UTC), secrets.token_hex(16), set())

    def keep(self, waiting: Waiting) -> None:
        """Write a message in its present state, or remove it if every target has accepted it."""
        if not waiting.marks:
            self._remove(waiting)
            return
        path = waiting.path or self.folder / _name(waiting.made)
        text = spaced({"version": FORMAT, **FORM.write(waiting)})
        if holds_secret(text.encode()):
            self.problems.append("a message that holds a secret was not kept")
            return
        try:
            self._make()
            PrivateFile(path).write(text)
        except (OSError, OutputError) as error:
            self.problems.append(f"a message cannot wait for the next run: {error}")
            return
        waiting.path = path

    def _remove(self, waiting: Waiting) -> None:
        if waiting.path is None:
            return
        try:
            waiting.path.unlink(missing_ok=True)
        except OSError as error:
            why = f"{waiting.path} was sent and cannot be removed: {error.strerror}"
            self.problems.append(f"{why}; the next run sends it again")

    def trim(self, messages: list[Waiting]) -> list[Waiting]:
        """The newest of the messages, up to the limit; the others are dropped."""
        dropped, kept = messages[:-MOST], messages[-MOST:]
        for old in dropped:
            old.marks.clear()
            self.keep(old)
        if dropped:
            self.problems.append(f"{len(dropped)} old messages were dropped: {MOST} can wait")
        return kept

    def _make(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = self.folder.lstat()
        if not stat.S_ISDIR(status.st_mode):
            raise UnsafeFileError(f"{self.folder} is not a folder")
        if hasattr(os, "getuid") and status.st_mode & 0o077:
            self.folder.chmod(0o700)

    def _set_aside(self, path: Path) -> None:
        aside = path.with_suffix(ASIDE)
        try:
            path.replace(aside)
        except OSError:
            aside = path
        self.problems.append(f"{aside} is not a message that can be read, and was not sent")


def _name(made: datetime) -> str:
    return f"{made:%Y%m%dT%H%M%S%fZ}-{secrets.token_hex(4)}{SUFFIX}"


def _as_waiting(data: bytes, path: Path) -> Waiting:
    """The message of a file.

    Raises:
        ContentError: it is none of this version.
    """
    raw = versioned(parsed(data), FORMAT)
    return replace(FORM.read(Waiting, raw), path=path)


FORM = Codec(
    objects=True,
    closed=False,
    records={
        Waiting: Layout(("made", "salt", "marks", "message"), flat="message"),
        Message: Layout(("title", "urgent", "lines")),
    },
)
