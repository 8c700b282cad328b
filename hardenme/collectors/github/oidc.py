"""Reads what the tokens of a repository's workflows call it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from hardenme.collectors.book import Book
from hardenme.collectors.github.asking import single
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.facts.github.releases import OidcSubject, OrganizationOidcSubject
from hardenme.facts.github.repository import Repository
from hardenme.model.depth import Depth
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown

SUBJECT = "/actions/oidc/customization/sub"
NUMBERED = re.compile(r"repo:[^/@:]+@\d+/[^/@:]+@\d+")
"""The beginning of a subject that has the numbers of the owner and of the repository."""


def oidc_subject(github: GitHub, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """GET /repos/{owner}/{repo}/actions/oidc/customization/sub."""
    path = f"/repos/{scope.name}{SUBJECT}"
    yield single(github, OidcSubject, scope, path, lambda item: _own(github, scope, item))


def organization_subject(github: GitHub, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """GET /orgs/{org}/actions/oidc/customization/sub."""
    yield single(
        github,
        OrganizationOidcSubject,
        scope,
        f"/orgs/{quote(scope.name, safe='')}{SUBJECT}",
        lambda item: OrganizationOidcSubject(
            **_place(github, scope), immutable=item.flag("use_immutable_subject")
        ),
    )


def _own(github: GitHub, scope: Subject, item: Item) -> OidcSubject:
    default: Any = item.flag("use_default")
    return OidcSubject(
        **_place(github, scope),
        immutable=item.flag("use_immutable_subject"),
        default=default,
        numbered=_numbered(item),
        claims=() if default is True else _claims(item),
    )


def _place(github: GitHub, scope: Subject) -> dict[str, Any]:
    return {"subject": scope, "within": scope, "label": scope.name, "web": github.web}


def _numbered(item: Item) -> Any:
    prefix: Any = item.text("sub_claim_prefix")
    return prefix if isinstance(prefix, Unknown) else NUMBERED.fullmatch(prefix) is not None


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
    Collector(
        "OIDC subject of an organization",
        "github",
        (OrganizationOidcSubject,),
        organization_subject,
        roots=("github:org",),
        depth=Depth.DEEP,
    ),
)
