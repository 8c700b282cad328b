"""Reads the alerts that are open: of an organization at once, else of one repository."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.asking import place, why_not_whole
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.pages import read_pages
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item, all_known
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.facts.github import endpoints
from hardenme.facts.github.alerts import (
    MalwareAlert,
    RepositoryDependabotAlerts,
    RepositoryMalwareAlerts,
    RepositorySecretAlerts,
    SecretAlert,
    VulnerabilityAlert,
)
from hardenme.facts.github.repository import Repository
from hardenme.model.depth import BEYOND, Depth
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer, Endpoint
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown

Kind = (
    type[RepositoryDependabotAlerts] | type[RepositoryMalwareAlerts] | type[RepositorySecretAlerts]
)


@dataclass(frozen=True, slots=True)
class Lists:
    """Where alerts are listed: for all repositories of an organization, and for a single one."""

    whole: Endpoint
    own: Endpoint

    def asking(self, query: str) -> Lists:
        """Some of them."""
        return Lists(self.whole.asking(query), self.own.asking(query))


DEPENDABOT = Lists(endpoints.ORGANIZATION_DEPENDABOT, endpoints.DEPENDABOT)
SCANNING = Lists(endpoints.ORGANIZATION_SCANNING, endpoints.SCANNING)
CRITICAL = DEPENDABOT.asking("state=open&severity=critical")
MALWARE = DEPENDABOT.asking("state=open&classification=malware")
SECRETS = SCANNING.asking("state=open&hide_secret=true")
"""The secrets themselves are not asked for."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many alerts are open: all that is kept of a list.

    Attributes:
        found: how many were seen, by a repository's name in lower case; empty for the one asked.
        missing: why they are not all; None if they are.
        evidence: the list.
    """

    found: dict[str, int]
    missing: Unknown | None
    evidence: tuple[Atom, ...]


COUNTED: dict[Kind, Any] = {
    RepositoryDependabotAlerts: VulnerabilityAlert(state="open", severity="critical"),
    RepositoryMalwareAlerts: MalwareAlert(state="open", about="malware"),
    RepositorySecretAlerts: SecretAlert(state="open"),
}
"""The alerts that matter, whatever the list was asked for."""


def _count(github: GitHub, kind: Kind, endpoint: Endpoint, scope: str, *, whole: bool) -> Counts:
    """Count the open alerts of a list; nothing else of it is kept, and no file holds it."""
    path = endpoint.at(scope)
    listing = read_pages(github.session, path, counted=endpoint.counted, store=False)
    missing = why_not_whole(listing, kind.requirement, github.kind)
    found: dict[str, int] = {}
    for raw in listing.items:
        item = Item(raw, f"GET {path.partition('?')[0]}")
        matters = COUNTED[kind]
        told = read(type(matters), item)
        name: Any = item.item("repository").text("full_name") if whole else ""
        unknown = all_known((*told.values(), name))
        if unknown is not None:
            missing = missing or replace(unknown, evidence=listing.evidence)
        elif type(matters)(**told) == matters:
            found[name.lower()] = found.get(name.lower(), 0) + 1
    return Counts(found, missing, listing.evidence)


def _of_organization(github: GitHub, kind: Kind, owner: str, lists: Lists) -> Counts:
    """The alerts of all repositories of an organization: asked once in a run."""
    found: Counts = github.memo.get(
        ("alerts", lists.whole.at(owner)),
        lambda: _count(github, kind, lists.whole, owner, whole=True),
    )
    return found


def _alerts(
    kind: Kind, lists: Lists
) -> Callable[[GitHub, Subject, FactStore], Iterator[Answer[Any]]]:
    def read(github: GitHub, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
        if store.get(kind, scope) is not None:
            return
        number, seen, evidence = _number(github, scope, store)
        evidence = evidence or store.evidence(Repository, scope)
        if not evidence:
            yield nothing(kind, scope, number)
            return
        fact = kind(
            **place(github, scope),
            open=number,
            seen=seen,
        )
        yield Answer(kind, scope, (fact,), evidence)

    def _number(
        github: GitHub, scope: Subject, store: FactStore
    ) -> tuple[Any, int, tuple[Atom, ...]]:
        """How many alerts are open, how many were seen, and where."""
        repository = store.fact(Repository, scope)
        unread = repository.unknown_fields() if repository else {}
        missing: Unknown | None = unread.get("in_organization")
        evidence: tuple[Atom, ...] = ()
        seen = 0
        if repository is not None and missing is None and repository.in_organization:
            owner = scope.name.partition("/")[0]
            counts = _of_organization(github, kind, owner, lists)
            seen = counts.found.get(scope.name.lower(), 0)
            missing, evidence = counts.missing, counts.evidence
            if missing is None or seen:
                return (seen if missing is None else missing), seen, evidence
        if store.depth < Depth.DEEP:
            return missing or BEYOND[Depth.DEEP], seen, evidence
        counts = _count(github, kind, lists.own, scope.name, whole=False)
        seen = counts.found.get("", 0)
        number = seen if counts.missing is None else counts.missing
        return number, seen, (*evidence, *counts.evidence)

    return read


OWN = DEPENDABOT.own.source
SCANNED = SCANNING.own.source


def _where_refused(lists: Lists, endpoint: str) -> Price:
    """What is sent where an organization's list is not answered."""

    def answered(github: GitHub, owner: Subject) -> bool:
        try:
            return github.get(lists.whole.asking("per_page=1").at(owner.name)).ok
        except NoAnswerError:
            return False

    return Price(
        Per.REPOSITORY,
        depth=Depth.DEEP,
        owners=("org",),
        at_most=True,
        spared=answered,
        endpoint=endpoint,
    )


COLLECTORS = (
    Collector(
        "Dependabot's alerts",
        (RepositoryDependabotAlerts,),
        _alerts(RepositoryDependabotAlerts, CRITICAL),
        priced=(
            Price(owners=("org",), endpoint=DEPENDABOT.whole.source),
            _where_refused(CRITICAL, OWN),
            Price(Per.REPOSITORY, at_most=True, depth=Depth.DEEP, owners=("user",), endpoint=OWN),
            Price(owners=("repo",), at_most=True, endpoint=OWN),
        ),
    ),
    Collector(
        "alerts of malware",
        (RepositoryMalwareAlerts,),
        _alerts(RepositoryMalwareAlerts, MALWARE),
        priced=(
            Price(owners=("org",), endpoint=DEPENDABOT.whole.source),
            _where_refused(CRITICAL, OWN),
            Price(Per.REPOSITORY, depth=Depth.DEEP, owners=("user",), endpoint=OWN),
            Price(owners=("repo",), at_most=True, endpoint=OWN),
        ),
    ),
    Collector(
        "alerts of secret scanning",
        (RepositorySecretAlerts,),
        _alerts(RepositorySecretAlerts, SECRETS),
        priced=(
            Price(owners=("org",), endpoint=SCANNING.whole.source),
            _where_refused(SECRETS, SCANNED),
            Price(Per.REPOSITORY, depth=Depth.DEEP, owners=("user",), endpoint=SCANNED),
            Price(owners=("repo",), at_most=True, endpoint=SCANNED),
        ),
    ),
)
