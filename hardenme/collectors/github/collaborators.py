"""Reads the people of a repository one repository at a time, where the batch did not settle it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.asking import listed, place, why_not_whole
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.logins import logins_of
from hardenme.collectors.github.refusal import wanted
from hardenme.collectors.github.single_request import needs_single_request
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item, all_known
from hardenme.facts.github import endpoints
from hardenme.facts.github.collaborators import (
    PEOPLE,
    Collaborator,
    RepositoryAdministrators,
    RepositoryOutsideCollaborator,
)
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.token import INSTALLATION
from hardenme.model.depth import Depth
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

UNASKED = Unknown(Reason.NOT_ASKED, "a list of everyone who can push")
"""What a list of administrators does not show."""


def _not_shown(github: GitHub, scope: Subject, store: FactStore) -> Unknown | None:
    """Why the list of people cannot be trusted to be whole; None if it can."""
    if github.kind == INSTALLATION:
        return None
    repository = store.fact(Repository, scope)
    unknown = repository.unknown_fields() if repository else {}
    if repository is not None and "viewer_is_admin" not in unknown and repository.viewer_is_admin:
        return None
    return unknown.get("viewer_is_admin") or Unknown(
        Reason.NOT_PERMITTED, wanted(PEOPLE, github.kind), "not an administrator"
    )


def administrators(github: GitHub, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET /repos/{owner}/{repo}/collaborators?permission=admin, unless the batch counted them."""
    kind = RepositoryAdministrators
    batched = store.get(kind, scope)
    counts = [f.unknown_fields().get("count") for f in batched.facts] if batched else []
    if batched is not None and not any(map(needs_single_request, (batched.missing, *counts))):
        return
    why = _not_shown(github, scope, store)
    if why is not None:
        yield nothing(kind, scope, why)
        return
    path = endpoints.ADMINISTRATORS.at(scope.name)
    listing = github.pages(path, counted=endpoints.ADMINISTRATORS.counted)
    missing = why_not_whole(listing, kind.requirement, github.kind)
    if missing is not None and not listing.items:
        yield nothing(kind, scope, missing)
        return
    people = [read(Collaborator, Item(raw, f"GET {path}")) for raw in listing.items]
    held = [person["permission"] for person in people]
    least = held.count("admin")
    unread = all_known(held)
    fact = kind(
        **place(github, scope),
        count=missing or unread or least,  # type: ignore[arg-type]  # a field may be unknown
        least=least,
        writers=UNASKED,  # type: ignore[arg-type]  # a field may be unknown
        logins=logins_of(one["login"] for one in people if one["permission"] == "admin"),
        pushers=UNASKED,  # type: ignore[arg-type]  # as above
    )
    yield Answer(kind, scope, (fact,), listing.evidence)


def outside(github: GitHub, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET /repos/{owner}/{repo}/collaborators?affiliation=outside, unless the batch was whole."""
    kind = RepositoryOutsideCollaborator
    batched = store.get(kind, scope)
    if batched is not None and not needs_single_request(batched.missing):
        return
    why = _not_shown(github, scope, store)
    if why is not None:
        yield nothing(kind, scope, why)
        return

    def build(item: Item) -> RepositoryOutsideCollaborator:
        told = read(kind, item)
        name = told["login"] if isinstance(told["login"], str) else item.identity("id")
        return kind(
            subject=Subject("github", "collaborator", f"{scope.name}/{name}"),
            within=scope,
            label=name,
            web=github.web,
            **told,
        )

    yield listed(github, kind, scope, endpoints.OUTSIDERS.at(scope.name), build)


WHERE_CUT = (Price(Per.REPOSITORY, at_most=True),)
"""Asked only where a batch did not show all."""
COLLECTORS = (
    Collector(
        "administrators",
        (RepositoryAdministrators,),
        administrators,
        deeper=Depth.DEEP,
        priced=WHERE_CUT,
    ),
    Collector(
        "outside collaborators of a repository",
        (RepositoryOutsideCollaborator,),
        outside,
        deeper=Depth.DEEP,
        priced=WHERE_CUT,
    ),
)
