"""Lists in pages, with the `Link` header that leads through them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

DEFAULT_PAGE = 30
LARGEST_PAGE = 100


@dataclass(frozen=True, slots=True)
class PagedAnswer:
    """A list that is answered page by page; an item is formatted only when its page is requested.

    Attributes:
        items: all of them.
        shape: from an item to its JSON.
        key: wraps the page in an object under this key, next to `total_count`.
        headers: more headers of the answer.
    """

    items: Sequence[Any]
    shape: Callable[[Any], Any] = lambda item: item
    key: str | None = None
    headers: Mapping[str, str] | None = None

    def page(self, url: str, query: Mapping[str, str]) -> tuple[Any, dict[str, str]]:
        """The page that the query asks for, and its headers.

        Args:
            url: the address of the list without a query, for the links.
            query: the request's parameters; `per_page` above 100 counts as 100.
        """
        size = min(_number(query.get("per_page"), DEFAULT_PAGE), LARGEST_PAGE)
        number = _number(query.get("page"), 1)
        last = max(1, -(-len(self.items) // size))
        data: Any = [self.shape(item) for item in self.items[(number - 1) * size : number * size]]
        if self.key is not None:
            data = {"total_count": len(self.items), self.key: data}
        targets: dict[str, int] = {}
        if number > 1:
            targets |= {"prev": min(number - 1, last), "first": 1}
        if number < last:
            targets |= {"next": number + 1, "last": last}
        links = [
            f'<{url}?{urlencode({**query, "page": str(page)})}>; rel="{name}"'
            for name, page in targets.items()
        ]
        return data, {**(self.headers or {}), **({"link": ", ".join(links)} if links else {})}


@dataclass(frozen=True, slots=True)
class CursorListing(PagedAnswer):
    """A list whose pages are named by where they start, not by number; it gives no total.

    Attributes:
        parameter: the parameter of the query that names a page.
    """

    parameter: str = "after"

    def page(self, url: str, query: Mapping[str, str]) -> tuple[Any, dict[str, str]]:
        """The page after the cursor that the query names; an unreadable one counts as none."""
        size = min(_number(query.get("per_page"), DEFAULT_PAGE), LARGEST_PAGE)
        start = _place(query.get(self.parameter, ""))
        data = [self.shape(item) for item in self.items[start : start + size]]
        headers = dict(self.headers or {})
        if start + size < len(self.items):
            after = urlencode({**query, self.parameter: f"Y3Vyc29y{start + size}"})
            headers["link"] = f'<{url}?{after}>; rel="next"'
        return data, headers


def _place(cursor: str) -> int:
    return _number(cursor.removeprefix("Y3Vyc29y"), 0)


def _number(text: str | None, default: int) -> int:
    """A positive whole number, or the default: GitHub ignores what it cannot read."""
    return int(text) if text and text.isascii() and text.isdigit() and int(text) else default
