"""The deployment environments of a repository, and which rules guard them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.declared import read
from hardenme.collectors.github.asking import unique
from hardenme.collectors.github.batch.part import QueryPart, RepositoryNode, each
from hardenme.collectors.reading import Item
from hardenme.facts.github.environments import Environment
from hardenme.facts.github.token import CLASSIC, OAUTH
from hardenme.model.depth import BEYOND, Depth
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown


def place_of(scope: Subject, name: str, web: str) -> dict[str, Any]:
    """The fields that every fact about one environment has."""
    return {
        "subject": Subject("github", "environment", f"{scope.name}/{name}"),
        "within": scope,
        "label": name,
        "web": web,
    }


def _read(node: RepositoryNode) -> Iterator[Answer[Any]]:
    connection = node.item.item("environments")
    if not connection.lists("nodes"):
        why: Unknown = node.item.absent("environments")
        if node.denied("environments") is not None:
            why = node.refused(Environment)
        yield nothing(Environment, node.subject, why)
        return
    nodes = list(connection.items("nodes"))
    facts = unique(_environment(node, item) for item in nodes)
    missing = _missing(node, connection, len(nodes))
    if len(facts) < len(nodes):
        missing = Unknown(Reason.MALFORMED, "a name for each environment", "", node.atoms)
    yield Answer(Environment, node.subject, facts, node.atoms, missing)


def _missing(node: RepositoryNode, connection: Item, known: int) -> Unknown | None:
    """Why the list is incomplete; None if it is."""
    total: Any = connection.number("totalCount")
    if isinstance(total, Unknown):
        return total
    if total != known:
        return BEYOND[Depth.DEEP]
    scoped = node.github.kind in {CLASSIC, OAUTH}
    if total or scoped or node.item.data.get("visibility") == "PUBLIC":
        return None
    # What GraphQL shows a token that lacks the right is not documented: it may well be nothing.
    return BEYOND[Depth.DEEP]


def _environment(node: RepositoryNode, item: Item) -> Environment | None:
    name: Any = item.text("name")
    if isinstance(name, Unknown):
        return None
    return Environment(
        **place_of(node.subject, name, node.github.web),
        **read(Environment, item, graph=True),
    )


PARTS = (
    QueryPart(
        name="Environments",
        gives=(Environment,),
        fields="environments(first: 10) { totalCount nodes { name"
        " protectionRules(first: 6) { totalCount nodes { type preventSelfReview } } } }",
        keys=("environments",),
        read=each(_read),
        heavy=True,
    ),
)
