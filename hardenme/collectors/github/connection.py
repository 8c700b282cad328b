"""The pages of a GraphQL connection: which one comes next, and whether they are all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from hardenme.collectors.github.client import Graph
from hardenme.collectors.pagination_check import CHANGED
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.model.evidence import Atom
from hardenme.model.unknown import Reason, Unknown

MOST_PAGES = 10_000
"""Pages of one list; a server that still names a next one loops."""
FIRST = 1
"""Of several pages, the first is asked for a second time."""


def countable(data: Any, *, of: str = "nodes") -> dict[str, Any] | None:
    """A connection that shows what it takes to count it; None if it does not.

    Args:
        data: the value in its place in the answer.
        of: the path of its items.
    """
    understood = (
        isinstance(data, dict)
        and isinstance(data.get(of), list)
        and isinstance(data.get("pageInfo"), dict)
        and type(data.get("totalCount")) is int
    )
    return data if understood else None


def _items(page: dict[str, Any]) -> list[Any]:
    return next((value for value in page.values() if isinstance(value, list)), [])


class PagedConnection:
    """Counts the pages of a connection while they come.

    A list that changes on the way can be read on, for the sake of those that still come.

    Attributes:
        one: what an item is called, for messages.
        many: what several are called.
        after: where the next page starts; None at the start.
        over: there is no further page to ask for.
        total: the total count of the last page; None before the first.
        names: those that came, in lower case.
        missing: why it is incomplete; None so far.
        atoms: the answers.
    """

    def __init__(self, one: str, many: str) -> None:
        self.one = one
        self.many = many
        self.after: str | None = None
        self.over = False
        self.total: int | None = None
        self.names: set[str] = set()
        self.missing: Unknown | None = None
        self.atoms: list[Atom] = []
        self._first: tuple[int, set[str]] | None = None
        self._on_page = 0
        self._before = 0

    def pages(
        self,
        ask: Callable[[str | None], tuple[Graph, dict[str, Any] | None]],
        refused: Callable[[Graph], Unknown],
        enough: Callable[[], bool] = lambda: False,
    ) -> Iterator[tuple[Graph, dict[str, Any]]]:
        """Each page with its answer; who takes its items adds them before the next one.

        Args:
            ask: for the page at a cursor; the connection is None if it cannot be counted.
            refused: why an answer holds no connection.
            enough: whether no further page is of use.
        """
        while not (self.over or enough()):
            try:
                graph, page = ask(self.after)
            except NoAnswerError as error:
                self.end(error.unknown)
                return
            self.atoms.append(graph.response.atom)
            if page is None:
                self.end(refused(graph))
                return
            yield graph, page
            self._turn(page, graph)

    def add(self, name: Any, graph: Graph) -> bool:
        """Take an item by its name; False if it has none, or came before."""
        self._on_page += 1
        if not isinstance(name, str):
            self.lost(graph, f"a {self.one} without a name")
        elif name.lower() in self.names:
            self.lost(graph, f"a {self.one} came twice")
        else:
            self.names.add(name.lower())
            return True
        return False

    def _turn(self, page: dict[str, Any], graph: Graph) -> None:
        """Go on to the next page, once all items of this one were taken, or end."""
        info, total = page["pageInfo"], page["totalCount"]
        if self.total not in {None, total}:
            self.lost(graph, CHANGED)
        self.total = total
        if self._first is None:
            self._first = (total, set(self.names))
        # A page of which everything was refused leads on; one that only repeats, or is empty, not.
        again = len(self.names) == self._before and (self._on_page > 0 or not _items(page))
        self._before, self._on_page = len(self.names), 0
        following = info.get("endCursor")
        if info.get("hasNextPage") is not True:
            self.over = True
            if info.get("hasNextPage") is None or len(self.names) != total:
                self.lost(graph, f"{len(self.names)} of {total} {self.many}")
        elif (
            not isinstance(following, str)
            or following == self.after
            or again
            or len(self.atoms) >= MOST_PAGES
        ):
            self.over = True
            self.lost(graph, "pages without end")
        else:
            self.after = following

    def end(self, why: Unknown) -> None:
        """No further page is asked for."""
        self.missing = why
        self.over = True

    def lost(self, graph: Graph, seen: str) -> None:
        """Note that something did not come."""
        self.missing = (
            self.missing
            or graph.barred()
            or Unknown(
                Reason.INCOMPLETE,
                f"every {self.one} must be listed; run again",
                seen,
                (graph.response.atom,),
            )
        )

    def look_back(
        self, ask: Callable[[int], tuple[Graph, Any]], name: Callable[[Any], Any]
    ) -> None:
        """Look at the first of several pages again, where all came.

        Where one went and another came, the totals agree, and a cursor that is a mere position has
        left someone out.

        Args:
            ask: from the number of items to the answer for the first page, and its connection.
            name: from an item to its name.
        """
        if self.missing is not None or self._first is None or len(self.atoms) < 2:  # noqa: PLR2004
            return
        total, names = self._first
        try:
            graph, page = ask(len(names))
        except NoAnswerError as error:
            self.missing = error.unknown
            return
        found = map(name, _items(page)) if page else ()
        again = {text.lower() for text in found if isinstance(text, str)}
        if page is None or (page["totalCount"], again) != (total, names):
            self.lost(graph, CHANGED)

    def evidence(self, of: str) -> tuple[Atom, ...]:
        """One atom that counts the pages.

        Args:
            of: what is counted, after the address.
        """
        if not self.atoms:
            return ()
        last, count = self.atoms[-1], len(self.atoms)
        whole = count if self.missing is None else None
        return (Atom(f"{last.endpoint}{of}", last.status, last.observed_at, count, whole),)
