"""Reads who acts in an organization without a person: apps, and members' tokens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from hardenme.collectors.book import Book
from hardenme.collectors.github.asking import fetch, listed, nothing
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.standing import PROFILE
from hardenme.collectors.price import Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.facts.github.apps import CREDENTIALS, AppInstallation, SsoCredential, TokenGrant
from hardenme.facts.github.token import INSTALLATION
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

LEVELS = ("read", "write", "admin")
BY_AN_APP = (
    "a GitHub App that is installed with organization_personal_access_tokens: read; personal tokens"
    " are not answered"
)
WITHOUT_SSO = ("free", "team")
"""Plans that have no single sign-on, by GitHub's list of its plans."""


def _path(scope: Subject, tail: str = "") -> str:
    return f"/orgs/{quote(scope.name, safe='')}{tail}"


def _part(github: GitHub, scope: Subject, kind: str, number: Any, label: Any) -> dict[str, Any]:
    return {
        "subject": Subject("github", kind, f"{scope.name}/{number}"),
        "within": scope,
        "label": label if isinstance(label, str) else "",
        "web": github.web,
    }


def _levels(item: Item, name: str, *groups: str) -> Any:
    """The permissions of an object, or of the named objects within it, each like `name:level`.

    A permission that is not held is not there; a level that is not understood makes all unknown.
    """
    if name not in item:
        return item.absent(name)
    found = item.data[name]
    if not isinstance(found, dict) or (groups and not found.keys() <= {*groups}):
        return item.odd(name)
    places: Iterable[tuple[str, Any]] = [("", found)]
    if groups:
        places = [(f"{group}/", held) for group, held in found.items()]
    held: set[str] = set()
    for place, levels in places:
        if not isinstance(levels, dict) or not all(level in LEVELS for level in levels.values()):
            return item.odd(name)
        held |= {f"{place}{permission}:{level}" for permission, level in levels.items()}
    return frozenset(held)


def installations(github: GitHub, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """GET /orgs/{org}/installations."""

    def build(item: Item) -> AppInstallation:
        return AppInstallation(
            **_part(github, scope, "installation", item.identity("id"), item.data.get("app_slug")),
            number=item.number("id"),
            app=item.text("app_slug"),
            repository_selection=item.choice("repository_selection", "all", "selected"),
            permissions=_levels(item, "permissions"),
            suspended_at=item.optional("suspended_at", item.moment),
        )

    yield listed(github, AppInstallation, scope, _path(scope, "/installations"), build)


def token_grants(github: GitHub, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """GET /orgs/{org}/personal-access-tokens, which answers apps only."""
    if github.kind != INSTALLATION:
        yield nothing(TokenGrant, scope, Unknown(Reason.NOT_PERMITTED, BY_AN_APP))
        return

    def build(item: Item) -> TokenGrant:
        return TokenGrant(
            **_part(github, scope, "token-grant", item.identity("id"), item.data.get("token_name")),
            number=item.number("id"),
            login=item.item("owner").text("login"),
            repository_selection=item.choice("repository_selection", "all", "subset", "none"),
            permissions=_levels(item, "permissions", "organization", "repository", "other"),
            granted_at=item.moment("access_granted_at"),
            expired=item.flag("token_expired"),
            expires_at=item.optional("token_expires_at", item.moment),
            last_used=item.optional("token_last_used_at", item.moment),
        )

    yield listed(github, TokenGrant, scope, _path(scope, "/personal-access-tokens"), build)


def sso_credentials(github: GitHub, scope: Subject, _: Book) -> Iterator[Answer[Any]]:
    """GET /orgs/{org}/credential-authorizations, unless the plan has no single sign-on.

    GitHub shows the plan to owners only. Where it is not shown the list is asked for all the same,
    and a refusal stays one.
    """
    profile = fetch(github, _path(scope), SsoCredential.requirement)
    if not isinstance(profile, Unknown):
        response, item = profile
        if item.item("plan").data.get("name") in WITHOUT_SSO:
            yield Answer(SsoCredential, scope, (), (response.atom,))
            return

    def build(item: Item) -> SsoCredential:
        note = item.data.get("authorized_credential_note")
        title = note or item.data.get("authorized_credential_title")
        number = item.identity("credential_id")
        return SsoCredential(
            **_part(github, scope, "sso-credential", number, title),
            number=item.number("credential_id"),
            login=item.text("login"),
            kind=_credential(item),
            scopes=_scopes(item),
            authorized_at=item.moment("credential_authorized_at"),
            accessed_at=item.optional("credential_accessed_at", item.moment),
            expires_at=item.optional("authorized_credential_expires_at", item.moment),
        )

    yield listed(github, SsoCredential, scope, _path(scope, "/credential-authorizations"), build)


def _credential(item: Item) -> Any:
    """The kind of a credential; GitHub writes it with more than one use of capitals."""
    told: Any = item.text("credential_type")
    if not isinstance(told, str):
        return told
    kinds = {kind.lower(): kind for kind in CREDENTIALS}
    return kinds.get(told.lower(), item.odd("credential_type"))


def _scopes(item: Item) -> Any:
    if "scopes" not in item:
        return item.absent("scopes")
    told = item.data["scopes"]
    if not isinstance(told, list) or not all(isinstance(scope, str) for scope in told):
        return item.odd("scopes")
    return frozenset(told)


ORGANIZATION = ("github:org",)
COLLECTORS = (
    Collector("installed apps", "github", (AppInstallation,), installations, roots=ORGANIZATION),
    Collector(
        "members' tokens",
        "github",
        (TokenGrant,),
        token_grants,
        roots=ORGANIZATION,
        priced=(Price(kinds=(INSTALLATION,)),),
    ),
    Collector(
        "credentials for single sign-on",
        "github",
        (SsoCredential,),
        sso_credentials,
        roots=ORGANIZATION,
        priced=(Price(at_most=True), PROFILE),
    ),
)
