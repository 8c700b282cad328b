"""The items of a long list that is read, compressed until they are looked at."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar, overload

from hardenme.codec.text import parsed

T_co = TypeVar("T_co", covariant=True)
BLOCK = 256
"""Items that are packed together."""


class Packed(Sequence[T_co]):
    """A list whose items are made anew each time that it is gone through.

    Their texts are kept in blocks: names and addresses repeat over and over in them.

    Args:
        make: an item from plain values of JSON.
    """

    def __init__(self, make: Callable[[Any], T_co]) -> None:
        self.make = make
        self._blocks: list[bytes] = []
        self._open: list[str] = []
        self._length = 0

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
        """The items as plain values from a block on, a block at a time."""
        for block in self._blocks[first:]:
            yield parsed(zlib.decompress(block).decode("utf-8", "surrogatepass"))
        yield parsed(f"[{','.join(self._open)}]")

    def __iter__(self) -> Iterator[T_co]:
        for block in self.blocks():
            yield from map(self.make, block)

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> T_co: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T_co]: ...
    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return tuple(self)[index]
        place = range(len(self))[index]
        return self.make(next(self.blocks(place // BLOCK))[place % BLOCK])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(self._length)
