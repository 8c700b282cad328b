"""Reads what answers show about the token itself; nothing is ever changed to find out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hardenme.collectors.answer import known, nothing
from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.account import ACCOUNT
from hardenme.collectors.github.asking import fetch, listed, why_not_whole
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.membership import MEMBERSHIP_LIST, MEMBERSHIPS
from hardenme.collectors.github.pages import MOST_PAGES, PER_PAGE
from hardenme.collectors.github.refusal import partial_results, scopes, wanted
from hardenme.collectors.github.witnesses import MOST as MOST_WITNESSES
from hardenme.collectors.github.witnesses import Witnesses
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.collectors.transport.response import Response
from hardenme.facts.github import endpoints
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.token import (
    CLASSIC,
    KINDS,
    OAUTH,
    Token,
    TokenReach,
    TokenScopes,
    TokenVisibility,
    TokenWriteProbe,
)
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.maybe import first_unknown
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.values import moment

EXPIRY = "github-authentication-token-expiration"
PRIVATE = endpoints.PRIVATE.at()
OWN_LIST = endpoints.OWNED.at()


def _place(github: GitHub, scope: Subject) -> dict[str, Any]:
    return {"subject": scope, "within": scope, "label": "", "web": github.web}


def token(github: GitHub, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """GET /user: kind, expiry and, for classic tokens, the scopes, from the headers."""
    found = fetch(github, endpoints.ACCOUNT.at(), Token.requirement)
    if isinstance(found, Unknown):
        yield nothing(Token, scope, found)
        yield nothing(TokenScopes, scope, found)
        return
    response, item = found
    kind = kind_of(github, response)
    yield known(
        Token,
        scope,
        response,
        Token(
            **_place(github, scope),
            kind=kind,
            **read(Token, item, "login"),
            expires_at=expiry(response),
        ),
    )
    yield _scopes(github, scope, response, kind)


def kind_of(github: GitHub, response: Response) -> Any:
    """The kind by the prefix, where the family of headers does not speak against it."""
    lists_scopes = "x-oauth-scopes" in response.headers
    if github.kind in {CLASSIC, OAUTH} and lists_scopes:
        return github.kind
    if github.kind and github.kind not in {CLASSIC, OAUTH} and not lists_scopes:
        return github.kind
    return Unknown(
        Reason.MALFORMED,
        "headers that fit the token's prefix; a proxy between may change them",
        seen="prefix and headers disagree",
        evidence=(response.atom,),
    )


def expiry(response: Response) -> Any:
    """The token's end; None if the answer has no such header, unknown if it is not read."""
    if EXPIRY not in response.headers:
        return None
    try:
        return moment(response.headers[EXPIRY])
    except ValueError:
        return Unknown(
            Reason.MALFORMED,
            f"the header {EXPIRY} in a form that hardenme can read",
            seen="odd date",
        )


def _scopes(github: GitHub, scope: Subject, response: Response, kind: Any) -> Answer[TokenScopes]:
    if kind not in {CLASSIC, OAUTH}:
        if isinstance(kind, Unknown):
            return nothing(TokenScopes, scope, kind)
        return known(TokenScopes, scope, response)
    granted = scopes(response.headers["x-oauth-scopes"])
    return known(
        TokenScopes, scope, response, TokenScopes(**_place(github, scope), granted=granted)
    )


