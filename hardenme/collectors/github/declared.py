"""Collectors of lists, made of what their facts declare."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

from hardenme.collectors.book import Book
from hardenme.collectors.declared import read
from hardenme.collectors.github.asking import listed
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.model.fact import Answer, Endpoint, Fact
from hardenme.model.subject import Subject


def lists(
    name: str, kind: type[Fact], *, slim: Callable[[bytes], bytes] | None = None, **more: Any
) -> Collector:
    """A collector of the list that a fact declares.

    Args:
        name: for messages.
        kind: the fact.
        slim: takes out of an answer what must not be kept.
        more: of what it is asked, and what it costs, as `Collector` takes it.
    """
    endpoint = kind.endpoint
    assert endpoint is not None, f"{kind.__name__} declares no list"  # noqa: S101 (at import)

    def collect(github: GitHub, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
        def build(item: Item) -> Fact:
            told = read(kind, item)
            label = told.get(endpoint.label, item.data.get(endpoint.label))
            return kind(
                **_place(github, scope, endpoint, item),
                label=label if isinstance(label, str) else "",
                **told,
            )

        yield listed(github, kind, scope, _path(endpoint, scope), build, slim=slim)

    return Collector(name, "github", (kind,), collect, depth=kind.depth, **more)


def _path(endpoint: Endpoint, scope: Subject) -> str:
    """Where the list of a scope lies."""
    path = endpoint.path.replace("{owner}/{repo}", scope.name)
    return path.replace("{org}", quote(scope.name, safe=""))


def _place(github: GitHub, scope: Subject, endpoint: Endpoint, item: Item) -> dict[str, Any]:
    """What an object is, and where it belongs."""
    identity = item.identity(endpoint.identity)
    name = endpoint.named.format(scope=scope.name, identity=identity)
    return {
        "subject": Subject("github", endpoint.kind, name),
        "within": scope,
        "web": github.web,
    }
