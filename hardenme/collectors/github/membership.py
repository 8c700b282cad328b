"""Reads the organizations that the account belongs to, and what it does in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hardenme.collectors.answer import known, nothing
from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.asking import listed, why_not_whole
from hardenme.collectors.github.client import GitHub, Graph
from hardenme.collectors.github.refusal import wanted
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item, all_known
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.facts.github.account import (
    Membership,
    OrganizationContributions,
    OwnerTwoFactorView,
)
from hardenme.facts.github.token import CLASSIC, OAUTH
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

MEMBERSHIPS = Membership.endpoint.at()
CONTRIBUTIONS_DAYS = 180
"""How far back contributions are asked for: the age from which an owner's role counts as unused."""


def memberships(github: GitHub, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """GET /user/memberships/orgs, active and pending."""

    def build(item: Item) -> Membership:
        login = item.item("organization").identity("login")
        return Membership(
            subject=_membership(login),
            within=scope,
            label=login,
            web=github.web,
            **read(Membership, item),
        )

    answer = listed(github, Membership, scope, MEMBERSHIPS, build)
    yield replace(answer, missing=answer.missing or _not_told(github, answer.evidence))


def _not_told(github: GitHub, evidence: tuple[Atom, ...]) -> Unknown | None:
    """Why a list of memberships proves nothing about an organization that is not on it.

    GitHub documents the list for classic tokens and for OAuth apps; it does not say what other
    tokens see.
    """
    if github.kind in {CLASSIC, OAUTH}:
        return None
    return Unknown(
        Reason.NOT_PERMITTED,
        wanted(Membership.requirement, github.kind),
        "a token of this kind may be shown only some memberships, or none",
        evidence,
    )


def owner_views(github: GitHub, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET /orgs/{org}/members?filter=2fa_insecure of an organization that the account owns."""
    membership = store.fact(Membership, scope)
    unknown = membership.unknown_fields() if membership else {}
    if membership is None or unknown:
        why = next(iter(unknown.values()), None) or Unknown(Reason.NOT_ASKED, "the membership")
        yield nothing(OwnerTwoFactorView, scope, why)
        return
    if membership.role != "admin" or membership.state != "active":
        answer = store.get(Membership, membership.within)
        evidence = answer.evidence if answer else ()
        yield Answer(OwnerTwoFactorView, scope, (), evidence)
        return
    path = OwnerTwoFactorView.endpoint.at(membership.organization)
    found = listed(github, OwnerTwoFactorView, scope, path, lambda _: None)
    rows = github.pages(path, counted=OwnerTwoFactorView.endpoint.counted).items
    logins: list[Any] = [Item(raw, f"GET {path}").text("login") for raw in rows]
    own = membership.within.name.lower()
    listed_there = own in {login.lower() for login in logins if isinstance(login, str)}
    insecure: Any = listed_there or all_known(logins) or False
    if found.missing is not None and not listed_there:
        yield found
        return
    fact = OwnerTwoFactorView(
        subject=scope,
        within=membership.within,
        label=membership.label,
        web=github.web,
        organization=membership.organization,
        insecure=insecure,
    )
    yield Answer(OwnerTwoFactorView, scope, (fact,), found.evidence)


def contributions(github: GitHub, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """One query for all active memberships: `contributionsCollection` by organization."""
    listing = github.pages(MEMBERSHIPS, counted=Membership.endpoint.counted)
    missing = why_not_whole(listing, Membership.requirement, github.kind)
    missing = missing or _not_told(github, listing.evidence)
    names = ("state", "organization", "node_id")
    told = [read(Membership, Item(raw, f"GET {MEMBERSHIPS}"), *names) for raw in listing.items]
    parts = [one[name] for name in names for one in told]
    missing = missing or all_known(parts)
    nodes = {
        one["organization"]: one["node_id"]
        for one in told
        if one["state"] == "active" and all_known((one["organization"], one["node_id"])) is None
    }
    logins = list(nodes)
    if missing is not None or not logins:
        yield Answer(OrganizationContributions, scope, (), listing.evidence, missing)
    if not logins:
        return
    head = "".join(f", $o{index}: ID!" for index in range(len(logins)))
    body = " ".join(
        f"c{index}: contributionsCollection(organizationID: $o{index}, from: $from)"
        " { hasAnyContributions restrictedContributionsCount startedAt }"
        for index in range(len(logins))
    )
    document = f"query Contributions($from: DateTime!{head}) {{ viewer {{ {body} }} }}"
    since = listing.responses[0].observed_at - timedelta(days=CONTRIBUTIONS_DAYS)
    variables = {f"o{index}": node for index, node in enumerate(nodes.values())}
    variables["from"] = since.strftime("%Y-%m-%dT%H:%M:%SZ")
    try:
        graph = github.graphql(document, variables)
    except NoAnswerError as error:
        yield from (
            nothing(OrganizationContributions, _membership(login), error.unknown)
            for login in logins
        )
        return
    yield from (
        _contributed(github, scope, login, graph, f"c{index}") for index, login in enumerate(logins)
    )


def _contributed(
    github: GitHub, scope: Subject, login: str, graph: Graph, alias: str
) -> Answer[Any]:
    subject = _membership(login)
    viewer = (graph.data or {}).get("viewer")
    raw = viewer.get(alias) if isinstance(viewer, dict) else None
    if not isinstance(raw, dict):
        why = Unknown(
            Reason.NOT_PERMITTED,
            wanted(OrganizationContributions.requirement, github.kind),
            "GraphQL left the contributions out",
            (graph.response.atom,),
        )
        return nothing(OrganizationContributions, subject, why)
    fact = OrganizationContributions(
        subject=subject,
        within=scope,
        label=login,
        web=github.web,
        organization=login,
        **read(OrganizationContributions, Item(raw, graph.response.endpoint)),
    )
    return known(OrganizationContributions, subject, graph.response, fact)


def _membership(login: str) -> Subject:
    return Subject("github", "membership", login)


def _owned(github: GitHub, _: Subject) -> int:
    """How many organizations the account owns."""
    listing = github.pages(MEMBERSHIPS, counted=Membership.endpoint.counted)
    listed_there = [Item(raw, f"GET {MEMBERSHIPS}") for raw in listing.items]
    owned = ("admin", "active")
    return sum((item.data.get("role"), item.data.get("state")) == owned for item in listed_there)


MEMBERSHIP_LIST = Price(once="memberships", endpoint=Membership.source)
COLLECTORS = (
    Collector(
        "GitHub memberships",
        (Membership,),
        memberships,
        priced=(MEMBERSHIP_LIST,),
    ),
    Collector(
        "GitHub contributions",
        (OrganizationContributions,),
        contributions,
        priced=(MEMBERSHIP_LIST, Price(bucket="graphql", at_most=True)),
    ),
    Collector(
        "GitHub owner's view of 2FA methods",
        (OwnerTwoFactorView,),
        owner_views,
        priced=(Price(Per.ITEM, owners=("user",), counted=_owned),),
    ),
)
