"""Reads the account behind the token: its profile, keys, addresses and invitations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.book import Book
from hardenme.collectors.github.asking import fetch, known, listed, nothing
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.refusal import wanted
from hardenme.collectors.price import Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.collectors.ssh import PublicKey, parse_public_key
from hardenme.collectors.transport.response import Response
from hardenme.facts.github.account import (
    Account,
    AccountPrivateProfile,
    AccountTwoFactor,
    EmailAddress,
    GpgKey,
    RepositoryInvitation,
    SshKey,
    SshSigningKey,
    Subkey,
)
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

STATED = {AccountTwoFactor: ", or your own answer: hardenme attest ATT101"}
"""What stands in for a fact that the token is not shown."""


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
            needed = wanted(kind.requirement, github.kind) + STATED.get(kind, "")
            lacking = Unknown(Reason.NOT_PERMITTED, needed, why.seen, (response.atom,))
            return nothing(kind, fact.subject, lacking)
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
            **_part(github, scope, "ssh-key", item.identity("id"), _title(item)),
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
            **_part(github, scope, "ssh-signing-key", item.identity("id"), _title(item)),
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
            **_part(github, scope, "gpg-key", item.identity("id"), str(item.data.get("key_id"))),
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
        address = item.identity("email")
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


def invitations(github: GitHub, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """GET /user/repository_invitations."""

    def build(item: Item) -> RepositoryInvitation:
        repository = item.item("repository")
        name = str(repository.data.get("full_name"))
        number = item.identity("id")
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
        priced=(Price(once="/user"),),
    ),
    Collector("GitHub SSH keys", "github", (SshKey,), ssh_keys, roots=USER),
    Collector("GitHub signing keys", "github", (SshSigningKey,), signing_keys, roots=USER),
    Collector("GitHub GPG keys", "github", (GpgKey,), gpg_keys, roots=USER),
    Collector("GitHub e-mail addresses", "github", (EmailAddress,), emails, roots=USER),
    Collector("GitHub invitations", "github", (RepositoryInvitation,), invitations, roots=USER),
)
