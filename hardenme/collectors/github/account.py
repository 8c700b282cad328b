"""Reads the account behind the token: its profile, keys, addresses, memberships, invitations."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from hardenme.collectors.book import Book
from hardenme.collectors.github.asking import fetch, known, listed, nothing, why_not_whole
from hardenme.collectors.github.client import GitHub, Graph
from hardenme.collectors.github.refusal import wanted
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item, all_known
from hardenme.collectors.ssh import PublicKey, parse_public_key
from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.facts.github.account import (
    Account,
    AccountPrivateProfile,
    AccountTwoFactor,
    EmailAddress,
    GpgKey,
    Membership,
    OrganizationContributions,
    OwnerTwoFactorView,
    RepositoryInvitation,
    SshKey,
    SshSigningKey,
    Subkey,
)
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

MEMBERSHIPS = "/user/memberships/orgs"
CONTRIBUTIONS_DAYS = 180
"""How far back contributions are asked for: the age from which an owner's role counts as unused."""


def profile(github: GitHub, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """GET /user: three facts, of which two are in the private view only."""
    kinds = (Account, AccountPrivateProfile, AccountTwoFactor)
    found = fetch(github, "/user", Account.requirement)
    if isinstance(found, Unknown):
        yield from (nothing(kind, scope, found) for kind in kinds)
        return
    response, item = found
    place = _place(github, scope)
    account = Account(
        **place, login=item.text("login"), public_repositories=item.number("public_repos")
    )
    yield known(Account, scope, response, account)
    yield _private(
        AccountPrivateProfile,
        AccountPrivateProfile(
            **place, owned_private_repositories=item.number("owned_private_repos")
        ),
        github,
        response,
    )
    yield _private(
        AccountTwoFactor,
        AccountTwoFactor(**place, enabled=item.flag("two_factor_authentication")),
        github,
        response,
    )


def _private(kind: Any, fact: Any, github: GitHub, response: Response) -> Answer[Any]:
    """A fact of the private view: an absent key means that the token does not open it."""
    for why in fact.unknown_fields().values():
        if why.reason is Reason.NOT_VISIBLE:
            return nothing(
                kind,
                fact.subject,
                Unknown(
                    Reason.NOT_PERMITTED,
                    wanted(kind.requirement, github.kind),
                    why.seen,
                    (response.atom,),
                ),
            )
    return known(kind, fact.subject, response, fact)


def _place(github: GitHub, scope: Subject) -> dict[str, Any]:
    return {"subject": scope, "within": scope, "label": scope.name, "web": github.web}


def _part(github: GitHub, scope: Subject, kind: str, name: str, label: str) -> dict[str, Any]:
    subject = Subject("github", kind, name)
    return {"subject": subject, "within": scope, "label": label, "web": github.web}


def ssh_keys(github: GitHub, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """GET /user/keys."""

    def build(item: Item) -> SshKey:
        key: Any
        try:
            key = parse_public_key(item.data["key"])
        except (KeyError, ValueError, AttributeError):
            bad = item.odd("key") if "key" in item else item.absent("key")
            key = PublicKey(bad, bad)
        return SshKey(
            **_part(github, scope, "ssh-key", str(item.data.get("id")), _title(item)),
            key_id=item.number("id"),
            algorithm=key.algorithm,
            bits=key.bits,
            created_at=item.moment("created_at"),
            last_used=item.optional("last_used", item.moment),
        )

    yield listed(github, SshKey, scope, "/user/keys", build)


def _title(item: Item) -> str:
    title = item.data.get("title")
    return title if isinstance(title, str) else ""


def signing_keys(github: GitHub, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """GET /user/ssh_signing_keys."""

    def build(item: Item) -> SshSigningKey:
        return SshSigningKey(
            **_part(github, scope, "ssh-signing-key", str(item.data.get("id")), _title(item)),
            key_id=item.number("id"),
            created_at=item.moment("created_at"),
        )

    yield listed(github, SshSigningKey, scope, "/user/ssh_signing_keys", build)


def gpg_keys(github: GitHub, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """GET /user/gpg_keys."""

    def build(item: Item) -> GpgKey:
        subkeys: Any = item.absent("subkeys")
        if item.lists("subkeys"):
            subkeys = tuple(_subkey(part) for part in item.items("subkeys"))
            unread = [part for part in subkeys if isinstance(part, Unknown)]
            subkeys = unread[0] if unread else subkeys
        return GpgKey(
            **_part(
                github, scope, "gpg-key", str(item.data.get("id")), str(item.data.get("key_id"))
            ),
            number=item.number("id"),
            key_id=item.text("key_id"),
            expires_at=item.optional("expires_at", item.moment),
            revoked=item.flag("revoked"),
            subkeys=subkeys,
        )

    yield listed(github, GpgKey, scope, "/user/gpg_keys", build)


def _subkey(item: Item) -> Subkey | Unknown:
    # GitHub's description gives `revoked` for subkeys too; older answers leave it out.
    revoked = item.flag("revoked") if "revoked" in item else False
    values: tuple[Any, ...] = (
        item.text("key_id"),
        item.optional("expires_at", item.moment),
        revoked,
    )
    for value in values:
        if isinstance(value, Unknown):
            return value
    return Subkey(*values)


def emails(github: GitHub, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """GET /user/emails."""

    def build(item: Item) -> EmailAddress:
        address = str(item.data.get("email"))
        visibility: Any = item.optional(
            "visibility", lambda name: item.choice(name, "public", "private")
        )
        return EmailAddress(
            **_part(github, scope, "email", address, address),
            address=item.text("email"),
            primary=item.flag("primary"),
            verified=item.flag("verified"),
            visibility=visibility,
        )

    yield listed(github, EmailAddress, scope, "/user/emails", build)


def memberships(github: GitHub, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """GET /user/memberships/orgs, active and pending."""

    def build(item: Item) -> Membership:
        organization = item.item("organization")
        login = str(organization.data.get("login"))
        return Membership(
            **_part(github, scope, "membership", login, login),
            organization=organization.text("login"),
            node_id=organization.text("node_id"),
            role=item.choice("role", "admin", "member", "billing_manager"),
            state=item.choice("state", "active", "pending"),
        )

    yield listed(github, Membership, scope, MEMBERSHIPS, build)


def owner_views(github: GitHub, scope: Subject, book: Book) -> Iterator[Answer[Any]]:
    """GET /orgs/{org}/members?filter=2fa_insecure of an organization that the account owns."""
    membership = book.fact(Membership, scope)
    unknown = membership.unknown_fields() if membership else {}
    if membership is None or unknown:
        why = next(iter(unknown.values()), None) or Unknown(Reason.NOT_ASKED, "the membership")
        yield nothing(OwnerTwoFactorView, scope, why)
        return
    if membership.role != "admin" or membership.state != "active":
        answer = book.get(Membership, membership.within)
        evidence = answer.evidence if answer else ()
        yield Answer(OwnerTwoFactorView, scope, (), evidence)
        return
    path = f"/orgs/{quote(membership.organization, safe='')}/members?filter=2fa_insecure"
    found = listed(github, OwnerTwoFactorView, scope, path, lambda _: None)
    logins: list[Any] = [Item(raw, f"GET {path}").text("login") for raw in github.pages(path).items]
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


def contributions(github: GitHub, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """One query for all active memberships: `contributionsCollection` by organization."""
    listing = github.pages(MEMBERSHIPS)
    missing = why_not_whole(listing, Membership.requirement, github.kind)
    organizations = [
        Item(raw["organization"], f"GET {MEMBERSHIPS}").data
        for raw in listing.items
        if isinstance(raw, dict) and raw.get("state") == "active" and raw.get("organization")
    ]
    nodes = {
        str(data["login"]): data["node_id"]
        for data in organizations
        if {"login", "node_id"} <= data.keys()
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
    item = Item(raw, graph.response.endpoint)
    shown: Any = item.flag("hasAnyContributions")
    private: Any = item.number("restrictedContributionsCount")
    if shown is False and isinstance(private, int):
        shown = private > 0
    elif shown is False:
        shown = private
    fact = OrganizationContributions(
        subject=subject,
        within=scope,
        label=login,
        web=github.web,
        organization=login,
        any=shown,
        since=item.moment("startedAt"),
    )
    return known(OrganizationContributions, subject, graph.response, fact)


def _membership(login: str) -> Subject:
    return Subject("github", "membership", login)


def invitations(github: GitHub, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """GET /user/repository_invitations."""

    def build(item: Item) -> RepositoryInvitation:
        repository = item.item("repository")
        name = str(repository.data.get("full_name"))
        number = str(item.data.get("id"))
        return RepositoryInvitation(
            **_part(github, scope, "repository-invitation", number, name),
            repository=repository.text("full_name"),
            permissions=item.text("permissions"),
            created_at=item.moment("created_at"),
        )

    yield listed(github, RepositoryInvitation, scope, "/user/repository_invitations", build)


USER = ("github:user",)
COLLECTORS = (
    Collector(
        "GitHub account",
        "github",
        (Account, AccountPrivateProfile, AccountTwoFactor),
        profile,
        roots=USER,
    ),
    Collector("GitHub SSH keys", "github", (SshKey,), ssh_keys, roots=USER),
    Collector("GitHub signing keys", "github", (SshSigningKey,), signing_keys, roots=USER),
    Collector("GitHub GPG keys", "github", (GpgKey,), gpg_keys, roots=USER),
    Collector("GitHub e-mail addresses", "github", (EmailAddress,), emails, roots=USER),
    Collector("GitHub memberships", "github", (Membership,), memberships, roots=USER),
    Collector("GitHub invitations", "github", (RepositoryInvitation,), invitations, roots=USER),
    Collector(
        "GitHub contributions", "github", (OrganizationContributions,), contributions, roots=USER
    ),
    Collector(
        "GitHub owner's view of two-factor methods",
        "github",
        (OwnerTwoFactorView,),
        owner_views,
        of=(Membership,),
    ),
)
