"""Reads how far an organization's rulesets reach, by GraphQL, fifty default branches a query.

The list of an organization's rulesets is shown only to who may change them. Which of them bind a
branch, and from where they come, everyone sees who sees the repository.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.asking import place, unanswered
from hardenme.collectors.github.batch.part import emptiness
from hardenme.collectors.github.client import GitHub, Graph
from hardenme.collectors.github.connection import FIRST, PagedConnection, countable
from hardenme.collectors.github.shrinking import HalvedSize, answered
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.facts.github.organization import OrganizationRulesetReach
from hardenme.facts.github.ruleset import ABOVE
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown

LARGEST = 50
SMALLEST = 5
"""Repositories a query; one that GitHub cannot answer in its ten seconds asks for half of them."""
SOURCES = ABOVE | {"Repository"}
DOCUMENT = """query RulesetReach($login: String!, $first: Int!, $after: String) {
  organization(login: $login) {
    repositories(
      first: $first, after: $after, isArchived: false, ownerAffiliations: [OWNER],
      orderBy: {field: NAME, direction: ASC}
    ) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes {
        nameWithOwner isEmpty
        defaultBranchRef {
          name
          rules(first: 100) {
            totalCount
            nodes { repositoryRuleset { source { __typename } } }
          }
        }
      }
    }
  }
}
"""


def reach(github: GitHub, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """Default branches, until one is found that is not bound."""
    reading = _Reading(github, scope)
    reading.read()
    missing = reading.pages.missing
    evidence = reading.pages.evidence(f" rules of {scope.name}")
    if missing is not None and not reading.unbound:
        atoms = evidence or missing.evidence
        yield Answer(OrganizationRulesetReach, scope, (), atoms, missing)
        return
    fact = OrganizationRulesetReach(
        **place(github, scope),
        branches=reading.branches,
        unbound=tuple(reading.unbound),
    )
    yield Answer(OrganizationRulesetReach, scope, (fact,), evidence)


def bound(branch: Item) -> Any:
    """Whether a ruleset from above the repository binds a branch; an unknown if it is not shown.

    One that does is enough, whatever else there is.
    """
    rules = branch.item("rules")
    kinds: list[Any] = [
        rule.item("repositoryRuleset").item("source").choice("__typename", *SOURCES)
        for rule in rules.items("nodes")
    ]
    if not ABOVE.isdisjoint(kind for kind in kinds if isinstance(kind, str)):
        return True
    total: Any = rules.number("totalCount")
    unclear = [kind for kind in (total, *kinds) if isinstance(kind, Unknown)]
    if unclear:
        return unclear[0]
    return False if total == len(kinds) else rules.odd("totalCount")


class _Reading:
    """Reads the repositories page by page.

    Attributes:
        branches: the default branches that came.
        unbound: the repositories whose default branch nothing binds.
        pages: those that came.
    """

    def __init__(self, github: GitHub, organization: Subject) -> None:
        self.github = github
        self.organization = organization
        self.branches = 0
        self.unbound: list[str] = []
        self.pages = PagedConnection("repository", "repositories")
        self._size = HalvedSize(LARGEST, SMALLEST)

    def read(self) -> None:
        """Ask for pages until all came, one is lost, or a branch is found that nothing binds."""
        for graph, page in self.pages.pages(self._next, self._refused, self._enough):
            for node in page["nodes"]:
                self._add(Item(node, "POST /graphql"), graph)
        if not self.unbound:
            self.pages.look_back(self._first, lambda node: Item(node, "").text("nameWithOwner"))

    def _enough(self) -> bool:
        return bool(self.unbound or self.pages.missing)

    def _ask(self, size: int, after: str | None, *, again: bool = True) -> Graph:
        variables = {"login": self.organization.name, "first": size, "after": after}
        return self.github.graphql(DOCUMENT, variables, again=again)

    def _next(self, after: str | None) -> tuple[Graph, Any]:
        graph = answered(self._size, lambda size: self._ask(size, after, again=size <= SMALLEST))
        return graph, _page_of(graph)

    def _first(self, size: int) -> tuple[Graph, Any]:
        graph = self._ask(size, None)
        return graph, _page_of(graph)

    def _refused(self, graph: Graph) -> Unknown:
        return unanswered(self.github, graph, OrganizationRulesetReach.requirement)

    def _add(self, node: Item, graph: Graph) -> None:
        name = node.text("nameWithOwner")
        if not self.pages.add(name, graph) or isinstance(name, Unknown):
            return
        empty = emptiness(self.github, node, (graph.response.atom,))
        found = empty if isinstance(empty, Unknown) else not empty
        if found is True:
            self.branches += 1
            found = bound(node.item("defaultBranchRef"))
            if found is False:
                self.unbound.append(name)
        if isinstance(found, Unknown):
            self.pages.missing = self.pages.missing or found


def _page_of(graph: Graph) -> dict[str, Any] | None:
    organization = (graph.data or {}).get("organization")
    return countable(Item(organization, "").data.get("repositories"))


COLLECTORS = (
    Collector(
        "reach of the organization's rulesets",
        (OrganizationRulesetReach,),
        reach,
        priced=(
            Price(
                Per.LISTED,
                "graphql",
                page=LARGEST,
                looks_back=FIRST,
                in_use=True,
                at_most=True,
                at_least=1,
            ),
        ),
    ),
)
