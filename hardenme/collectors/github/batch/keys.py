"""Whether a repository has deploy keys, and whether these only read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from hardenme.collectors.declared import read
from hardenme.collectors.github.batch.part import QueryPart, RepositoryNode, each
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.reading import Item
from hardenme.facts.github.repository import DeployKey
from hardenme.facts.github.token import CLASSIC, OAUTH
from hardenme.model.depth import BEYOND, Depth
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import NotKnownError


def _read(node: RepositoryNode) -> Iterator[Answer[Any]]:
    """The keys as the batch shows them; `GET …/keys`, which shows their use, replaces them."""
    connection = node.item.item("deployKeys")
    count: Any = connection.number("totalCount")
    nodes = list(connection.items("nodes"))
    if not node.admin or not isinstance(count, int) or not connection.lists("nodes"):
        return
    if count != len(nodes):
        return
    with suppress(NotKnownError):
        keys = tuple(_key(node, item) for item in nodes)
        yield Answer(DeployKey, node.subject, keys, node.atoms)


def _key(node: RepositoryNode, item: Item) -> DeployKey:
    number, title = item.identity("id"), item.data.get("title")
    return DeployKey(
        subject=Subject("github", "deploy-key", f"{node.subject.name}/{number}"),
        within=node.subject,
        label=title if isinstance(title, str) else "",
        web=node.github.web,
        key_id=None,
        **read(DeployKey, item, graph=True),
        last_used=BEYOND[Depth.STANDARD],  # type: ignore[arg-type]  # a field may be unknown
        added_by=BEYOND[Depth.STANDARD],  # type: ignore[arg-type]  # as above
    )


def _scoped(github: GitHub) -> bool:
    """Whether a count of zero can be believed: what other tokens are shown is not documented."""
    return github.kind in {CLASSIC, OAUTH}


PARTS = (
    QueryPart(
        name="DeployKeys",
        gives=(DeployKey,),
        fields="deployKeys(first: 20) { totalCount nodes { id title readOnly createdAt } }",
        keys=("deployKeys",),
        read=each(_read),
        elsewhere=True,
        asked_by=_scoped,
    ),
)
