"""Reads a repository's keys and private reporting, which have no batched form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.asking import place, visibility
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.declared import list_of, single_of
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.facts.github.repository import (
    DeployKey,
    Repository,
    RepositoryPrivateReporting,
)
from hardenme.model.depth import Depth
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown


def private_reporting(github: GitHub, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET /repos/{owner}/{repo}/private-vulnerability-reporting, of public repositories."""
    shown = visibility(scope, store)
    if isinstance(shown, Unknown):
        yield nothing(RepositoryPrivateReporting, scope, shown)
        return
    if shown != "public":
        fact = RepositoryPrivateReporting(**place(github, scope), enabled=False, applicable=False)
        yield Answer(RepositoryPrivateReporting, scope, (fact,), store.evidence(Repository, scope))
        return
    yield single_of(github, RepositoryPrivateReporting, scope, applicable=True)


def deploy_keys(github: GitHub, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET /repos/{owner}/{repo}/keys, which shows their use, unless the batch counted to zero."""
    batched = store.get(DeployKey, scope)
    if batched is not None and not batched.facts:
        return

    found = list_of(github, DeployKey, scope)
    counted = 0 if batched is None else len(batched.facts)
    if found.missing is None and len(found.facts) < counted:
        seen = f"{len(found.facts)} of {counted} keys"
        needed = f"every key of GET {DeployKey.endpoint.at(scope.name)}; run again"
        found = replace(found, missing=Unknown(Reason.INCOMPLETE, needed, seen, found.evidence))
    yield found


COLLECTORS = (
    Collector(
        "private vulnerability reporting",
        (RepositoryPrivateReporting,),
        private_reporting,
        priced=(Price(Per.PUBLIC),),
    ),
    Collector(
        "deploy keys",
        (DeployKey,),
        deploy_keys,
        deeper=Depth.STANDARD,
        priced=(Price(Per.REPOSITORY, at_most=True),),
    ),
)
