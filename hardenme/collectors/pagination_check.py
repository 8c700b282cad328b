"""Lists that shift while they are read.

If an item is removed from a page that was read, another moves there from an unread page. If
something is added meanwhile, the totals still agree. So all of several pages but the last are read
again.

A page to which nothing can be added needs no second look. Each removal changes the total, and as
many different items as the total says are the whole list.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

CHANGED = "the list changed while it was read"


class Shown(NamedTuple):
    """What a page shows of its list.

    Attributes:
        total: the total count; None if the answer does not have it.
        names: the identities of its items, in order.
    """

    total: Any
    names: tuple[str, ...]


def shifted(
    asked: Sequence[str],
    pages: Sequence[Shown],
    ask: Callable[[str], Any],
    fixed: Collection[int] = (),
) -> bool:
    """Whether a list of several pages changed while it was read.

    Args:
        asked: the addresses of its pages, in order.
        pages: what each showed.
        ask: from an address to what its page shows on another look; anything else where none came.
        fixed: the places of pages to which nothing can be added. It takes a list with totals.
    """
    if any(page.total != pages[0].total for page in pages):
        return True
    again = [place for place in range(len(pages) - 1) if place not in fixed]
    return any(ask(asked[place]) != pages[place] for place in again)
