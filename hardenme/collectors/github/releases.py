"""Reads whether the releases of a repository can be changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.asking import place
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.refusal import refusal, sso_left_out
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.facts.github import endpoints
from hardenme.facts.github.organization import OrganizationImmutableReleases
from hardenme.facts.github.releases import RepositoryImmutableReleases
from hardenme.facts.github.repository import Repository
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

BOUND = Unknown(Reason.NOT_ASKED, "nothing: the organization's setting decides")


def immutable_releases(github: GitHub, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET /repos/{owner}/{repo}/immutable-releases, unless the organization's setting decides."""
    kind = RepositoryImmutableReleases
    if _bound(github, scope, store):
        yield nothing(kind, scope, BOUND)
        return
    try:
        response = github.get(endpoints.IMMUTABLE_RELEASES.at(scope.name))
        evidence: tuple[Atom, ...] = (response.atom,)
        if response.status == 404:  # noqa: PLR2004 (HTTP's number)
            permitted = _canary(github, scope)
            if permitted is None:
                yield nothing(kind, scope, refusal(response, kind.requirement, github.kind))
                return
            enabled: Any = False
            evidence = (response.atom, permitted.atom)
        elif not response.ok:
            yield nothing(kind, scope, refusal(response, kind.requirement, github.kind))
            return
        elif (left_out := sso_left_out(response)) is not None:
            yield nothing(kind, scope, left_out)
            return
        else:
            enabled = read(kind, Item(response.json(), response.endpoint))["enabled"]
    except NoAnswerError as error:
        yield nothing(kind, scope, error.unknown)
        return
    fact = kind(**place(github, scope), enabled=enabled)
    yield Answer(kind, scope, (fact,), evidence)


def _canary(github: GitHub, scope: Subject) -> Response | None:
    """An answer that takes the same right, and that everyone gets who holds it."""
    response = github.get(endpoints.ACTIONS.at(scope.name))
    if not response.ok:
        return None
    said = response.json()
    return response if isinstance(said, dict) and isinstance(said.get("enabled"), bool) else None


def _bound(github: GitHub, scope: Subject, store: FactStore) -> bool:
    """Whether the organization's setting is known to hold for all of its repositories."""
    repository = store.fact(Repository, scope)
    if repository is None or "in_organization" in repository.unknown_fields():
        return False
    if not repository.in_organization:
        return False
    return _enforced(github, scope.name.partition("/")[0])


def _settled(github: GitHub, owner: Subject) -> bool:
    """Whether an owner's setting is known to hold for all of its repositories."""
    return owner.kind == "org" and _enforced(github, owner.name)


def _enforced(github: GitHub, organization: str) -> bool:
    try:
        response = github.get(OrganizationImmutableReleases.endpoint.at(organization))
        said = response.json() if response.ok else None
    except NoAnswerError:
        return False
    found = read(OrganizationImmutableReleases, Item(said, response.endpoint))
    return bool(found["enforced"] == "all")


COLLECTORS = (
    Collector(
        "immutable releases",
        (RepositoryImmutableReleases,),
        immutable_releases,
        priced=(
            Price(Per.REPOSITORY, spared=_settled),
            Price(
                Per.REPOSITORY,
                at_most=True,
                spared=_settled,
                what="rights to see immutable releases",
                endpoint=endpoints.ACTIONS.source,
            ),
            Price(owners=("org",), once="immutable releases of {owner}"),
        ),
    ),
)