def write_probe(github: GitHub, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """Reads that GitHub guards with write, for one repository and the organization that owns it."""
    if github.kind in {CLASSIC, OAUTH}:
        found = fetch(github, endpoints.ACCOUNT.at(), Token.requirement)
        if isinstance(found, Unknown):
            yield nothing(TokenWriteProbe, scope, found)
        else:
            yield known(TokenWriteProbe, scope, found[0])
        return
    first, evidence, missing = _tried_at(github)
    if first is None:
        yield Answer(TokenWriteProbe, scope, (), evidence, missing)
        return
    name = str(first.data.get("full_name"))
    found = fetch(github, endpoints.REPOSITORY.at(name), TokenWriteProbe.requirement)
    if isinstance(found, Unknown):
        yield nothing(TokenWriteProbe, scope, found)
        return
    response, item = found
    owner = item.item("owner")
    organization = name.partition("/")[0] if owner.data.get("type") == "Organization" else ""
    witnesses = Witnesses(github)
    witnesses.ask(name, item, organization)
    told = {"repository": first.text("full_name"), **witnesses.found}
    fact = TokenWriteProbe(**_place(github, scope) | told)
    yield Answer(TokenWriteProbe, scope, (fact,), (response.atom, *witnesses.evidence))


def _tried_at(github: GitHub) -> tuple[Item | None, tuple[Atom, ...], Unknown | None]:
    """A repository that the token was surely given: a private one; else the first own one."""
    closed = github.pages(PRIVATE, counted=endpoints.PRIVATE.counted)
    rights = [(raw, raw.get("permissions")) for raw in closed.items if isinstance(raw, dict)]
    run = [raw for raw, held in rights if isinstance(held, dict) and held.get("admin") is True]
    for raw in (*run, *closed.items):
        return Item(raw, f"GET {PRIVATE}"), closed.evidence, None
    own = github.pages(OWN_LIST, counted=endpoints.OWNED.counted)
    missing = why_not_whole(own, TokenWriteProbe.requirement, github.kind)
    first = next((Item(raw, f"GET {OWN_LIST}") for raw in own.items), None)
    return first, own.evidence, missing


def reach(github: GitHub, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """GET /user/repos?visibility=private: the private repositories that the token can read."""
    answer = listed(github, TokenReach, scope, PRIVATE, lambda _: None)
    if answer.missing is not None:
        yield answer
        return
    items = [
        Item(raw, f"GET {PRIVATE}")
        for raw in github.pages(PRIVATE, counted=endpoints.PRIVATE.counted).items
    ]
    names: tuple[Any, ...] = tuple(item.text("full_name") for item in items)
    odd = first_unknown(names)
    fact = TokenReach(**_place(github, scope), private_repositories=odd or names)
    yield Answer(TokenReach, scope, (fact,), answer.evidence)


def token_visibility(github: GitHub, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """Compares what the account says it owns with what the token lists."""
    found = fetch(github, endpoints.ACCOUNT.at(), TokenVisibility.requirement)
    if isinstance(found, Unknown):
        yield nothing(TokenVisibility, scope, found)
        return
    response, item = found
    listing = github.pages(MEMBERSHIPS, counted=endpoints.MEMBERSHIPS.counted)
    hidden: Any = tuple(
        number for response in listing.responses for number in partial_results(response)
    )
    if not hidden and github.kind in {CLASSIC, OAUTH}:
        # Tokens of the other kinds belong to one owner, who let them in when they were made.
        hidden = why_not_whole(listing, TokenVisibility.requirement, github.kind) or ()
    owned: Any = item.number("owned_private_repos")
    if isinstance(owned, Unknown):
        owned = Unknown(
            Reason.NOT_PERMITTED,
            wanted(TokenVisibility.requirement, github.kind),
            owned.seen,
            (response.atom,),
        )
    public: Any = item.number("public_repos")
    own = github.pages(OWN_LIST, counted=endpoints.OWNED.counted)
    missing = why_not_whole(own, Repository.requirement, github.kind)
    yield Answer(
        TokenVisibility,
        scope,
        (
            TokenVisibility(
                **_place(github, scope),
                visible=missing or len(own.items),  # type: ignore[arg-type]  # as above
                owned=_sum(public, owned),
                sso_hidden=hidden,
            ),
        ),
        (response.atom, *listing.evidence, *own.evidence),
    )


def _sum(*parts: Any) -> Any:
    return first_unknown(parts) or sum(parts)


OWN = Price(
    Per.LISTED,
    page=PER_PAGE,
    looks_back=MOST_PAGES,
    once="repositories of the account",
    endpoint=endpoints.OWNED.source,
)
CLOSED = Price(once="private repositories", endpoint=endpoints.PRIVATE.source)
UNSCOPED = tuple(kind for kind in KINDS if kind not in {CLASSIC, OAUTH})
COLLECTORS = (
    Collector(
        "GitHub token",
        (Token, TokenScopes),
        token,
        priced=(ACCOUNT,),
    ),
    Collector(
        "GitHub token's rights to write",
        (TokenWriteProbe,),
        write_probe,
        priced=(
            ACCOUNT,
            replace(CLOSED, kinds=UNSCOPED),
            replace(OWN, kinds=UNSCOPED, at_most=True),
            Price(kinds=UNSCOPED, at_most=True, endpoint=endpoints.REPOSITORY.source),
            *[Price(kinds=UNSCOPED, at_most=True)] * MOST_WITNESSES,
        ),
    ),
    Collector("GitHub token's reach", (TokenReach,), reach, priced=(CLOSED,)),
    Collector(
        "GitHub token's sight",
        (TokenVisibility,),
        token_visibility,
        priced=(ACCOUNT, MEMBERSHIP_LIST, OWN),
    ),
)
