"""A part of the batched query: the fields that it asks of each repository, and their meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hardenme.collectors.github.client import GitHub, Graph
from hardenme.collectors.reading import Item
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer, Fact
from hardenme.model.subject import Subject


@dataclass(frozen=True, slots=True)
class Node:
    """A repository in a GraphQL answer.

    Attributes:
        github: who answered.
        subject: the repository.
        item: its object, of which only the keys that were asked for are there.
        graph: the answer that holds it.
        path: where in the answer.
    """

    github: GitHub
    subject: Subject
    item: Item
    graph: Graph
    path: tuple[str | int, ...]

    @property
    def place(self) -> dict[str, Any]:
        """The fields that every fact about the repository itself has."""
        return {
            "subject": self.subject,
            "within": self.subject,
            "label": self.subject.name,
            "web": self.github.web,
        }

    @property
    def atoms(self) -> tuple[Atom, ...]:
        """The evidence for what was read from it."""
        return (self.graph.response.atom,)

    @property
    def admin(self) -> bool:
        """Whether the account is known to administer it."""
        return self.item.data.get("viewerCanAdminister") is True

    def denied(self, *path: str) -> dict[str, Any] | None:
        """The error at a path below the repository or above it, if there is one."""
        return self.graph.denied(*self.path, *path)


Reader = Callable[[Sequence[Node]], Iterable[Answer[Any]]]


@dataclass(frozen=True, slots=True)
class Part:
    """Some fields of the batched query.

    Attributes:
        name: the fragment's name, like `Rules`.
        gives: the facts that are read from it.
        fields: what the fragment selects on `Repository`.
        keys: the top-level keys of the answer that belong to it, aliases included. Where an error
            at one of them takes the whole repository away, the page is asked for without the part.
        read: from the repositories of one page to answers about them.
        heavy: left out first where GitHub cannot answer in its ten seconds.
        elsewhere: where the part was left out, a collector that asks one at a time steps in; a part
            without one is answered as unknown.
        asked_by: whether a token of the client's kind can be asked at all.
        of: the kinds of target whose repositories it is asked of. An organization may have a list
            of its own that answers the same at less cost.
    """

    name: str
    gives: tuple[type[Fact], ...]
    fields: str
    keys: tuple[str, ...]
    read: Reader
    heavy: bool = False
    elsewhere: bool = False
    asked_by: Callable[[GitHub], bool] = lambda _: True
    of: tuple[str, ...] = ("user", "org", "repo")

    @property
    def fragment(self) -> str:
        """The GraphQL fragment."""
        return f"fragment {self.name} on Repository {{ {self.fields} }}"


def each(read: Callable[[Node], Iterable[Answer[Any]]]) -> Reader:
    """Read a page one repository after the other."""

    def whole(nodes: Sequence[Node]) -> Iterator[Answer[Any]]:
        for node in nodes:
            yield from read(node)

    return whole
