"""Reads the default set-up of code scanning."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.book import Book
from hardenme.collectors.declared import read
from hardenme.collectors.github.asking import fetch, known, nothing
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.protocol import Collector
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.facts.github.alerts import RepositoryCodeScanning
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown

NOT_OFFERED = "must be enabled for this repository to use code scanning"
"""GitHub's words where the plan lacks it; before them stands the product's name of the day."""


def default_setup(github: GitHub, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """GET /repos/{owner}/{repo}/code-scanning/default-setup."""
    path = f"/repos/{scope.name}/code-scanning/default-setup"
    place: dict[str, Any] = {
        "subject": scope,
        "within": scope,
        "label": scope.name,
        "web": github.web,
    }
    try:
        response = github.get(path)
    except NoAnswerError as error:
        yield nothing(RepositoryCodeScanning, scope, error.unknown)
        return
    if response.status == 403 and NOT_OFFERED in response.message().lower():  # noqa: PLR2004 (HTTP's)
        # What the plan does not offer is known to be off.
        fact = RepositoryCodeScanning(**place, configured=False, offered=False)
        yield known(RepositoryCodeScanning, scope, response, fact)
        return
    found = fetch(github, path, RepositoryCodeScanning.requirement)
    if isinstance(found, Unknown):
        yield nothing(RepositoryCodeScanning, scope, found)
        return
    fact = RepositoryCodeScanning(**place, **read(RepositoryCodeScanning, found[1]), offered=True)
    yield known(RepositoryCodeScanning, scope, response, fact)


COLLECTORS = (
    Collector(
        "default set-up of code scanning",
        (RepositoryCodeScanning,),
        default_setup,
    ),
)
