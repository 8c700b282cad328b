"""Reads the npm account behind the token."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.npm.asking import fetch, no_token, single_of
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.npm.pages import pages
from hardenme.collectors.npm.presented import kind_of
from hardenme.collectors.npm.tokens import tokens
from hardenme.collectors.protocol import Collector
from hardenme.facts.npm.account import (
    SESSION,
    NpmAccount,
    NpmProfile,
    NpmTwoFactor,
)
from hardenme.facts.npm.token import NpmToken
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown


def account(npm: Npm, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """GET /-/whoami."""
    told = no_token(npm, NpmAccount) if npm.secret is None else fetch(npm, NpmAccount)
    yield single_of(npm, NpmAccount, scope, told)


def profile(npm: Npm, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """GET /-/npm/v1/user: 2FA is taken from a session token's answer only."""
    told = no_token(npm, NpmProfile) if npm.secret is None else fetch(npm, NpmProfile)
    yield single_of(npm, NpmProfile, scope, told)
    if isinstance(told, Unknown):
        yield nothing(NpmTwoFactor, scope, told)
        return
    response = told[0]
    kind = kind_of(npm)
    if kind != SESSION:
        why = Unknown(
            Reason.NOT_PERMITTED,
            str(NpmTwoFactor.requirement),
            f"npm may show a {kind} token that 2FA is off when it is on",
            (response.atom,),
        )
        yield nothing(NpmTwoFactor, scope, why)
        return
    factor = single_of(npm, NpmTwoFactor, scope, told)
    yield replace(factor, evidence=(response.atom, *pages(npm, NpmToken).evidence))


COLLECTORS = (
    Collector("npm account", (NpmAccount,), account),
    Collector("npm profile", (NpmProfile, NpmTwoFactor), profile),
    Collector("npm tokens", (NpmToken,), tokens),
)
