"""Who administers a repository, and who works on it from outside the organization."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.declared import read
from hardenme.collectors.github.asking import unique
from hardenme.collectors.github.batch.part import QueryPart, RepositoryNode, each
from hardenme.collectors.github.logins import logins_of
from hardenme.collectors.github.refusal import wanted
from hardenme.collectors.reading import Item, all_known
from hardenme.facts.github.collaborators import (
    Collaborator,
    RepositoryAdministrators,
    RepositoryOutsideCollaborator,
)
from hardenme.facts.github.site import GitHubFact
from hardenme.facts.github.token import INSTALLATION
from hardenme.model.depth import BEYOND, Depth
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

WRITING = ("admin", "maintain", "write")


def shown_in_full(node: RepositoryNode) -> bool:
    """Whether the list of people is known to be shown whole: to administrators and to apps."""
    return node.admin or node.github.kind == INSTALLATION


def _unseen(node: RepositoryNode, kind: type[GitHubFact], alias: str) -> Unknown | None:
    """Why the people of a connection are not known; None if they are shown."""
    connection = node.item.item(alias)
    if node.denied(alias) is not None or not shown_in_full(node):
        return Unknown(
            Reason.NOT_PERMITTED,
            wanted(kind.requirement, node.github.kind),
            "GraphQL refused it" if node.denied(alias) else "not an administrator",
            node.atoms,
        )
    return None if connection.lists("edges") else node.item.absent(alias)


def _partial(connection: Item, shown: int) -> Unknown | None:
    """Why a connection is incomplete, which a deeper run asks for; None if it is."""
    total: Any = connection.number("totalCount")
    if isinstance(total, Unknown):
        return total
    return None if total == shown else BEYOND[Depth.DEEP]


def _administrators(node: RepositoryNode) -> Iterator[Answer[Any]]:
    why = _unseen(node, RepositoryAdministrators, "collaborators")
    if why is not None:
        yield nothing(RepositoryAdministrators, node.subject, why)
        return
    connection = node.item.item("collaborators")
    edges = list(connection.items("edges"))
    people = [read(Collaborator, edge, graph=True) for edge in edges]
    held = [person["permission"] for person in people]
    least = held.count("admin")
    missing: Any = all_known(held) or _partial(connection, len(held))
    fact = RepositoryAdministrators(
        **node.place,
        count=missing or least,
        least=least,
        writers=missing or sum(role in WRITING for role in held),
        logins=logins_of(one["login"] for one in people if one["permission"] == "admin"),
        pushers=missing
        or logins_of(one["login"] for one in people if one["permission"] in WRITING),
    )
    yield Answer(RepositoryAdministrators, node.subject, (fact,), node.atoms)


def _outside(node: RepositoryNode) -> Iterator[Answer[Any]]:
    """The outside collaborators; a person's repository has none, by GitHub's use of the word."""
    kind = RepositoryOutsideCollaborator
    shared: Any = node.item.flag("isInOrganization")
    if shared is False:
        yield Answer(kind, node.subject, (), node.atoms)
        return
    why = shared if isinstance(shared, Unknown) else _unseen(node, kind, "outside")
    if why is not None:
        yield nothing(kind, node.subject, why)
        return
    connection = node.item.item("outside")
    edges = list(connection.items("edges"))
    facts = unique(_collaborator(node, edge) for edge in edges)
    missing = _partial(connection, len(edges))
    if missing is None and len(facts) < len(edges):
        missing = Unknown(Reason.MALFORMED, "a login for each collaborator", "", node.atoms)
    yield Answer(kind, node.subject, facts, node.atoms, missing)


def _collaborator(node: RepositoryNode, edge: Item) -> RepositoryOutsideCollaborator | None:
    told = read(RepositoryOutsideCollaborator, edge, graph=True)
    login = told["login"]
    if isinstance(login, Unknown):
        return None
    return RepositoryOutsideCollaborator(
        subject=Subject("github", "collaborator", f"{node.subject.name}/{login}"),
        within=node.subject,
        label=login,
        web=node.github.web,
        **told,
    )


PARTS = (
    QueryPart(
        name="Administrators",
        gives=(RepositoryAdministrators,),
        fields="collaborators(first: 100) { totalCount edges { permission node { login } } }",
        keys=("collaborators",),
        read=each(_administrators),
        heavy=True,
    ),
    QueryPart(
        name="OutsideCollaborators",
        gives=(RepositoryOutsideCollaborator,),
        fields="outside: collaborators(affiliation: OUTSIDE, first: 50)"
        " { totalCount edges { permission node { login databaseId } } }",
        keys=("outside",),
        read=each(_outside),
        heavy=True,
    ),
)
