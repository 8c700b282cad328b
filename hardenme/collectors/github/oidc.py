"""Reads what the tokens of a repository's workflows call it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from hardenme.collectors.book import Book
from hardenme.collectors.github.asking import nothing, single
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.facts.github.releases import InheritedOidcSubject, OidcSubject
from hardenme.facts.github.repository import Repository
from hardenme.model.depth import Depth
from hardenme.model.fact import Answer
from hardenme.model.known import field
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

SUBJECT = "/actions/oidc/customization/sub"
NUMBERED = re.compile(r"repo:[^/@:]+@\d+/[^/@:]+@\d+")
"""The beginning of a subject that has the numbers of the owner and of the repository."""


ABOVE = Unknown(Reason.NOT_ASKED, "nothing: the repository's own value decides")


def oidc_subject(github: GitHub, scope: Subject, book: Book) -> Iterator[Answer[Any]]:
    """GET /repos/{owner}/{repo}/actions/oidc/customization/sub, and of its organization.

    The organization is asked where the repository's own answer leaves it open.
    """
    path = f"/repos/{scope.name}{SUBJECT}"
    own = single(github, OidcSubject, scope, path, lambda item: _own(github, scope, item))
    yield own
    decided = own.missing or next(map(_decided, own.facts), None)
    if decided is not None or not _owned(book, scope):
        yield nothing(InheritedOidcSubject, scope, decided or ABOVE)
        return
    owner = quote(scope.name.partition("/")[0], safe="")
    yield single(
        github,
        InheritedOidcSubject,
        scope,
        f"/orgs/{owner}{SUBJECT}",
        lambda item: InheritedOidcSubject(
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


def _decided(own: OidcSubject) -> Unknown | None:
    """Why the organization is not asked; None where its setting may count.

    GitHub: "If not set at the repository level, falls back to the organization-level setting". Not
    set may come as no key or as False.
    """
    unknown = own.unknown_fields()
    unset = unknown.get("immutable")
    if unset is not None and unset.reason is not Reason.NOT_VISIBLE:
        return unset
    if "default" in unknown:
        return unknown["default"]
    on = unset is None and own.immutable
    return ABOVE if on or not own.default else None


def _owned(book: Book, scope: Subject) -> bool:
    """Whether an organization may own the repository."""
    repository = book.fact(Repository, scope)
    return repository is None or field(repository, "in_organization") is not False


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
        (OidcSubject, InheritedOidcSubject),
        oidc_subject,
        of=(Repository,),
        depth=Depth.DEEP,
        priced=(
            Price(Per.REPOSITORY),
            Price(
                owners=("org", "repo"),
                at_most=True,
                endpoint="GET /orgs/{org}/actions/oidc/customization/sub",
            ),
        ),
    ),
)
