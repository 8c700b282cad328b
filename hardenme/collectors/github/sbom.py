"""Asks whether the dependency graph gives out a bill of materials."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.answer import known, nothing
from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.asking import place
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.refusal import refusal, scopes, sso_left_out
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.facts.github import endpoints
from hardenme.facts.github.files import CONTENTS, RepositoryRelease, RepositorySbomExport
from hardenme.facts.github.token import CLASSIC, OAUTH
from hardenme.model.fact import Answer
from hardenme.model.permission import expand_scopes
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

NO_NEED = Unknown(Reason.NOT_ASKED, "a release without an SBOM")


def export(github: GitHub, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET /repos/{owner}/{repo}/dependency-graph/sbom, where the newest release carries none."""
    release = store.fact(RepositoryRelease, scope)
    unread = release.unknown_fields() if release else {}
    if release is not None and not unread and (release.tag is None or release.sboms):
        yield nothing(RepositorySbomExport, scope, NO_NEED)
        return
    try:
        response = github.get(RepositorySbomExport.endpoint.at(scope.name))
        available: Any = _available(response)
        if response.status == 404 and _reads_contents(github, response, scope):  # noqa: PLR2004 (HTTP's)
            available = False
    except NoAnswerError as error:
        yield nothing(RepositorySbomExport, scope, error.unknown)
        return
    if available is None:
        why = refusal(response, CONTENTS, github.kind)
        yield nothing(RepositorySbomExport, scope, why)
        return
    fact = RepositorySbomExport(**place(github, scope), available=available)
    yield known(RepositorySbomExport, scope, response, fact)


def _available(response: Response) -> Any:
    """Whether an answer is a list; None if it is a refusal."""
    if not response.ok:
        return None
    if (left_out := sso_left_out(response)) is not None:
        return left_out
    return read(RepositorySbomExport, Item(response.json(), response.endpoint))["available"]


def _reads_contents(github: GitHub, response: Response, scope: Subject) -> bool:
    """Whether a plain 404 can only mean that there is nothing: the token reads the contents.

    Raises:
        NoAnswerError: no usable answer came.
    """
    if github.kind in {CLASSIC, OAUTH} and "repo" not in expand_scopes(
        scopes(response.headers.get("x-oauth-scopes", ""))
    ):
        return False
    return github.get(endpoints.RELEASE.at(scope.name)).ok


COLLECTORS = (
    Collector(
        "dependency graph's list",
        (RepositorySbomExport,),
        export,
        priced=(Price(Per.REPOSITORY, at_most=True),),
    ),
)
