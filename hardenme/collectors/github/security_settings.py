"""Reads whether secret scanning and push protection are on: of an organization by one list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.asking import fetch, place, why_not_whole
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.pages import PER_PAGE, Listing, read_pages
from hardenme.collectors.github.refusal import wanted
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.facts.github import endpoints
from hardenme.facts.github.repository import Repository, RepositorySecuritySettings
from hardenme.model.depth import BEYOND, Depth
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

KIND = RepositorySecuritySettings
BLOCK = "security_and_analysis"


@dataclass(frozen=True, slots=True)
class Overview:
    """An organization's repositories as one list shows them.

    Attributes:
        rows: by lower-case full name; None if the block is not shown.
        missing: why a repository may be absent; None if the list is complete.
        evidence: the answers behind it.
    """

    rows: dict[str, dict[str, Any] | None]
    missing: Unknown | None
    evidence: tuple[Atom, ...]


def security_settings(github: GitHub, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET /orgs/{org}/repos for all at once; GET /repos/{owner}/{repo} for whom it leaves out."""
    repository = store.fact(Repository, scope)
    overview = _overview(github, repository)
    name = scope.name.lower()
    row = overview.rows.get(name) if overview else None
    if overview is not None and row is not None:
        yield _answer(github, scope, row, overview.evidence)
    elif overview is not None and name in overview.rows and not _administers(repository):
        yield nothing(KIND, scope, _not_shown(github, overview.evidence))
    elif store.depth < Depth.STANDARD:
        missing = overview.missing if overview else None
        why = missing or BEYOND[Depth.STANDARD]
        yield nothing(KIND, scope, why)
    else:
        yield _one(github, scope)


def _overview(github: GitHub, repository: Repository | None) -> Overview | None:
    """The list of the organization that is looked at as a whole; asked once a run."""
    if repository is None or "in_organization" in repository.unknown_fields():
        return None
    organization = repository.within
    if not repository.in_organization or organization.kind != "org":
        return None
    found: Overview = github.memo.get(
        ("security settings", organization), lambda: _read(github, organization)
    )
    return found


def _read(github: GitHub, organization: Subject) -> Overview:
    endpoint = endpoints.REPOSITORIES.asking("type=all")
    path = endpoint.at(organization.name)

    def pick(raw: Any) -> tuple[Any, dict[str, Any] | None]:
        item = Item(raw, f"GET {path}")
        return item.text("full_name"), _statuses(item)

    listing: Listing = read_pages(
        github.session, path, counted=endpoint.counted, pick=pick, look_back=False
    )
    missing = why_not_whole(listing, KIND.requirement, github.kind)
    if missing is not None and missing.reason is Reason.NEEDS_SSO:
        return Overview({}, missing, listing.evidence)
    rows: dict[str, dict[str, Any] | None] = {}
    for name, statuses in listing.items:
        if isinstance(name, str):
            rows.setdefault(name.lower(), statuses)
    return Overview(rows, missing, listing.evidence)


def _statuses(item: Item) -> dict[str, Any] | None:
    return read(KIND, item) if item.has_value(BLOCK) else None


def _administers(repository: Repository | None) -> bool:
    """Whether asking for the repository by itself may show more."""
    if repository is None or "viewer_is_admin" in repository.unknown_fields():
        return True
    return repository.viewer_is_admin


def _one(github: GitHub, scope: Subject) -> Answer[RepositorySecuritySettings]:
    found = fetch(github, endpoints.REPOSITORY.at(scope.name), KIND.requirement)
    if isinstance(found, Unknown):
        return nothing(KIND, scope, found)
    response, item = found
    statuses = _statuses(item)
    if statuses is None:
        return nothing(KIND, scope, _not_shown(github, (response.atom,)))
    return _answer(github, scope, statuses, (response.atom,))


def _answer(
    github: GitHub, scope: Subject, statuses: dict[str, Any], evidence: tuple[Atom, ...]
) -> Answer[RepositorySecuritySettings]:
    fact = RepositorySecuritySettings(
        **place(github, scope),
        **statuses,
    )
    return Answer(KIND, scope, (fact,), evidence)


def _not_shown(github: GitHub, evidence: tuple[Atom, ...]) -> Unknown:
    return Unknown(
        Reason.NOT_PERMITTED,
        wanted(KIND.requirement, github.kind),
        f"`{BLOCK}` is absent",
        evidence,
    )


COLLECTORS = (
    Collector(
        "repository security settings",
        (KIND,),
        security_settings,
        priced=(
            Price(
                Per.LISTED, page=PER_PAGE, owners=("org",), endpoint=endpoints.REPOSITORIES.source
            ),
            Price(Per.REPOSITORY, depth=Depth.STANDARD, owners=("user", "repo")),
        ),
    ),
)
