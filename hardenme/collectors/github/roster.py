"""The members of an organization by GraphQL: a hundred a query, counted to the last."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hardenme.collectors.github.asking import unanswered
from hardenme.collectors.github.client import GitHub, Graph
from hardenme.collectors.github.connection import FIRST, PagedConnection, countable
from hardenme.collectors.github.role import account_role
from hardenme.collectors.github.shrinking import HalvedSize, answered
from hardenme.collectors.price import Per, Price
from hardenme.collectors.reading import Item
from hardenme.facts.github.people import MEMBERS
from hardenme.model.evidence import Atom
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown

LARGEST = 100
SMALLEST = 10
"""Members a query; a query that GitHub cannot answer in its ten seconds asks for half of them."""
ROSTER = Price(
    Per.MEMBERS,
    "graphql",
    page=LARGEST,
    looks_back=FIRST,
    once="members of {owner}",
    endpoint="POST /graphql organization.membersWithRole",
)
DOCUMENT = """query OrganizationMembers($login: String!, $first: Int!, $after: String) {
  organization(login: $login) {
    id
    membersWithRole(first: $first, after: $after) {
      totalCount pageInfo { hasNextPage endCursor }
      edges { role hasTwoFactorEnabled node { login databaseId } }
    }
  }
}
"""


@dataclass(frozen=True, slots=True)
class ListedMember:
    """A member as the list shows it: the login, and the raw edge."""

    login: str
    edge: Item


@dataclass(slots=True)
class Roster:
    """The members of an organization.

    Attributes:
        organization: its object in the last answer.
        entries: those that came.
        missing: why it is incomplete; None if it is.
        evidence: the answers that it was read from.
    """

    organization: Item = field(default_factory=lambda: Item(None, ""))
    entries: list[ListedMember] = field(default_factory=list)
    missing: Unknown | None = None
    evidence: tuple[Atom, ...] = ()

    @property
    def node_id(self) -> str | None:
        """The organization's id in GraphQL; None if it did not come."""
        found: Any = self.organization.text("id")
        return found if isinstance(found, str) else None


def roster(github: GitHub, organization: Subject) -> Roster:
    """The members of an organization; asked once a run."""
    found: Roster = github.memo.get(
        ("roster", organization), lambda: _Reading(github, organization).read()
    )
    return found


class _Reading:
    """Reads the members page by page."""

    def __init__(self, github: GitHub, organization: Subject) -> None:
        self.github = github
        self.organization = organization
        self.found = Roster()
        self.pages = PagedConnection("member", "members")
        self.size = HalvedSize(LARGEST, SMALLEST)

    def read(self) -> Roster:
        """All pages; the list of an account that may be shown only a part is incomplete."""
        place = account_role(self.github, self.organization)
        for graph, page in self.pages.pages(self._next, self._refused):
            for raw in page["edges"]:
                edge = Item(raw, "POST /graphql")
                login = _login(edge)
                if self.pages.add(login, graph) and isinstance(login, str):
                    self.found.entries.append(ListedMember(login, edge))
        self.pages.look_back(self._first, lambda edge: _login(Item(edge, "")))
        of = f" members of {self.organization.name}"
        self.found.evidence = (*self.pages.evidence(of), *place.evidence)
        self.found.missing = self.pages.missing
        if not place.inside:
            self.found.missing = self.found.missing or place.lacks(MEMBERS)
        return self.found

    def _ask(self, size: int, after: str | None, *, again: bool = True) -> Graph:
        variables = {"login": self.organization.name, "first": size, "after": after}
        return self.github.graphql(DOCUMENT, variables, again=again)

    def _first(self, size: int) -> tuple[Graph, Any]:
        graph = self._ask(size, None)
        return graph, _page_of(Item((graph.data or {}).get("organization"), ""))

    def _next(self, after: str | None) -> tuple[Graph, Any]:
        graph = answered(self.size, lambda size: self._ask(size, after, again=size <= SMALLEST))
        self.found.organization = Item((graph.data or {}).get("organization"), "")
        return graph, _page_of(self.found.organization)

    def _refused(self, graph: Graph) -> Unknown:
        return unanswered(self.github, graph, MEMBERS)


def _login(edge: Item) -> str | Unknown:
    return edge.item("node").text("login")


def _page_of(organization: Item) -> dict[str, Any] | None:
    return countable(organization.data.get("membersWithRole"), of="edges")
