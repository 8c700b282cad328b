"""Which organizations a credential reaches, each by its login and by the ID that stays with it.

Source: GitHub's "REST API endpoints for organizations" and "for GitHub Apps", and the GraphQL type
`Enterprise`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from hardenme.collectors.github.asking import unanswered, why_not_whole
from hardenme.collectors.github.client import GitHub, Graph
from hardenme.collectors.github.connection import PagedConnection, countable
from hardenme.collectors.github.pages import read_pages
from hardenme.collectors.github.refusal import wanted
from hardenme.collectors.reading import Item
from hardenme.collectors.transport.session import Session
from hardenme.facts.github import endpoints
from hardenme.facts.github.token import CLASSIC, OAUTH
from hardenme.ground.names import LOGIN
from hardenme.model.permission import NOTHING, any_of, classic, role
from hardenme.model.unknown import NotKnownError, Reason, Unknown

ORGANIZATION = "Organization"
LISTING = any_of(classic("read:org"), classic("user"))
OF_ENTERPRISE = any_of({classic("read:enterprise"), role("enterprise owner")})
"""Source: GitHub's GraphQL schema, and "GitHub's APIs" on enterprise accounts."""
GRAPHQL = "POST /graphql"
IN_ENTERPRISE = """query EnterpriseOrganizations($slug: String!, $after: String) {
  enterprise(slug: $slug) {
    viewerIsAdmin
    organizations(first: 100, after: $after) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes { login databaseId }
    }
  }
}
"""


@dataclass(frozen=True, slots=True)
class ListedOrganization:
    """An organization of a list.

    Attributes:
        login: its name, which may go to someone else.
        number: its ID, which does not.
        suspended: whether the GitHub App's installation on it gives no tokens.
    """

    login: str
    number: str
    suspended: bool = False


@dataclass(frozen=True, slots=True)
class OrganizationList:
    """The organizations that a credential reaches.

    Attributes:
        entries: sorted by their logins.
        missing: why there may be more; None if these are all.
    """

    entries: tuple[ListedOrganization, ...]
    missing: Unknown | None


def organizations_of(github: GitHub) -> OrganizationList:
    """The organizations of the token's account.

    GitHub shows a fine-grained token none, without an error. It documents the list for classic
    tokens and for OAuth apps alone.
    """
    endpoint = endpoints.ACCOUNT_ORGANIZATIONS
    path = endpoint.at()
    listing = read_pages(github.session, path, counted=endpoint.counted)
    missing = why_not_whole(listing, LISTING, github.kind)
    if missing is None and github.kind not in {CLASSIC, OAUTH}:
        missing = Unknown(
            Reason.NOT_PERMITTED,
            wanted(LISTING, github.kind),
            "a token of this kind may be shown only some organizations, or none",
            listing.evidence,
        )
    return _list(listing.items, f"GET {path}", missing, _of_account)


def installations_of(session: Session) -> OrganizationList:
    """The organizations on which a GitHub App is installed.

    Args:
        session: signs each request by the app's key.
    """
    endpoint = endpoints.APP_INSTALLATIONS
    path = endpoint.at()
    listing = read_pages(session, path, counted=endpoint.counted)
    return _list(
        listing.items, f"GET {path}", why_not_whole(listing, NOTHING, ""), _of_installation
    )


def organizations_in(github: GitHub, enterprise: str) -> OrganizationList:
    """The organizations of an enterprise, also those that the account has not joined.

    Who does not own the enterprise may be shown only some of them, so then the list is not whole.

    Args:
        enterprise: as its page's address names it.
    """
    pages, found = PagedConnection("organization", "organizations"), list[Any]()
    owns: list[bool] = []

    def ask(after: str | None) -> tuple[Graph, dict[str, Any] | None]:
        graph = github.graphql(IN_ENTERPRISE, {"slug": enterprise, "after": after})
        item = Item((graph.data or {}).get("enterprise"), GRAPHQL)
        owns.append(item.flag("viewerIsAdmin") is True)
        return graph, countable(item.data.get("organizations"))

    refused = partial(unanswered, github, requirement=OF_ENTERPRISE)
    for graph, page in pages.pages(ask, refused):
        for raw in page["nodes"]:
            if pages.add(Item(raw, GRAPHQL).text("login"), graph):
                found.append(raw)
    missing = pages.missing
    if missing is None and not all(owns):
        missing = Unknown(
            Reason.NOT_PERMITTED,
            wanted(OF_ENTERPRISE, github.kind),
            "who does not own an enterprise may be shown only some of its organizations",
            pages.evidence(f" organizations of {enterprise}"),
        )
    return _list(found, GRAPHQL, missing, _of_enterprise)


def _list(
    items: Iterable[Any],
    source: str,
    missing: Unknown | None,
    build: Callable[[Item], ListedOrganization | None],
) -> OrganizationList:
    found: dict[str, ListedOrganization] = {}
    for raw in items:
        item = Item(raw, source)
        try:
            entry = build(item)
        except NotKnownError as error:
            missing = missing or error.unknown
            continue
        if entry is not None:
            if entry.login.lower() in found:
                missing = missing or item.odd("login")
            found.setdefault(entry.login.lower(), entry)
    return OrganizationList(tuple(found[name] for name in sorted(found)), missing)


def _of_account(item: Item) -> ListedOrganization:
    return ListedOrganization(_login(item), _number(item, "id"))


def _of_enterprise(item: Item) -> ListedOrganization:
    return ListedOrganization(_login(item), _number(item, "databaseId"))


def _of_installation(item: Item) -> ListedOrganization | None:
    """The organization of an installation; None for one on an account or an enterprise."""
    if item.identity("target_type") != ORGANIZATION:
        return None
    if "suspended_at" not in item:
        raise NotKnownError(item.absent("suspended_at"))
    login = _login(item.item("account"))
    return ListedOrganization(login, _number(item, "target_id"), item.has_value("suspended_at"))


def _login(item: Item) -> str:
    """The login.

    Raises:
        NotKnownError: there is none, or it is not of the form of one.
    """
    login = item.text("login")
    if isinstance(login, Unknown):
        raise NotKnownError(login)
    if not LOGIN.fullmatch(login):
        raise NotKnownError(item.odd("login"))
    return login


def _number(item: Item, name: str) -> str:
    """The ID.

    Raises:
        NotKnownError: there is none.
    """
    found = item.number(name)
    if isinstance(found, Unknown):
        raise NotKnownError(found)
    return str(found)
