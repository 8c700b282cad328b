"""Asks GraphQL for as much as GitHub can answer: a query that it gave up on is sent with less."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from hardenme.collectors.github.client import Graph
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.model.unknown import Reason

TOO_MUCH = ("RESOURCE_LIMITS_EXCEEDED", "MAX_NODE_LIMIT_EXCEEDED", "timeout", "timedout")
"""What GitHub calls a query that it gave up on, as a type or within a message."""
TOO_LARGE = "too large"
"""What the session calls an answer of more bytes than it reads."""


class QuerySize(Protocol):
    """How many things a query asks for."""

    size: int

    def shrink(self, size: int) -> bool:
        """Ask for less, since a query of this size was too much; False if that cannot be."""


class HalvedSize:
    """A size that is halved, down to a smallest.

    Args:
        largest: with which it begins.
        smallest: at which it ends.
    """

    def __init__(self, largest: int, smallest: int) -> None:
        self.size, self.smallest = largest, smallest

    def shrink(self, size: int) -> bool:
        """Ask for half of it, or the smallest."""
        self.size = max(self.smallest, size // 2)
        return self.size < size


def answered(size: QuerySize, send: Callable[[int], Graph]) -> Graph:
    """The answer to a query of the largest size that GitHub can answer.

    Args:
        size: of the next query; it shrinks.

    Returns:
        The answer; `too_much` recognizes one of the smallest size that GitHub gave up on.

    Raises:
        NoAnswerError: no usable answer came, however little was asked for.
    """
    while True:
        asked = size.size
        try:
            graph = send(asked)
        except NoAnswerError as error:
            why = error.unknown
            if (why.reason is Reason.UNREACHABLE or why.seen == TOO_LARGE) and size.shrink(asked):
                continue
            raise
        if not (too_much(graph) and size.shrink(asked)):
            return graph


def too_much(graph: Graph) -> bool:
    """Whether GitHub gave up on the query."""
    said = [f"{error.get('type')} {error.get('message')}" for error in graph.errors]
    return any(word.lower() in text.lower() for text in said for word in TOO_MUCH)
