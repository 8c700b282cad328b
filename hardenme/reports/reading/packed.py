"""The items of a long list of a stored report, compressed until they are looked at."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from typing import Any

BLOCK = 256
"""Items that are packed together."""


class Packed:
    """The texts of the items of a list: their names and addresses repeat over and over."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self._open: list[str] = []
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def add(self, text: str) -> None:
        """One more, as JSON."""
        self._open.append(text)
        self._length += 1
        if len(self._open) == BLOCK:
            self._blocks.append(self._pack())
            self._open = []

    def _pack(self) -> bytes:
        text = f"[{','.join(self._open)}]"
        return zlib.compress(text.encode("utf-8", "surrogatepass"), 1)

    def blocks(self, first: int = 0) -> Iterator[list[Any]]:
        """All of them from a block on, a block at a time."""
        for block in self._blocks[first:]:
            yield json.loads(zlib.decompress(block).decode("utf-8", "surrogatepass"))
        yield json.loads(f"[{','.join(self._open)}]")
