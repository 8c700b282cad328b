"""A part of the batched query: the fields that it asks of each repository, and their meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hardenme.collectors.github.asking import place
from hardenme.collectors.github.client import GitHub, Graph
from hardenme.collectors.github.refusal import wanted
from hardenme.collectors.reading import Item
from hardenme.facts.github.files import CONTENTS
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer, Fact
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown


def emptiness(github: GitHub, item: Item, atoms: tuple[Atom, ...]) -> Any:
    """Whether nothing was ever pushed to a repository, or the unknown in its place.

    Only `isEmpty` says so: where it does not, a default branch that is null was not shown.

    Args:
        github: who answered.
        item: the repository's object.
        atoms: the evidence.
    """
    empty: Any = item.flag("isEmpty")
    if isinstance(empty, Unknown):
        return empty
    if "defaultBranchRef" not in item:
        return item.absent("defaultBranchRef")
    if item.has_value("defaultBranchRef"):
        name: Any = item.item("defaultBranchRef").text("name")
        return name if isinstance(name, Unknown) else item.odd("isEmpty") if empty else False
    if empty:
        return True
    return Unknown(
        Reason.NOT_PERMITTED,
        wanted(CONTENTS, github.kind),
        "`defaultBranchRef` is null, and the repository is not empty",
        atoms,
    )


@dataclass(frozen=True, slots=True)
class RepositoryNode:
    """A repository in a GraphQL answer.

    Attributes:
        github: who answered.
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
        return place(self.github, self.subject)

    @property
    def atoms(self) -> tuple[Atom, ...]:
        """The evidence for what was read from it."""
        return (self.graph.response.atom,)

    @property
    def admin(self) -> bool:
        """Whether the account is known to administer it."""
        return self.item.data.get("viewerCanAdminister") is True

    @property
    def empty(self) -> Any:
        """Whether nothing was ever pushed, or the unknown in its place."""
        return emptiness(self.github, self.item, self.atoms)

    def shows(self, name: str) -> Any:
        """Whether a folder that every commit has was shown, or the unknown in its place.

        Without a sight of it, a file or a release that is not there may only be hidden.
        """
        if self.item.has_value(name):
            kind: Any = self.item.item(name).choice("__typename", "Tree")
            return kind if isinstance(kind, Unknown) else True
        if name in self.item or self.denied(name):
            return Unknown(
                Reason.NOT_PERMITTED,
                wanted(CONTENTS, self.github.kind),
                "GraphQL showed no files",
                self.atoms,
            )
        return self.item.absent(name)

    def refused(self, kind: type[Fact]) -> Unknown:
        """The replacement for what GraphQL refuses."""
        needed = wanted(kind.requirement, self.github.kind)
        return Unknown(Reason.NOT_PERMITTED, needed, "GraphQL refused it", self.atoms)

    def denied(self, *path: str) -> dict[str, Any] | None:
        """The error at a path below the repository or above it, if there is one."""
        return self.graph.denied(*self.path, *path)


Reader = Callable[[Sequence[RepositoryNode]], Iterable[Answer[Any]]]


@dataclass(frozen=True, slots=True)
class QueryPart:
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


def each(read: Callable[[RepositoryNode], Iterable[Answer[Any]]]) -> Reader:
    """Read a page one repository after the other."""

    def whole(nodes: Sequence[RepositoryNode]) -> Iterator[Answer[Any]]:
        for node in nodes:
            yield from read(node)

    return whole
