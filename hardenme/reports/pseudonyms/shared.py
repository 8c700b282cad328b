"""A long list whose items get their pseudonyms when they are looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar, overload

T = TypeVar("T")


class Pseudonymous(Sequence[T]):
    """The items with pseudonyms, made anew each time that they are gone through."""

    def __init__(self, items: Sequence[T], made: Callable[[T], T]) -> None:
        self._items = items
        self._made = made

    def __iter__(self) -> Iterator[T]:
        return map(self._made, self._items)

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: Any) -> Any:
        found: Any = self._items[index]
        return tuple(map(self._made, found)) if isinstance(index, slice) else self._made(found)
