"""Reads which tokens and keys of members act in an organization."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.asking import fetch
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.declared import list_of
from hardenme.collectors.github.role import PROFILE
from hardenme.collectors.price import Price
from hardenme.collectors.protocol import Collector
from hardenme.facts.github import endpoints
from hardenme.facts.github.apps import SsoCredential, TokenGrant
from hardenme.facts.github.token import INSTALLATION
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

BY_AN_APP = (
    "a GitHub App that is installed with organization_personal_access_tokens: read; personal tokens"
    " are not answered"
)
WITHOUT_SSO = ("free", "team")
"""Plans that have no single sign-on, by GitHub's list of its plans."""


def token_grants(github: GitHub, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """GET /orgs/{org}/personal-access-tokens, which answers apps only."""
    if github.kind != INSTALLATION:
        yield nothing(TokenGrant, scope, Unknown(Reason.NOT_PERMITTED, BY_AN_APP))
        return

    yield list_of(github, TokenGrant, scope)


def sso_credentials(github: GitHub, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """GET /orgs/{org}/credential-authorizations, unless the plan has no single sign-on.

    GitHub shows the plan to owners only. Where it is not shown the list is asked for all the same,
    and a refusal stays one.
    """
    profile = fetch(github, endpoints.ORGANIZATION.at(scope.name), SsoCredential.requirement)
    if not isinstance(profile, Unknown):
        response, item = profile
        if item.item("plan").data.get("name") in WITHOUT_SSO:
            yield Answer(SsoCredential, scope, (), (response.atom,))
            return

    yield list_of(github, SsoCredential, scope)


COLLECTORS = (
    Collector(
        "members' tokens",
        (TokenGrant,),
        token_grants,
        priced=(Price(kinds=(INSTALLATION,)),),
    ),
    Collector(
        "credentials for single sign-on",
        (SsoCredential,),
        sso_credentials,
        priced=(Price(at_most=True), PROFILE),
    ),
)
