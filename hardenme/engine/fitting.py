"""Which profile fits a subject: by what it is and who can change it, never by how it was named.

`solo` asks for no one's review, so that it takes knowing that no one else is there. What belongs to
an organization is judged as that, and what is not known as a team's.
"""

from __future__ import annotations

from collections.abc import Iterable

from hardenme.collectors.fact_store import FactStore
from hardenme.facts.github.account import Membership
from hardenme.facts.github.collaborators import RepositoryAdministrators
from hardenme.facts.github.repository import Repository
from hardenme.facts.npm.package import Package
from hardenme.model.subject import Subject

SOLO, TEAM, ORG = "solo", "team", "org"


def of_run(store: FactStore, looked_at: Iterable[Subject]) -> str:
    """The profile that nothing in a run falls below.

    Args:
        store: what is known about everything above the repositories.
        looked_at: the targets, and related subjects that are asked about.
    """
    if any(subject.kind == "org" for subject in looked_at):
        return ORG
    owns = any(
        fact.role == "admin"
        for answer in store.answers(Membership)
        for fact in answer.facts
        if not fact.unknown_fields()
    )
    shared = any(
        len(fact.maintainers) > 1
        for answer in store.answers(Package)
        for fact in answer.facts
        if not fact.unknown_fields()
    )
    return TEAM if owns or shared else SOLO


def of_repository(scoped: FactStore, repository: Subject) -> str:
    """The profile of a repository: `solo` where it is a person's, who alone can write to it."""
    fact = scoped.fact(Repository, repository)
    if fact is None or "in_organization" in fact.unknown_fields():
        return TEAM
    if fact.in_organization:
        return ORG
    people = scoped.fact(RepositoryAdministrators, repository)
    alone = people is not None and "writers" not in people.unknown_fields() and people.writers == 1
    return SOLO if alone else TEAM


def of_package(store: FactStore, package: Subject) -> str:
    """The profile of a package: `solo` where one person alone is known to maintain it.

    A scope of another name than that person's is an organization's.
    """
    fact = store.fact(Package, package)
    if fact is None or "maintainers" in fact.unknown_fields():
        return TEAM
    names = {one.name for one in fact.maintainers}
    scope = package.name.partition("/")[0].removeprefix("@") if "/" in package.name else ""
    if scope and scope not in names:
        return ORG
    return SOLO if len(names) == 1 else TEAM
