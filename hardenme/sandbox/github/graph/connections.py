"""Connections: lists with cursors."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any

from graphql import GraphQLError

from hardenme.sandbox.github.graph.seen import View


def cursor(index: int) -> str:
    """An opaque cursor for the item at this position, counted from zero."""
    return base64.b64encode(f"cursor:v2:{index + 1}".encode()).decode()


def _index(text: str) -> int:
    try:
        number = base64.b64decode(text, validate=True).decode().removeprefix("cursor:v2:")
        return int(number) - 1
    except (ValueError, binascii.Error) as error:
        raise GraphQLError(f"`{text}` does not appear to be a valid cursor.") from error


def connection(
    items: Sequence[Any],
    view: Callable[[Any], Any],
    arguments: dict[str, Any],
    *,
    edge: Callable[[Any], View] | None = None,
) -> View:
    """A page of a list.

    Args:
        items: the whole list.
        view: from an item to what its fields are read from, or to an error for that item.
        arguments: `first`, `last`, `after` and `before` as the query gives them.
        edge: more fields of an item's edge.
    """
    start, stop = 0, len(items)
    if arguments.get("after") is not None:
        start = max(0, _index(arguments["after"]) + 1)
    if arguments.get("before") is not None:
        stop = min(stop, _index(arguments["before"]))
    if arguments.get("first") is not None:
        stop = min(stop, start + arguments["first"])
    elif arguments.get("last") is not None:
        start = max(start, stop - arguments["last"])
    shown = range(start, stop)

    def edges(_info: object) -> list[View]:
        return [
            {"cursor": cursor(i), "node": view(items[i]), **(edge(items[i]) if edge else {})}
            for i in shown
        ]

    return {
        "totalCount": len(items),
        "nodes": lambda _info: [view(items[i]) for i in shown],
        "edges": edges,
        "pageInfo": {
            "hasNextPage": stop < len(items),
            "hasPreviousPage": start > 0,
            "startCursor": cursor(start) if shown else None,
            "endCursor": cursor(stop - 1) if shown else None,
        },
    }
