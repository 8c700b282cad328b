"""Asks for a page of repositories, or for one: in as many parts as are needed and answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from hardenme.collectors.github.batch.part import QueryPart
from hardenme.collectors.github.client import GitHub, Graph
from hardenme.collectors.github.pace import Pace
from hardenme.collectors.github.shrinking import answered
from hardenme.collectors.transport.response import NoAnswerError

OWNED = """query Repositories($login: String!, $first: Int!, $after: String) {
  repositoryOwner(login: $login) {
    repositories(
      first: $first, after: $after, ownerAffiliations: [OWNER],
      orderBy: {field: NAME, direction: ASC}
    ) { totalCount pageInfo { hasNextPage endCursor } nodes { %s } }
  }
}
"""
ONE = """query Repository($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name, followRenames: false) { %s }
}
"""
NODES = ("repositoryOwner", "repositories", "nodes")


@dataclass(frozen=True, slots=True)
class Raw:
    """A repository's object, with the answer that held it and the parts that it lacks."""

    data: dict[str, Any]
    graph: Graph
    path: tuple[str | int, ...]
    without: frozenset[str] = frozenset()


def document(template: str, parts: Iterable[QueryPart]) -> str:
    """The query for these parts."""
    chosen = list(parts)
    spreads = " ".join(f"...{part.name}" for part in chosen)
    return template % spreads + "\n".join(part.fragment for part in chosen)


def page(
    github: GitHub, parts: Sequence[QueryPart], login: str, after: str | None
) -> tuple[Graph, list[Raw], frozenset[str]]:
    """A page of an owner's repositories.

    Returns:
        The answer, the repositories in it, and the names of the parts that were not asked for.

    Raises:
        NoAnswerError: no usable answer came, however little was asked for.
    """
    pace, asked = github.pace, list(parts)
    variables: dict[str, Any] = {"login": login, "after": after}

    def send(size: int) -> Graph:
        asked[:] = chosen(pace, parts)
        variables["first"] = size
        return github.graphql(document(OWNED, asked), variables, again=False)

    graph = answered(pace, send)
    left = frozenset(part.name for part in parts) - {part.name for part in asked}
    return graph, _without_denied(github, graph, asked, variables), left


def names(github: GitHub, login: str, size: int) -> Graph:
    """The first of an owner's repositories by name, and nothing else of them.

    Raises:
        NoAnswerError: no usable answer came.
    """
    template = OWNED.replace("query Repositories", "query RepositoryNames")
    return github.graphql(
        template % "nameWithOwner", {"login": login, "first": size, "after": None}
    )


def one(github: GitHub, parts: Sequence[QueryPart], owner: str, name: str) -> Raw | Graph:
    """A single repository; the bare answer where it holds none.

    Raises:
        NoAnswerError: no usable answer came.
    """
    asked, variables = list(parts), {"owner": owner, "name": name}
    without: frozenset[str] = frozenset()
    while True:
        graph = github.graphql(document(ONE, asked), variables)
        data = _at(graph, ("repository",))
        if isinstance(data, dict):
            return Raw(data, graph, ("repository",), without)
        lost = named(graph, asked, ("repository",))
        if not lost:
            return graph
        without |= lost
        asked = [part for part in asked if part.name not in without]


def chosen(pace: Pace, parts: Iterable[QueryPart]) -> list[QueryPart]:
    """The parts that are worth asking for now."""
    return [
        part for part in parts if part.name not in pace.denied and not (part.heavy and pace.light)
    ]


def named(graph: Graph, parts: Iterable[QueryPart], path: tuple[str | int, ...]) -> frozenset[str]:
    """The parts whose keys an error names, of the repository at a path."""
    found = set()
    for error in graph.errors:
        at = error.get("path")
        if isinstance(at, list) and tuple(at[: len(path)]) == path and len(at) > len(path):
            found |= {part.name for part in parts if at[len(path)] in part.keys}
    return frozenset(found)


def _without_denied(
    github: GitHub, graph: Graph, asked: list[QueryPart], variables: dict[str, Any]
) -> list[Raw]:
    """The repositories of a page; those that a refused part took away are asked for without it.

    GitHub shows one refusal at a time if one hides what is behind it, so it may take several
    queries. Anything that is then still absent is missing from the list.
    """
    found: dict[int, Raw] = {}
    without: frozenset[str] = frozenset()
    count: int | None = None
    while isinstance(nodes := _at(graph, NODES), list) and count in {None, len(nodes)}:
        count = len(nodes)
        lost: list[frozenset[str]] = []
        for index, node in enumerate(nodes):
            if index in found:
                continue
            if isinstance(node, dict):
                found[index] = Raw(node, graph, (*NODES, index), without)
            elif node is None and (parts := named(graph, asked, (*NODES, index))):
                lost.append(parts)
        if not lost:
            break
        if len(lost) == count:
            with github.pace.lock:
                github.pace.denied |= frozenset.intersection(*lost)
        without = without.union(*lost)
        asked = [part for part in asked if part.name not in without]
        try:
            graph = github.graphql(document(OWNED, asked), variables)
        except NoAnswerError:
            break
    return [found[index] for index in sorted(found)]


def _at(graph: Graph, path: tuple[str | int, ...]) -> Any:
    node: Any = graph.data
    for step in path:
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            return None
    return node
