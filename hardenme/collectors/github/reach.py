"""Reads how far an organization's rulesets reach, by GraphQL, fifty default branches a query.

The list of an organization's rulesets is shown only to who may change them. Which of them bind a
branch, and from where they come, everybody sees who sees the repository.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.book import Book
from hardenme.collectors.github.batch.query import TIMED_OUT, too_much
from hardenme.collectors.github.client import GitHub, Graph
from hardenme.collectors.github.roster import refused
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.facts.github.organization import OrganizationRulesetReach
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

LARGEST = 50
SMALLEST = 5
"""Repositories a query; one that GitHub cannot answer in its ten seconds asks for half of them."""
MOST_PAGES = 10_000
ABOVE = frozenset({"Organization", "Enterprise"})
SOURCES = ABOVE | {"Repository"}
DOCUMENT = """query RulesetReach($login: String!, $first: Int!, $after: String) {
  organization(login: $login) {
    repositories(
      first: $first, after: $after, isArchived: false, ownerAffiliations: [OWNER],
      orderBy: {field: NAME, direction: ASC}
    ) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes {
        nameWithOwner
        defaultBranchRef {
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


def reach(github: GitHub, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """Every default branch, or as many as it takes to find one that is not bound."""
    reading = _Reading(github, scope)
    while not (reading.over or reading.missing or reading.unbound):
        reading.page()
    if reading.missing is not None and not reading.unbound:
        atoms = reading.evidence() or reading.missing.evidence
        yield Answer(OrganizationRulesetReach, scope, (), atoms, reading.missing)
        return
    fact = OrganizationRulesetReach(
        subject=scope,
        within=scope,
        label=scope.name,
        web=github.web,
        branches=reading.branches,
        unbound=tuple(reading.unbound),
    )
    yield Answer(OrganizationRulesetReach, scope, (fact,), reading.evidence())


def bound(branch: Item) -> Any:
    """Whether a ruleset from above the repository binds a branch; an unknown where it is not told.

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
    """Counts the pages of repositories while they come.

    Attributes:
        branches: the default branches that came.
        unbound: the repositories whose default branch nothing binds.
        missing: why not everything came; None so far.
        over: there is no further page.
    """

    def __init__(self, github: GitHub, organization: Subject) -> None:
        self.github = github
        self.organization = organization
        self.branches = 0
        self.unbound: list[str] = []
        self.missing: Unknown | None = None
        self.over = False
        self._size = LARGEST
        self._after: str | None = None
        self._total: int | None = None
        self._names: set[str] = set()
        self._atoms: list[Atom] = []

    def page(self) -> None:
        """Ask for the next page."""
        size = self._size
        variables = {"login": self.organization.name, "first": size, "after": self._after}
        try:
            graph = self.github.graphql(DOCUMENT, variables, again=size <= SMALLEST)
        except NoAnswerError as error:
            if error.unknown.reason not in TIMED_OUT or not self._shrunk():
                self.missing = error.unknown
            return
        if too_much(graph) and self._shrunk():
            return
        self._atoms.append(graph.response.atom)
        page = _page_of(graph)
        if page is None:
            self.missing = refused(self.github, graph, OrganizationRulesetReach.requirement)
            return
        for node in page["nodes"]:
            self._add(Item(node, "POST /graphql"), graph)
        self._turn(page, graph)

    def evidence(self) -> tuple[Atom, ...]:
        """One atom that counts the pages."""
        if not self._atoms:
            return ()
        last, count = self._atoms[-1], len(self._atoms)
        of = count if self.missing is None else None
        name = f"{last.endpoint} rules of {self.organization.name}"
        return (Atom(name, last.status, last.observed_at, count, of),)

    def _shrunk(self) -> bool:
        self._size = max(SMALLEST, self._size // 2) if self._size > SMALLEST else 0
        return self._size > 0

    def _add(self, node: Item, graph: Graph) -> None:
        name: Any = node.text("nameWithOwner")
        if not isinstance(name, str) or name.lower() in self._names:
            self._lost(graph, "a repository without a name, or twice the same")
            return
        self._names.add(name.lower())
        if "defaultBranchRef" not in node:
            self.missing = self.missing or node.absent("defaultBranchRef")
        elif node.has_value("defaultBranchRef"):
            self.branches += 1
            found = bound(node.item("defaultBranchRef"))
            if found is False:
                self.unbound.append(name)
            elif isinstance(found, Unknown):
                self.missing = self.missing or found

    def _turn(self, page: dict[str, Any], graph: Graph) -> None:
        """Go on to the next page, or find that there is none."""
        info, total = page["pageInfo"], page["totalCount"]
        if self._total not in {None, total}:
            self._lost(graph, "the list changed while it was read")
        self._total = total
        following = info.get("endCursor")
        if info.get("hasNextPage") is True:
            endless = len(self._atoms) >= MOST_PAGES
            if not isinstance(following, str) or following == self._after or endless:
                self._lost(graph, "pages without end")
            self._after = following
            return
        self.over = True
        if info.get("hasNextPage") is None or len(self._names) != total:
            self._lost(graph, f"{len(self._names)} of {total} repositories")

    def _lost(self, graph: Graph, seen: str) -> None:
        self.missing = self.missing or Unknown(
            Reason.INCOMPLETE,
            "every repository must be listed; run again",
            seen,
            (graph.response.atom,),
        )


def _page_of(graph: Graph) -> dict[str, Any] | None:
    organization = (graph.data or {}).get("organization")
    page = organization.get("repositories") if isinstance(organization, dict) else None
    understood = (
        isinstance(page, dict)
        and isinstance(page.get("nodes"), list)
        and isinstance(page.get("pageInfo"), dict)
        and isinstance(page.get("totalCount"), int)
    )
    return page if understood else None


COLLECTORS = (
    Collector(
        "reach of the organization's rulesets",
        "github",
        (OrganizationRulesetReach,),
        reach,
        roots=("github:org",),
        priced=(Price(Per.LISTED, "graphql", page=LARGEST, in_use=True, at_most=True, at_least=1),),
    ),
)
