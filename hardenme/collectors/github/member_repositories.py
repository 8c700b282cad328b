"""Reads the newest public repositories of an organization's members, fifty members a query.

npm's worms of 2025 created them in the accounts of their victims, to show what they had stolen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.client import GitHub, Graph
from hardenme.collectors.github.people import place_of
from hardenme.collectors.github.refusal import refusal, wanted
from hardenme.collectors.github.role import ROLE_PRICE
from hardenme.collectors.github.roster import ROSTER, roster
from hardenme.collectors.github.shrinking import HalvedSize, answered, too_much
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.facts.github.people import MEMBERS, MemberRepository
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

LARGEST, SMALLEST = 50, 5
"""Members a query; where GitHub cannot answer in its ten seconds, half of them are asked for."""
NEWEST = 3
"""Repositories of each member."""
ASKED = (
    f"repositories(first: {NEWEST}, privacy: PUBLIC, ownerAffiliations: [OWNER],"
    " orderBy: {field: CREATED_AT, direction: DESC})"
    " { nodes { databaseId name createdAt visibility } }"
)


class _Reading:
    """Asks for the members in batches, smaller ones where they are too much."""

    def __init__(self, github: GitHub, organization: Subject) -> None:
        self.github, self.organization = github, organization
        self.roster = roster(github, organization)
        self.size = HalvedSize(LARGEST, SMALLEST)
        self.found: list[MemberRepository] = []
        self.atoms: list[Atom] = []
        self.missing: Unknown | None = self.roster.missing

    def answer(self) -> Answer[MemberRepository]:
        """All that came, and why it is not everyone's."""
        waiting = [entry.login for entry in self.roster.entries]
        while waiting:
            asked = self._ask(waiting)
            if not asked:
                break
            waiting = waiting[asked:]
        evidence = (*dict.fromkeys((*self.atoms, *self.roster.evidence)),)
        return Answer(
            MemberRepository, self.organization, tuple(self.found), evidence, self.missing
        )

    def _ask(self, logins: Sequence[str]) -> int:
        """Ask about the first of them; how many were answered."""
        try:
            graph = answered(self.size, lambda size: self._send(logins[:size]))
        except NoAnswerError as error:
            self.missing = error.unknown
            return 0
        if too_much(graph):
            needed = "run again: GitHub could not answer this in its ten seconds"
            evidence = (graph.response.atom,)
            self.missing = Unknown(Reason.UNREACHABLE, needed, "too much at once", evidence)
            return 0
        if not graph.response.ok:
            self.missing = refusal(graph.response, MEMBERS, self.github.kind)
            return 0
        self.atoms.append(graph.response.atom)
        batch = logins[: self.size.size]
        data = Item(graph.data, graph.response.endpoint)
        for index, login in enumerate(batch):
            self._take(login, data.item(f"u{index}").item("repositories"), graph)
        return len(batch)

    def _send(self, logins: Sequence[str]) -> Graph:
        variables: dict[str, Any] = {f"l{index}": login for index, login in enumerate(logins)}
        head = ", ".join(f"$l{index}: String!" for index in range(len(logins)))
        body = " ".join(
            f"u{index}: user(login: $l{index}) {{ {ASKED} }}" for index in range(len(logins))
        )
        document = f"query MemberRepositories({head}) {{ {body} }}"
        return self.github.graphql(document, variables, again=len(logins) <= SMALLEST)

    def _take(self, login: str, listed: Item, graph: Graph) -> None:
        if not listed.lists("nodes"):
            needed = wanted(MEMBERS, self.github.kind)
            seen = "GraphQL left the repositories of a member out"
            self._lost(Unknown(Reason.NOT_PERMITTED, needed, seen, (graph.response.atom,)))
            return
        for node in listed.items("nodes"):
            name = node.text("name")
            if isinstance(name, Unknown):
                self._lost(name)
                continue
            place = place_of(self.github, self.organization, "member-repository", login)
            within = place["subject"]
            place["subject"] = Subject("github", within.kind, f"{within.name}/{name}")
            place["label"] = f"{login}/{name}"
            fields = read(MemberRepository, node)
            self.found.append(MemberRepository(**{**place, **fields, "login": login}))

    def _lost(self, why: Unknown) -> None:
        self.missing = self.missing or why


def newest(github: GitHub, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """The newest public repositories of each member."""
    yield _Reading(github, scope).answer()


ASKS = Price(
    Per.MEMBERS,
    "graphql",
    page=LARGEST,
    endpoint="POST /graphql user.repositories(privacy: PUBLIC)",
)
COLLECTORS = (
    Collector(
        "members' newest public repositories",
        (MemberRepository,),
        newest,
        priced=(ASKS, ROSTER, ROLE_PRICE),
    ),
)
