"""Reads the default setup of code scanning."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.answer import known, nothing
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.asking import place
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.declared import single_of
from hardenme.collectors.protocol import Collector
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.facts.github.alerts import RepositoryCodeScanning
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject

NOT_OFFERED = "must be enabled for this repository to use code scanning"
"""GitHub's words where the plan lacks it; the product's current name comes before them."""


def default_setup(github: GitHub, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """GET /repos/{owner}/{repo}/code-scanning/default-setup."""
    try:
        response = github.get(RepositoryCodeScanning.endpoint.at(scope.name))
    except NoAnswerError as error:
        yield nothing(RepositoryCodeScanning, scope, error.unknown)
        return
    if response.status == 403 and NOT_OFFERED in response.message().lower():  # noqa: PLR2004 (HTTP's)
        # What the plan does not offer is known to be off.
        fact = RepositoryCodeScanning(**place(github, scope), configured=False, offered=False)
        yield known(RepositoryCodeScanning, scope, response, fact)
        return
    yield single_of(github, RepositoryCodeScanning, scope, offered=True)


COLLECTORS = (
    Collector(
        "default setup of code scanning",
        (RepositoryCodeScanning,),
        default_setup,
    ),
)
