"""The folder of a fleet's results: for each organization its facts, and a receipt written last.

A receipt is made once and never replaced, so it is the only sign that something was read. Facts are
named by their digest. Without a receipt that names it, a file of facts does not count. What no
receipt says is not known, whatever a scheduler reports.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import tempfile
import time
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from hardenme.codec.text import line, parsed
from hardenme.codec.typed import Codec
from hardenme.codec.version import versioned
from hardenme.ground.errors import ContentError, OtherVersionError, OutputError, StoredError
from hardenme.ground.files import create_once

HEAD = "hardenme_fleet_receipt"
"""The key of the version."""
VERSION = 1
"""Of a receipt's form; a reader takes no other."""
ATTEMPTS = 99
"""How often an organization may be read for one plan."""
LARGEST_RECEIPT = 64 * 1024
LARGEST_FACTS = 16 * 1024**3
"""Bytes of facts, uncompressed: some 800,000 repositories."""
PIECE = 1 << 20
DIGEST = re.compile(r"[0-9a-f]{64}")
LOOK = 5.0
"""Seconds between two looks at what is there."""
LEVEL = 6
"""Of gzip."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one attempt at an organization came to.

    Attributes:
        plan: the ID of the plan.
        shard: the index of the shard.
        number: the organization's ID.
        login: its name.
        attempt: from 1 on.
        sha256: of the facts, uncompressed.
        size: of the same, in bytes.
        version: of hardenme.
        reader: the account or the kind of credential that read it; never the credential.
        observed: when the newest answer came, by GitHub's clock; None if none came.
        requests: how many were sent.
        partial: why not everything was read; empty if it was.
    """

    plan: str
    shard: int
    number: str
    login: str
    attempt: int
    sha256: str
    size: int
    version: str
    reader: str
    observed: datetime | None
    requests: int
    partial: str


FORM = Codec()


class ResultFolder:
    """The results of one plan.

    Args:
        folder: where they are.
        plan: the ID of the plan.
    """

    def __init__(self, folder: Path, plan: str) -> None:
        self._folder = folder
        self._place = folder / plan[:16]
        self._plan = plan

    def best(self, number: str) -> Receipt | None:
        """The receipt that counts: the first whole one, else the last; None if there is none.

        Names are looked for and never listed, so a slow or incomplete list hides nothing.

        Raises:
            StoredError: one is damaged, or is about something else.
        """
        found = None
        for attempt in range(1, ATTEMPTS + 1):
            receipt = self._receipt(number, attempt)
            if receipt is None:
                break
            found = receipt
            if not receipt.partial:
                break
        return found

    def wait(
        self, numbers: Iterable[str], seconds: float, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        """Wait until each organization was read as a whole or has a damaged receipt.

        Args:
            numbers: their IDs.
            seconds: the most that it takes.
            sleep: how to pause.
        """
        missing, left = list(numbers), seconds
        while (missing := [one for one in missing if self._is_missing(one)]) and left > 0:
            pause = min(LOOK, left)
            sleep(pause)
            left -= pause

    def _is_missing(self, number: str) -> bool:
        """Whether it may still be read as a whole."""
        try:
            receipt = self.best(number)
        except StoredError:
            return False
        return receipt is None or bool(receipt.partial)

    def _receipt(self, number: str, attempt: int) -> Receipt | None:
        path = self._path(number, attempt)
        try:
            with path.open("rb") as file:
                raw = file.read(LARGEST_RECEIPT + 1)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise StoredError(f"{path} cannot be read: {error.strerror}") from None
        try:
            receipt = _read(raw)
        except OtherVersionError as error:
            raise StoredError(f"{path} is of another version: {error}") from None
        except ContentError as error:
            raise StoredError(f"{path} is not a receipt: it {error}") from None
        if receipt.plan != self._plan:
            raise StoredError(f"{path} is of another plan")
        if (receipt.number, receipt.attempt) != (number, attempt):
            raise StoredError(f"{path} is about another organization or attempt")
        if not DIGEST.fullmatch(receipt.sha256) or not 0 < receipt.size <= LARGEST_FACTS:
            raise StoredError(f"{path} has no digest and size of facts")
        return receipt

    def put(self, receipt: Receipt, facts: Path) -> bool:
        """Keep facts, and then their receipt; returns whether this receipt is the first one.

        Args:
            facts: the file, uncompressed, with the digest and the size of the receipt.

        Raises:
            OutputError: they cannot be written.
        """
        target = self._path(receipt.number, receipt.attempt)
        text = line({HEAD: VERSION, "receipt": FORM.write(receipt)}) + "\n"
        try:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._compress(facts, self._facts(receipt))
            return create_once(target, text.encode("ascii"))
        except OSError as error:
            raise OutputError(f"{target} cannot be written: {error.strerror}") from None

    def facts(self, receipt: Receipt, target: IO[bytes]) -> None:
        """Copy the facts of a receipt, uncompressed, and check that they are what it names.

        Raises:
            StoredError: they are not, or cannot be read.
        """
        path = self._facts(receipt)
        digest, size = hashlib.sha256(), 0
        try:
            with gzip.open(path, "rb") as file:
                while piece := file.read(PIECE):
                    size += len(piece)
                    if size > receipt.size:
                        raise StoredError(f"{path} holds more than its receipt names")
                    digest.update(piece)
                    target.write(piece)
        except (OSError, EOFError, zlib.error) as error:
            why = getattr(error, "strerror", None) or "it is damaged"
            raise StoredError(f"{path} cannot be read: {why}") from None
        if (digest.hexdigest(), size) != (receipt.sha256, receipt.size):
            raise StoredError(f"{path} is not what its receipt names")

    def _path(self, number: str, attempt: int) -> Path:
        return self._place / number / f"{attempt:02}.receipt.json"

    def _facts(self, receipt: Receipt) -> Path:
        return self._place / receipt.number / f"{receipt.sha256[:16]}.facts.jsonl.gz"

    @staticmethod
    def _compress(facts: Path, target: Path) -> None:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".facts.")
        try:
            with (
                facts.open("rb") as source,
                os.fdopen(handle, "wb") as raw,
                gzip.GzipFile("", "wb", LEVEL, raw, mtime=0) as file,
            ):
                while piece := source.read(PIECE):
                    file.write(piece)
            Path(name).replace(target)
        finally:
            Path(name).unlink(missing_ok=True)


def _read(raw: bytes) -> Receipt:
    if len(raw) > LARGEST_RECEIPT:
        raise ContentError(f"is larger than {LARGEST_RECEIPT} bytes")
    told = versioned(parsed(raw), VERSION, HEAD)
    return FORM.read(Receipt, told.get("receipt"))


def digest_of(path: Path) -> tuple[str, int]:
    """The SHA-256 and the size of a file."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
            size += len(piece)
    return digest.hexdigest(), size
