"""The results of a fleet: for each organization its facts, and a receipt written last.

A receipt is made once and never replaced, so it is the only sign that something was read. Facts are
named by their digest. Without a receipt that names it, a file of facts does not count. What no
receipt says is not known, whatever a scheduler reports.

In a store that cannot keep a name for the first, the last receipt counts. It names the digest of
its facts, and so do they, so both are of the same reading.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import secrets
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
from hardenme.fleet.storage import Storage
from hardenme.ground.errors import ContentError, OtherVersionError, StoredError

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
OVERWRITING = "last-writer-wins.json"
"""What says that receipts of this plan were not kept from being replaced."""
LAST_WINS = (
    "the last writer wins in the store of the results: of two runs at once, the later receipt"
    " counts, with the facts whose digest it names"
)
"""The same in words."""


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


class StoredResults:
    """The results of one plan.

    Args:
        storage: where they are.
        plan: the ID of the plan.
    """

    def __init__(self, storage: Storage, plan: str) -> None:
        self._storage = storage
        self._place = plan[:16]
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
        except StoredError as error:
            return error.may_pass
        return receipt is None or bool(receipt.partial)

    def _receipt(self, number: str, attempt: int) -> Receipt | None:
        name = self._name(number, attempt)
        raw = self._storage.read(name, LARGEST_RECEIPT + 1)
        if raw is None:
            return None
        shown = self._storage.shown(name)
        try:
            receipt = _read(raw)
        except OtherVersionError as error:
            raise StoredError(f"{shown} is of another version: {error}") from None
        except ContentError as error:
            raise StoredError(f"{shown} is not a receipt: it {error}") from None
        if receipt.plan != self._plan:
            raise StoredError(f"{shown} is of another plan")
        if (receipt.number, receipt.attempt) != (number, attempt):
            raise StoredError(f"{shown} is about another organization or attempt")
        if not DIGEST.fullmatch(receipt.sha256) or not 0 < receipt.size <= LARGEST_FACTS:
            raise StoredError(f"{shown} has no digest and size of facts")
        return receipt

    def put(self, receipt: Receipt, facts: Path) -> bool:
        """Keep facts, and then their receipt; returns whether this receipt is the first one.

        Args:
            facts: the file, uncompressed, with the digest and the size of the receipt.

        Raises:
            OutputError: they cannot be written.
            StoredError: a store does not show what it has.
        """
        text = line({HEAD: VERSION, "receipt": FORM.write(receipt)}) + "\n"
        self._storage.fill(self._facts(receipt), lambda raw: _compress(facts, raw))
        return self._storage.create(
            self._name(receipt.number, receipt.attempt), text.encode("ascii")
        )

    def facts(self, receipt: Receipt, target: IO[bytes]) -> None:
        """Copy the facts of a receipt, uncompressed, and check that they are what it names.

        Raises:
            StoredError: they are not, or cannot be read.
        """
        name = self._facts(receipt)
        shown = self._storage.shown(name)
        digest, size = hashlib.sha256(), 0
        try:
            with self._storage.opened(name) as raw, gzip.GzipFile(fileobj=raw, mode="rb") as file:
                while piece := file.read(PIECE):
                    size += len(piece)
                    if size > receipt.size:
                        raise StoredError(f"{shown} holds more than its receipt names")
                    digest.update(piece)
                    target.write(piece)
        except (OSError, EOFError, zlib.error) as error:
            why = getattr(error, "strerror", None) or "it is damaged"
            raise StoredError(f"{shown} cannot be read: {why}") from None
        if (digest.hexdigest(), size) != (receipt.sha256, receipt.size):
            raise StoredError(f"{shown} is not what its receipt names")

    def note_overwriting(self) -> bool:
        """Keep for readers that the last writer wins here; returns whether this is the first note.

        Raises:
            OutputError: it cannot be written.
            StoredError: a store does not show what it has.
        """
        text = line({"by": secrets.token_hex(8)}) + "\n"
        return self._storage.create(f"{self._place}/{OVERWRITING}", text.encode("ascii"))

    def may_be_overwritten(self) -> bool:
        """Whether a receipt may have taken the place of another one.

        Raises:
            StoredError: a store does not show what it has.
        """
        if not self._storage.creates_once:
            return True
        return self._storage.read(f"{self._place}/{OVERWRITING}", 1) is not None

    def _name(self, number: str, attempt: int) -> str:
        return f"{self._place}/{number}/{attempt:02}.receipt.json"

    def _facts(self, receipt: Receipt) -> str:
        return f"{self._place}/{receipt.number}/{receipt.sha256[:16]}.facts.jsonl.gz"


def _compress(facts: Path, raw: IO[bytes]) -> None:
    with facts.open("rb") as source, gzip.GzipFile("", "wb", LEVEL, raw, mtime=0) as file:
        while piece := source.read(PIECE):
            file.write(piece)


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
