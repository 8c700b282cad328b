"""Reads what the tokens of a repository's workflows call it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.book import Book
from hardenme.collectors.github.asking import single
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.facts.github.releases import OidcSubject
from hardenme.facts.github.repository import Repository
from hardenme.model.depth import Depth
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject


def oidc_subject(github: GitHub, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """GET /repos/{owner}/{repo}/actions/oidc/customization/sub."""

    def build(item: Item) -> OidcSubject:
        default: Any = item.flag("use_default")
        claims: Any = ()
        if default is not True:
            claims = _claims(item)
        return OidcSubject(
            subject=scope,
            within=scope,
            label=scope.name,
            web=github.web,
            immutable=item.flag("use_immutable_subject"),
            default=default,
            claims=claims,
        )

    path = f"/repos/{scope.name}/actions/oidc/customization/sub"
    yield single(github, OidcSubject, scope, path, build)


def _claims(item: Item) -> Any:
    if "include_claim_keys" not in item:
        return item.absent("include_claim_keys")
    claims = item.data["include_claim_keys"]
    if not isinstance(claims, list) or not all(isinstance(claim, str) for claim in claims):
        return item.odd("include_claim_keys")
    return tuple(claims)


COLLECTORS = (
    Collector(
        "OIDC subject",
        "github",
        (OidcSubject,),
        oidc_subject,
        of=(Repository,),
        depth=Depth.DEEP,
    ),
)
