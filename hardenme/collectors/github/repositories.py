"""Reads repositories in batches by GraphQL: what they are, their rules and switches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.asking import unanswered
from hardenme.collectors.github.batch import PARTS, files, identity, query
from hardenme.collectors.github.batch.part import QueryPart, RepositoryNode
from hardenme.collectors.github.client import GitHub, Graph
from hardenme.collectors.github.connection import FIRST, PagedConnection, countable
from hardenme.collectors.github.pace import LARGEST
from hardenme.collectors.github.role import PROFILE
from hardenme.collectors.github.whole import short, shown
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.facts.github.organization import OrganizationVisibility
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.workflow import Workflow
from hardenme.model.fact import Answer, Fact
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

GIVES: tuple[type[Fact], ...] = tuple(
    dict.fromkeys(kind for part in PARTS if not part.elsewhere for kind in part.gives)
)
"""Always given. What parts with a collector of their own give comes on top, where the batch
settles it."""


def wanted_parts(github: GitHub, scope: Subject, store: FactStore) -> list[QueryPart]:
    """The parts that this run has a use for."""
    return [
        part
        for part in PARTS
        if part.gives == (Repository,)
        or (store.wants(*part.gives) and part.asked_by(github) and scope.kind in part.of)
    ]


def owned(github: GitHub, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """All repositories of an owner, page by page: of each its details first, then itself.

    The answer for the owner comes last: empty if there is no repository, unknown if not every one
    was listed.
    """
    parts = wanted_parts(github, scope, store)
    listing = PagedConnection("repository", "repositories")
    raws: list[query.Raw] = []
    left: frozenset[str] = frozenset()
    unshown: Graph | None = None

    def following(after: str | None) -> tuple[Graph, Any]:
        nonlocal raws, left
        graph, raws, left = query.page(github, parts, scope.name, after)
        return graph, _connection(graph)

    for graph, page in listing.pages(following, lambda graph: _refused(github, graph)):
        nodes = []
        for raw in raws:
            name: Any = raw.data.get("nameWithOwner")
            if listing.add(name, graph):
                item = Item(raw.data, graph.response.endpoint)
                subject = Subject("github", "repo", name)
                nodes.append((RepositoryNode(github, subject, item, raw.graph, raw.path), raw))
        yield from _details(parts, left, nodes, scope)
        if len(raws) < len(page["nodes"]):
            unshown = unshown or graph
    if unshown is not None:
        listing.lost(unshown, "a repository was not shown")

    def first(size: int) -> tuple[Graph, Any]:
        graph = query.names(github, scope.name, size)
        return graph, _connection(graph)

    listing.look_back(first, lambda node: Item(node, "").text("nameWithOwner"))
    if scope.kind == "org":
        sight = shown(github, scope, listing.total, listing.missing)
        listing.missing = listing.missing or short(sight)
        yield sight
    if listing.missing is not None or not listing.names:
        atoms = listing.evidence(f" of {scope.name}")
        yield Answer(Repository, scope, (), atoms, listing.missing)


def one(github: GitHub, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """A single repository."""
    owner, _slash, name = scope.name.partition("/")
    parts = wanted_parts(github, scope, store)
    try:
        raw = query.one(github, parts, owner, name)
    except NoAnswerError as error:
        yield nothing(Repository, scope, error.unknown)
        return
    if isinstance(raw, Graph):
        yield nothing(Repository, scope, _refused(github, raw))
        return
    item = Item(raw.data, raw.graph.response.endpoint)
    node = RepositoryNode(github, scope, item, raw.graph, raw.path)
    yield from _details(parts, frozenset(), [(node, raw)], scope)


def _details(
    parts: Sequence[QueryPart],
    left: frozenset[str],
    nodes: Sequence[tuple[RepositoryNode, query.Raw]],
    owner: Subject,
) -> Iterator[Answer[Any]]:
    """What the parts show of the repositories of a page, then the repositories themselves."""
    for part in parts:
        lacking = [node for node, raw in nodes if part.name in raw.without | left]
        if not part.elsewhere:
            for node in lacking:
                yield from (
                    nothing(kind, node.subject, _left_out(node, kind)) for kind in part.gives
                )
        yield from part.read([node for node, raw in nodes if part.name not in raw.without | left])
    for node, _raw in nodes:
        fact = identity.repository(node, owner)
        yield Answer(Repository, node.subject, (fact,), node.atoms)


def _left_out(node: RepositoryNode, kind: type[Fact]) -> Unknown:
    """Why a part was not asked of a repository: it was refused, or it was too much at once."""
    if node.github.pace.light:
        return Unknown(
            Reason.INCOMPLETE,
            "GitHub could not answer this for so many repositories in its ten seconds; name the"
            f" repository: github:{node.subject.name}",
            evidence=node.atoms,
        )
    return node.refused(kind)


def _connection(graph: Graph) -> dict[str, Any] | None:
    owner = (graph.data or {}).get("repositoryOwner")
    return countable(Item(owner, "").data.get("repositories"))


def _refused(github: GitHub, graph: Graph) -> Unknown:
    return unanswered(github, graph, Repository.requirement, hidden=graph.data is not None)


FILES: dict[str, Any] = {
    "at_most": True,
    "wanted": files.GIVES,
    "what": "texts of small files",
    "endpoint": "POST /graphql repository.object",
}
"""What a page is asked for once it is known which files are there."""
ACTIONS: dict[str, Any] = {
    "at_most": True,
    "wanted": (Workflow,),
    "what": "actions of the repositories themselves",
    "endpoint": "POST /graphql repository.object",
}
"""What a page is asked for where its workflow files use actions of their own repository; once more
where these use others."""
COLLECTORS = (
    Collector(
        "repositories of an owner",
        (*GIVES, OrganizationVisibility),
        owned,
        roots=("github:user", "github:org"),
        discovers=True,
        priced=(
            Price(Per.LISTED, "graphql", page=LARGEST, looks_back=FIRST),
            Price(Per.LISTED, "graphql", page=LARGEST, **FILES),
            Price(Per.LISTED, "graphql", page=LARGEST, **ACTIONS),
            replace(PROFILE, owners=("org",)),
        ),
    ),
    Collector(
        "repository",
        GIVES,
        one,
        roots=("github:repo",),
        priced=(
            Price(bucket="graphql"),
            Price(bucket="graphql", **FILES),
            Price(bucket="graphql", **ACTIONS),
        ),
    ),
)
