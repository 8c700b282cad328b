"""Reads the teams of an organization with their maintainers and repositories, twenty a query."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.asking import unanswered
from hardenme.collectors.github.client import GitHub, Graph
from hardenme.collectors.github.connection import FIRST, PagedConnection, countable
from hardenme.collectors.github.people import place_of
from hardenme.collectors.github.role import ROLE_PRICE, account_role
from hardenme.collectors.github.shrinking import HalvedSize, answered
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.facts.github.people import MEMBERS_AS_OWNER
from hardenme.facts.github.teams import MOST, TeamAccess
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

LARGEST, SMALLEST = 20, 2
"""Teams a query; a query that GitHub cannot answer in its ten seconds asks for half of them."""
DOCUMENT = f"""query OrganizationTeams($login: String!, $first: Int!, $after: String) {{
  organization(login: $login) {{
    teams(first: $first, after: $after) {{
      totalCount pageInfo {{ hasNextPage endCursor }}
      nodes {{
        slug databaseId
        members(first: {MOST}, membership: IMMEDIATE, role: MAINTAINER) {{
          totalCount nodes {{ login }}
        }}
        repositories(first: {MOST}) {{
          totalCount edges {{ permission node {{ nameWithOwner }} }}
        }}
      }}
    }}
  }}
}}
"""
TOO_MANY = Unknown(Reason.INCOMPLETE, f"a team with at most {MOST} of them")


class _Reading:
    """Reads the teams page by page."""

    def __init__(self, github: GitHub, organization: Subject) -> None:
        self.github, self.organization = github, organization
        self.pages = PagedConnection("team", "teams")
        self.size = HalvedSize(LARGEST, SMALLEST)

    def answer(self) -> Answer[TeamAccess]:
        """All teams; secret ones are shown to owners alone."""
        place = account_role(self.github, self.organization)
        facts: list[TeamAccess] = []
        for graph, page in self.pages.pages(self._next, self._refused):
            for raw in page["nodes"]:
                team = Item(raw, "POST /graphql")
                slug = team.text("slug")
                if self.pages.add(slug, graph) and isinstance(slug, str):
                    facts.append(self._team(slug, team))
        self.pages.look_back(self._first, lambda node: Item(node, "").text("slug"))
        missing = self.pages.missing
        if missing is None and not place.owner:
            missing = place.lacks(MEMBERS_AS_OWNER)
        evidence = (*self.pages.evidence(f" teams of {self.organization.name}"), *place.evidence)
        return Answer(TeamAccess, self.organization, tuple(facts), evidence, missing)

    def _team(self, slug: str, team: Item) -> TeamAccess:
        fields = read(TeamAccess, team)
        for name, listed in (("maintainers", "members"), ("repositories", "repositories")):
            total = team.item(listed).number("totalCount")
            if isinstance(total, int) and total > MOST:
                fields[name] = TOO_MANY
        place = place_of(self.github, self.organization, "team", slug)
        return TeamAccess(**place, **fields)

    def _ask(self, size: int, after: str | None, *, again: bool = True) -> Graph:
        variables = {"login": self.organization.name, "first": size, "after": after}
        return self.github.graphql(DOCUMENT, variables, again=again)

    def _first(self, size: int) -> tuple[Graph, Any]:
        graph = self._ask(size, None)
        return graph, _page_of(graph)

    def _next(self, after: str | None) -> tuple[Graph, Any]:
        graph = answered(self.size, lambda size: self._ask(size, after, again=size <= SMALLEST))
        return graph, _page_of(graph)

    def _refused(self, graph: Graph) -> Unknown:
        return unanswered(self.github, graph, MEMBERS_AS_OWNER)


def _page_of(graph: Graph) -> dict[str, Any] | None:
    organization = Item((graph.data or {}).get("organization"), "")
    return countable(organization.data.get("teams"))


def teams(github: GitHub, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """The teams, who maintains each, and which repositories it reaches."""
    yield _Reading(github, scope).answer()


ASKS = Price(
    Per.ITEM,
    "graphql",
    page=LARGEST,
    looks_back=FIRST,
    endpoint="POST /graphql organization.teams.repositories",
)
COLLECTORS = (Collector("teams", (TeamAccess,), teams, priced=(ASKS, ROLE_PRICE)),)
