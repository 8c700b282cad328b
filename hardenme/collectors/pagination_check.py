"""Lists that shift while they are read.

If an item is removed from a page that was read, another moves there from an unread page. If
something is added meanwhile, the totals still agree. So all of several pages but the last are read
again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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


def shifted(asked: Sequence[str], pages: Sequence[Shown], ask: Callable[[str], Any]) -> bool:
    """Whether a list of several pages changed while it was read.

    Args:
        asked: the addresses of its pages, in order.
        pages: what each showed.
        ask: from an address to what its page shows on another look; anything else where none came.
    """
    if any(page.total != pages[0].total for page in pages):
        return True
    return any(ask(address) != page for address, page in zip(asked, pages[:-1], strict=False))
