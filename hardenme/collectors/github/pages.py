"""The pages of a list, and whether they are all of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from hardenme.collectors.pagination_check import CHANGED, Shown, shifted
from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.collectors.transport.session import Session
from hardenme.model.evidence import Atom
from hardenme.model.unknown import Reason, Unknown

MOST_PAGES = 1000
PER_PAGE = 100
LINK = re.compile(r'<([^<>]*)>;\s*rel="(next|last)"')
PAGE = re.compile(r"[?&]page=(\d+)")


@dataclass(frozen=True, slots=True)
class Listing:
    """The pages of a list.

    Attributes:
        items: the raw items that came.
        evidence: one atom that counts the pages.
        missing: why the list is incomplete; None if it is.
        responses: the answers, in order.
    """

    items: tuple[Any, ...]
    evidence: tuple[Atom, ...]
    missing: Unknown | None
    responses: tuple[Response, ...] = ()


def read_pages(  # noqa: PLR0913 (a list is read by this much)
    session: Session,
    path: str,
    *,
    counted: bool,
    pick: Callable[[Any], Any] | None = None,
    look_back: bool = True,
    fixed_after: Callable[[Any], bool] | None = None,
    store: bool = True,
    slim: Callable[[bytes], bytes] | None = None,
) -> Listing:
    """Read all pages of a list; what is wrong with it is recorded in `missing`.

    Args:
        session: who asks.
        counted: whether GitHub wraps the list with its count, as its endpoint says. A bare one is
            not what was asked for then.
        pick: the part of each item to keep, in place of the item and of the answers' bodies; None
            to keep everything.
        look_back: whether to take that second look. Who reads single items out of a list, and
            nothing from what is not in it, can do without.
        fixed_after: whether nothing can be added to the list any more after an item; it gets None
            for the beginning of the list. A page after such an item gets no second look. Only for
            a list with its count.
        store: whether the answers may be kept for the next run.
        slim: reduces an answer's body before it is returned and stored.
    """
    joined = "&" if "?" in path else "?"
    pages = _Pages(path, pick, counted=counted, fixed_after=fixed_after)
    url = f"{session.base}{path}{joined}per_page={PER_PAGE}"
    asked: list[str] = []
    try:
        while url and pages.missing is None:
            asked.append(url)
            response = session.get_url(url, store=store, slim=slim)
            url = pages.add(response, response.json() if response.ok else None)

        def again(address: str) -> Shown | None:
            response = session.get_url(address, store=store, slim=slim)
            return _shown(response.json()) if response.ok else None

        if look_back and pages.missing is None and shifted(asked, pages.shown, again, pages.fixed):
            pages.lost(CHANGED)
    except NoAnswerError as error:
        pages.missing = error.unknown
    return pages.listing()


class _Pages:
    """Counts the pages of a list while they come."""

    def __init__(
        self,
        path: str,
        pick: Callable[[Any], Any] | None,
        *,
        counted: bool,
        fixed_after: Callable[[Any], bool] | None = None,
    ) -> None:
        self.path = path
        self.counted = counted
        self.fixed_after = fixed_after if counted else None
        self.fixed: set[int] = set()
        self.last: Any = None
        self.pick = pick
        self.items: list[Any] = []
        self.responses: list[Response] = []
        self.missing: Unknown | None = None
        self.expected = 1
        self.total: int | None = None
        self.seen: set[str] = set()
        self.shown: list[Shown] = []

    def add(self, response: Response, page: Any) -> str:
        """Take a page; returns the address of the next one, empty after the last."""
        lean = self.pick is not None and response.ok
        self.responses.append(replace(response, body=b"") if lean else response)
        if not response.ok:
            return ""
        bare = isinstance(page, list) and not self.counted
        found = page if bare else wrapped(page)
        if found is None or (len(self.responses) > 1 and not found):
            self.lost("no list" if found is None else "an empty page")
            return ""
        if self.fixed_after is not None and self.fixed_after(self.last):
            self.fixed.add(len(self.responses) - 1)
        self.last = found[-1] if found else None
        self.items += map(self.pick, found) if self.pick else found
        shown = _shown(page)
        self.total = shown.total
        self.shown.append(shown)
        links = {rel: target for target, rel in LINK.findall(response.headers.get("link", ""))}
        if "last" in links and (number := PAGE.search(links["last"])):
            self.expected = int(number[1])
        following = str(links.get("next", ""))
        if following and (following in self.seen or len(self.responses) >= MOST_PAGES):
            self.lost("pages without end")
        self.seen.add(following or response.url)
        return following

    def listing(self) -> Listing:
        """What came, and whether it is complete."""
        read = sum(1 for response in self.responses if response.ok)
        if self.missing is None and 0 < read < self.expected:
            self.lost(f"{read} of {self.expected} pages")
        if self.missing is None and self.total not in {None, len(self.items)}:
            self.lost(f"{len(self.items)} of {self.total} items")
        names = [name for page in self.shown for name in page.names]
        if self.missing is None and len(set(names)) < len(names):
            # What comes twice has moved on from one page to the next, and something else may have
            # moved the other way.
            self.lost("an item came twice")
        evidence: tuple[Atom, ...] = ()
        if self.responses:
            last = self.responses[-1]
            expected = max(self.expected, len(self.responses))
            atom = Atom(
                f"GET {self.path}", last.status, last.observed_at, read, expected, last.cached
            )
            evidence = (atom,)
        return Listing(tuple(self.items), evidence, self.missing, tuple(self.responses))

    def lost(self, seen: str) -> None:
        """Note that something did not come."""
        self.missing = Unknown(
            Reason.INCOMPLETE,
            f"every page of GET {self.path} must arrive; run again",
            seen=seen,
            evidence=(self.responses[-1].atom,),
        )


def _name(item: Any) -> str:
    """What distinguishes an item from the others of its list."""
    if isinstance(item, dict):
        for name in ("id", "credential_id", "node_id", "login", "name"):
            if isinstance(item.get(name), str | int):
                return f"{name} {item[name]}"
    return json.dumps(item, sort_keys=True)


def _shown(page: Any) -> Shown:
    """What a page shows of its list, bare or wrapped with its total."""
    bare = isinstance(page, list)
    found = page if bare else wrapped(page)
    return Shown(None if bare or found is None else page["total_count"], _names(found or ()))


def _names(items: Iterable[Any]) -> tuple[str, ...]:
    return tuple(map(_name, items))


def wrapped(page: Any) -> list[Any] | None:
    """The list of an answer that wraps it with `total_count`; None for any other answer."""
    if not isinstance(page, dict) or type(page.get("total_count")) is not int:
        return None
    lists = [value for value in page.values() if isinstance(value, list)]
    return lists[0] if len(lists) == 1 else None
