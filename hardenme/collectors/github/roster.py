"""The members of an organization by GraphQL: a hundred a query, counted to the last."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hardenme.collectors.github.batch.query import TIMED_OUT, too_much
from hardenme.collectors.github.client import GitHub, Graph
from hardenme.collectors.github.refusal import refusal, wanted
from hardenme.collectors.github.standing import standing
from hardenme.collectors.price import Per, Price
from hardenme.collectors.reading import Item
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.facts.github.people import MEMBERS
from hardenme.model.evidence import Atom
from hardenme.model.permission import Requirement
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

LARGEST = 100
SMALLEST = 10
"""Members a query; a query that GitHub cannot answer in its ten seconds asks for half of them."""
MOST_PAGES = 10_000
ROSTER = Price(
    Per.MEMBERS,
    "graphql",
    page=LARGEST,
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
class Entry:
    """A member as the list shows it: the login, and the raw edge."""

    login: str
    edge: Item

    @property
    def number(self) -> int:
        """The account's number, or the unknown in its place."""
        return self.edge.item("node").number("databaseId")


@dataclass(slots=True)
class Roster:
    """The members of an organization.

    Attributes:
        node_id: the organization's id in GraphQL; None where it did not come.
        entries: those that came.
        missing: why it is not whole; None where it is.
        evidence: the answers that it was read from.
    """

    node_id: str | None = None
    entries: list[Entry] = field(default_factory=list)
    missing: Unknown | None = None
    evidence: tuple[Atom, ...] = ()


def roster(github: GitHub, organization: Subject) -> Roster:
    """The members of an organization; asked once a run."""
    found: Roster = github.memo.get(
        ("roster", organization), lambda: _Reading(github, organization).read()
    )
    return found


def refused(github: GitHub, graph: Graph, requirement: Requirement) -> Unknown:
    """Why GraphQL gave nothing of an organization."""
    if not graph.response.ok:
        return refusal(graph.response, requirement, github.kind)
    if (policy := graph.barred()) is not None:
        return policy
    kinds = {str(error.get("type")) for error in graph.errors}
    evidence = (graph.response.atom,)
    if kinds & {"FORBIDDEN", "INSUFFICIENT_SCOPES"}:
        return Unknown(
            Reason.NOT_PERMITTED,
            wanted(requirement, github.kind),
            "GraphQL refused it",
            evidence,
        )
    if "NOT_FOUND" in kinds:
        return Unknown(
            Reason.NOT_VISIBLE, "the right name, and a token that sees it", "not found", evidence
        )
    return Unknown(Reason.MALFORMED, "a GraphQL answer that is understood", "", evidence)


class _Reading:
    """Counts the pages of members while they come."""

    def __init__(self, github: GitHub, organization: Subject) -> None:
        self.github = github
        self.organization = organization
        self.found = Roster()
        self.names: set[str] = set()
        self.size = LARGEST
        self.after: str | None = None
        self.over = False
        self.total: int | None = None
        self.atoms: list[Atom] = []

    def read(self) -> Roster:
        """All pages; the list of somebody who may be shown only a part is not whole."""
        place = standing(self.github, self.organization)
        # A list that changes on the way is read on, for the sake of those that still come.
        while not self.over:
            self._page()
        if not place.inside:
            self.found.missing = self.found.missing or place.lacks(MEMBERS)
        self.found.evidence = (*self._pages(), *place.evidence)
        return self.found

    def _page(self) -> None:
        size = self.size
        variables = {"login": self.organization.name, "first": size, "after": self.after}
        try:
            graph = self.github.graphql(DOCUMENT, variables, again=size <= SMALLEST)
        except NoAnswerError as error:
            if error.unknown.reason in TIMED_OUT and self._shrunk():
                return
            self._end(error.unknown)
            return
        if too_much(graph) and self._shrunk():
            return
        self.atoms.append(graph.response.atom)
        organization = (graph.data or {}).get("organization")
        if not isinstance(organization, dict):
            self._end(refused(self.github, graph, MEMBERS))
            return
        node_id, page = organization.get("id"), _page_of(organization)
        self.found.node_id = node_id if isinstance(node_id, str) else None
        if page is None:
            self._end(refused(self.github, graph, MEMBERS))
            return
        before = len(self.names)
        for edge in page["edges"]:
            self._add(Item(edge, "POST /graphql"), graph)
        self._turn(page, graph, again=len(self.names) == before)

    def _end(self, why: Unknown) -> None:
        """No further page is asked for."""
        self.found.missing = why
        self.over = True

    def _shrunk(self) -> bool:
        self.size = max(SMALLEST, self.size // 2) if self.size > SMALLEST else 0
        return self.size > 0

    def _add(self, edge: Item, graph: Graph) -> None:
        login: Any = edge.item("node").text("login")
        if not isinstance(login, str):
            self._lost(graph, "a member without a name")
        elif login.lower() in self.names:
            self._lost(graph, "a member came twice")
        else:
            self.names.add(login.lower())
            self.found.entries.append(Entry(login, edge))

    def _turn(self, page: dict[str, Any], graph: Graph, *, again: bool) -> None:
        """Go on to the next page, or find that there is none.

        Args:
            page: the connection.
            graph: what it came in.
            again: whether it held nothing that had not come before.
        """
        info, total = page["pageInfo"], page["totalCount"]
        if self.total not in {None, total}:
            self._lost(graph, "the list changed while it was read")
        self.total = total
        following = info.get("endCursor")
        if info.get("hasNextPage") is True:
            endless = again or following == self.after or len(self.atoms) >= MOST_PAGES
            if not isinstance(following, str) or endless:
                self.over = True
                self._lost(graph, "pages without end")
            self.after = following
            return
        self.over = True
        if info.get("hasNextPage") is None or len(self.found.entries) != total:
            self._lost(graph, f"{len(self.found.entries)} of {total} members")

    def _lost(self, graph: Graph, seen: str) -> None:
        self.found.missing = self.found.missing or Unknown(
            Reason.INCOMPLETE,
            "every member must be listed; run again",
            seen,
            (graph.response.atom,),
        )

    def _pages(self) -> tuple[Atom, ...]:
        if not self.atoms:
            return ()
        last, count = self.atoms[-1], len(self.atoms)
        of = count if self.found.missing is None else None
        name = f"{last.endpoint} members of {self.organization.name}"
        return (Atom(name, last.status, last.observed_at, count, of),)


def _page_of(organization: dict[str, Any]) -> dict[str, Any] | None:
    page = organization.get("membersWithRole")
    understood = (
        isinstance(page, dict)
        and isinstance(page.get("edges"), list)
        and isinstance(page.get("pageInfo"), dict)
        and isinstance(page.get("totalCount"), int)
    )
    return page if understood else None
