"""Reads the versions that wait for a person's approval: one list for all packages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.npm.asking import fetch, no_name, no_token, place
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.npm.package import OF, ROOT
from hardenme.collectors.npm.pages import lost, pages
from hardenme.collectors.npm.presented import is_session
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.facts.npm.access import PackageCollaborators
from hardenme.facts.npm.account import NpmAccount
from hardenme.facts.npm.endpoints import STAGE
from hardenme.facts.npm.names import addressable
from hardenme.facts.npm.package import PackageGrant
from hardenme.facts.npm.publishing import StagedVersion
from hardenme.facts.npm.rights import WRITE
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown


def staged(npm: Npm, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET /-/stage, all pages, once for all packages."""
    if npm.secret is None:
        yield nothing(StagedVersion, scope, no_token(npm, StagedVersion))
        return
    if not addressable(scope.name):
        yield nothing(StagedVersion, scope, no_name("a package"))
        return
    queue = pages(npm, StagedVersion)
    missing = queue.missing
    facts: dict[Subject, StagedVersion] = {}
    for item in queue.items:
        told = read(StagedVersion, item)
        if isinstance(told["package"], Unknown):
            missing = missing or lost(STAGE, "a version without a package", queue.evidence)
        elif told["package"] == scope.name:
            fact = _version(npm, scope, item.data[STAGE.identity], told)
            facts.setdefault(fact.subject, fact)
    if missing is None and not facts and not _publishes(npm, scope, store):
        missing = Unknown(
            Reason.NOT_PERMITTED,
            "write access to the package: the list holds what the account may publish",
            f"nothing waits of {scope.name} that the account sees",
            queue.evidence,
        )
    if missing is None and not facts and not is_session(npm):
        missing = Unknown(
            Reason.NOT_PERMITTED,
            "a session token: a granular one that only reads shows versions that wait, and does not"
            " prove that none does",
            f"nothing waits of {scope.name} that the token sees",
            queue.evidence,
        )
    yield Answer(StagedVersion, scope, tuple(facts.values()), queue.evidence, missing)


def _version(npm: Npm, scope: Subject, number: str, told: dict[str, Any]) -> StagedVersion:
    label = told["version"] if isinstance(told["version"], str) else number
    subject = Subject("npm", STAGE.kind, number)
    return StagedVersion(**place(npm, subject, scope, f"{scope.name}@{label}"), **told)


def _publishes(npm: Npm, scope: Subject, store: FactStore) -> bool:
    """Whether the account is known to publish a package, so that its queue is shown to it."""
    grant = store.fact(PackageGrant, scope)
    if grant is not None and "writes" not in grant.unknown_fields():
        return grant.writes
    who = fetch(npm, NpmAccount)
    told = fetch(npm, PackageCollaborators, package=scope.name)
    if isinstance(who, Unknown) or isinstance(told, Unknown):
        return False
    right = told[1].data.get(str(who[1].data.get("username")))
    return isinstance(right, str) and right in WRITE


COLLECTORS = (
    Collector(
        "npm staged versions",
        (StagedVersion,),
        staged,
        roots=ROOT,
        of=OF,
        priced=(Price(Per.RUN),),
    ),
)
