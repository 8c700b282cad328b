"""Asks for many objects of a repository at once, by what names them in git.

Source: https://docs.github.com/en/graphql/reference/objects#repository ("object").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from hardenme.collectors.github.client import GitHub, Graph
from hardenme.collectors.github.shrinking import HalvedSize, answered

A_QUERY = 25
"""Objects in one query."""


def objects_in_parts(
    github: GitHub, title: str, name: str, expressions: Sequence[str], fields: str
) -> Iterator[tuple[Sequence[str], Graph]]:
    """The answers about objects, each with the part of them that it is about.

    In an answer, the objects of its part are `repository.o0`, `repository.o1` and so on.

    Args:
        title: of the query, like `GitObjects`.
        name: of the repository, with its owner.
        expressions: what names each object, such as a digest.
        fields: that each object is asked for, in GraphQL.

    Raises:
        NoAnswerError: an answer did not come.
    """
    size, asked = HalvedSize(A_QUERY, 1), 0
    while asked < len(expressions):
        rest = expressions[asked:]
        graph = answered(size, partial(_send, github, title, name, rest, fields))
        part = rest[: size.size]
        yield part, graph
        asked += len(part)


def _send(  # noqa: PLR0913, PLR0917 (the parts of a query)
    github: GitHub, title: str, name: str, rest: Sequence[str], fields: str, number: int
) -> Graph:
    owner, _, repository = name.partition("/")
    variables = {f"e{index}": one for index, one in enumerate(rest[:number])}
    declared = "".join(f", ${one}: String!" for one in variables)
    objects = " ".join(
        f"o{index}: object(expression: $e{index}) {{ {fields} }}" for index in range(len(variables))
    )
    document = (
        f"query {title}($owner: String!, $name: String!{declared})"
        f" {{ repository(owner: $owner, name: $name, followRenames: false) {{ {objects} }} }}"
    )
    return github.graphql(document, {"owner": owner, "name": repository, **variables})
