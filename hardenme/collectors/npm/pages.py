"""Reads a list that a registry gives page by page, as its endpoint declares it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from hardenme.collectors.npm.asking import endpoint_of, fetch_at
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.pagination_check import CHANGED, Shown, shifted
from hardenme.collectors.reading import Item
from hardenme.collectors.transport.origin import followed
from hardenme.facts.npm.endpoints import NpmEndpoint
from hardenme.model.evidence import Atom
from hardenme.model.fact import Fact
from hardenme.model.unknown import Reason, Unknown

MOST_PAGES = 100


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of a list.

    Attributes:
        items: the raw entries, each with its identity.
        evidence: one atom that counts the pages.
        missing: why the list is incomplete; None if it is.
    """

    items: tuple[Item, ...]
    evidence: tuple[Atom, ...]
    missing: Unknown | None


def pages(npm: Npm, kind: type[Fact]) -> Pages:
    """All pages of the list whose entries are facts of one kind, read once for the run."""
    endpoint = endpoint_of(kind)
    found: Pages = npm.memo.get(endpoint.path, lambda: _Walk(npm, kind, endpoint).pages())
    return found


def lost(endpoint: NpmEndpoint, seen: str, evidence: tuple[Atom, ...] = ()) -> Unknown:
    """Why the list is incomplete."""
    needed = f"every page of GET {endpoint.path} must arrive; run again"
    return Unknown(Reason.INCOMPLETE, needed, seen, evidence)


class _Walk:
    """From the first page to the last; the registry counts them from 0."""

    def __init__(self, npm: Npm, kind: type[Fact], endpoint: NpmEndpoint) -> None:
        self.npm = npm
        self.kind = kind
        self.endpoint = endpoint
        self.items: list[Item] = []
        self.evidence: list[Atom] = []
        self.asked: list[str] = []
        self.shown: list[Shown] = []

    def pages(self) -> Pages:
        """The list, as far as its pages came."""
        path, missing = self.endpoint.at(page=0), None
        while path and missing is None:
            path, missing = self._page(path)
        missing = missing or self._gap()
        named = [*filter(self._named, self.items)]
        if len(named) < len(self.items):
            missing = missing or self._lost(
                f"a {self.kind.noun} without a `{self.endpoint.identity}`"
            )
        if not self.evidence:
            return Pages((), missing.evidence if missing else (), missing)
        last, count = self.evidence[-1], len(self.evidence)
        source, expected = f"GET {self.endpoint.path}", count if missing is None else None
        atom = Atom(source, last.status, last.observed_at, count, expected)
        return Pages(tuple(named), (atom,), missing)

    def _page(self, path: str) -> tuple[str, Unknown | None]:
        """Read a page; returns the address of the next, empty after the last, or why it is lost."""
        self.asked.append(path)
        found = fetch_at(self.npm, self.kind, path)
        if isinstance(found, Unknown):
            return "", found
        response, page = found
        self.evidence.append(response.atom)
        name = self.endpoint.objects
        if not page.lists(name):
            return "", page.odd(name) if name in page else page.absent(name)
        self.items.extend(page.items(name))
        self.shown.append(self._shows(page))
        return self._linked(page) if self.endpoint.following else self._counted(page)

    def _named(self, item: Item) -> bool:
        return isinstance(item.data.get(self.endpoint.identity), str)

    def _shows(self, page: Item) -> Shown:
        names = (str(i.data.get(self.endpoint.identity)) for i in page.items(self.endpoint.objects))
        return Shown(page.data.get(self.endpoint.total), tuple(names))

    def _counted(self, page: Item) -> tuple[str, Unknown | None]:
        """The next page by how many entries there are in all."""
        total: Any = page.number(self.endpoint.total)
        if isinstance(total, Unknown):
            return "", total
        if len(self.items) >= total or not self.shown[-1].names:
            return "", None
        return self._further(self.endpoint.at(page=len(self.asked)))

    def _linked(self, page: Item) -> tuple[str, Unknown | None]:
        """The next page by its link, which is left out after the last; one that leaves is lost.

        Source: npm's client, which continues as long as there is a link.
        """
        outer, _, name = self.endpoint.following.partition("/")
        if page.has_value(outer) and not isinstance(page.data[outer], dict):
            return "", page.odd(outer)
        if not page.has_value(outer) and type(self.shown[-1].total) is not int:
            return "", self._lost("nothing shows whether that is all")
        link = page.item(outer).data.get(name) or ""
        if not link:
            return "", None
        base = self.npm.session.base
        target = followed(self.npm.session.origin, base, str(link))
        if target is None or not target.startswith(base):
            return "", self._lost("the link to the next page leaves the registry")
        parts = urlsplit(target.removeprefix(base))
        return self._further(parts.path + (f"?{parts.query}" if parts.query else ""))

    def _further(self, path: str) -> tuple[str, Unknown | None]:
        if path in self.asked or len(self.asked) >= MOST_PAGES:
            return "", self._lost("pages without end")
        return path, None

    def _gap(self) -> Unknown | None:
        """Why the pages read are not the complete list; None if they are."""
        names = [name for page in self.shown for name in page.names]
        total = self.shown[-1].total
        if len(set(names)) < len(names):
            return self._lost(f"a {self.kind.noun} came twice")
        if total is not None and (type(total) is not int or total != len(names)):
            return self._lost(f"{len(names)} of {total} {self.kind.noun}s")

        def again(path: str) -> Shown | None:
            found = fetch_at(self.npm, self.kind, path, again=True)
            return None if isinstance(found, Unknown) else self._shows(found[1])

        return self._lost(CHANGED) if shifted(self.asked, self.shown, again) else None

    def _lost(self, seen: str) -> Unknown:
        return lost(self.endpoint, seen, tuple(self.evidence))
