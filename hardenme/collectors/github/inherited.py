"""Reads which secrets of its organization each repository can read.

An owner is shown the organization's secrets and their repositories: that covers every public
repository at once. Whether a private one can use them too depends on the plan, so the repository
itself is asked. So is everything if the organization's lists are incomplete.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.asking import why_not_whole
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.declared import list_of, lists
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item, all_known
from hardenme.facts.github import endpoints
from hardenme.facts.github.environments import InheritedSecret
from hardenme.facts.github.organization_secrets import OrganizationSecret
from hardenme.facts.github.repository import Repository
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject

ALL, SELECTED = "all", "selected"
LIST = OrganizationSecret.endpoint


@dataclass(frozen=True, slots=True)
class OrganizationWideSecret:
    """A secret of an organization.

    Attributes:
        name: as workflows name it.
        everywhere: whether every public repository can read it.
        named: else the repositories that can, by their full names in lower case.
    """

    name: str
    everywhere: bool
    named: frozenset[str] = frozenset()

    def reaches(self, repository: Subject) -> bool:
        """Whether a public repository can read it."""
        return self.everywhere or repository.name.lower() in self.named


@dataclass(frozen=True, slots=True)
class Above:
    """An organization's secrets, all of them, with the answers that they were read from."""

    secrets: tuple[OrganizationWideSecret, ...]
    evidence: tuple[Atom, ...]


def inherited_secrets(github: GitHub, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET /orgs/{org}/actions/secrets, or the same of one repository."""
    repository = store.fact(Repository, scope)
    unknown = repository.unknown_fields() if repository else {}
    if repository is not None and "in_organization" not in unknown:
        if not repository.in_organization:
            yield Answer(InheritedSecret, scope, (), store.evidence(Repository, scope))
            return
    elif repository is not None:
        yield nothing(InheritedSecret, scope, unknown["in_organization"])
        return
    public = repository is not None and (
        "visibility" not in unknown and repository.visibility == "public"
    )
    above = _above(github, repository.within) if repository is not None and public else None
    if above is not None:
        names = [secret.name for secret in above.secrets if secret.reaches(scope)]
        facts = tuple(_fact(github, scope, name) for name in names)
        evidence = (*above.evidence, *store.evidence(Repository, scope))
        yield Answer(InheritedSecret, scope, facts, evidence)
        return
    yield list_of(github, InheritedSecret, scope)


def _fact(github: GitHub, scope: Subject, name: str) -> InheritedSecret:
    return InheritedSecret(
        subject=Subject("github", "inherited-secret", f"{scope.name}/{name}"),
        within=scope,
        label=name,
        web=github.web,
        name=name,
    )


def _above(github: GitHub, organization: Subject) -> Above | None:
    """The secrets of an organization that is looked at as a whole; None if not all is known."""
    if organization.kind != "org":
        return None
    found: Above | None = github.memo.get(
        ("secrets that are shared", organization), lambda: _read(github, organization)
    )
    return found


def _read(github: GitHub, organization: Subject) -> Above | None:
    path = LIST.at(organization.name)
    listing = github.pages(path, counted=LIST.counted)
    if why_not_whole(listing, OrganizationSecret.requirement, github.kind) is not None:
        return None
    secrets: list[OrganizationWideSecret] = []
    evidence = list(listing.evidence)
    for raw in listing.items:
        told = read(OrganizationSecret, Item(raw, f"GET {path}"), "name", "visibility")
        name, visibility = told["name"], told["visibility"]
        if all_known((name, visibility)) is not None:
            return None
        if visibility != SELECTED:
            secrets.append(OrganizationWideSecret(name, everywhere=visibility == ALL))
            continue
        inner = endpoints.SELECTED.at(organization.name, secret_name=name)
        chosen = github.pages(inner, counted=endpoints.SELECTED.counted)
        names: list[Any] = [Item(one, f"GET {inner}").text("full_name") for one in chosen.items]
        missing = why_not_whole(chosen, OrganizationSecret.requirement, github.kind)
        if missing is not None or all_known(names) is not None:
            return None
        evidence += chosen.evidence
        secrets.append(
            OrganizationWideSecret(name, everywhere=False, named=frozenset(map(str.lower, names)))
        )
    return Above(tuple(secrets), tuple(evidence))


def _lists_all_public(github: GitHub, owner: Subject) -> bool:
    """Whether the organization's lists cover all public repositories."""
    return _above(github, owner) is not None


def _selected(github: GitHub, owner: Subject) -> int:
    """How many secrets are for single repositories."""
    listing = github.pages(LIST.at(owner.name), counted=LIST.counted)
    rows = (Item(raw, "") for raw in listing.items)
    return sum(row.data.get("visibility") == SELECTED for row in rows)


ORGANIZATION = ("org",)
SECRETS = Price(once="secrets of {owner}", endpoint=OrganizationSecret.source)
COLLECTORS = (
    lists(OrganizationSecret, priced=(SECRETS,)),
    Collector(
        "names of inherited secrets",
        (InheritedSecret,),
        inherited_secrets,
        priced=(
            Price(Per.PRIVATE, owners=ORGANIZATION),
            Price(Per.PUBLIC, owners=ORGANIZATION, spared=_lists_all_public),
            replace(SECRETS, owners=ORGANIZATION),
            Price(
                Per.ITEM,
                owners=ORGANIZATION,
                at_most=True,
                counted=_selected,
                what="repositories that secrets are for",
                endpoint=endpoints.SELECTED.source,
            ),
            Price(owners=("repo",), at_most=True),
        ),
    ),
)
