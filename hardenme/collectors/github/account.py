"""Reads the profile of the account behind the token."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.answer import known, nothing
from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.asking import fetch, place
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.refusal import wanted
from hardenme.collectors.price import Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.transport.response import Response
from hardenme.facts.github import endpoints
from hardenme.facts.github.account import (
    Account,
    AccountPrivateProfile,
    AccountTwoFactor,
)
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

STATED = {AccountTwoFactor: ", or your own answer: `hardenme attest ATT101`"}
"""The replacement for a fact that the token is not shown."""


def profile(github: GitHub, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """GET /user: three facts, of which two are in the private view only."""
    kinds = (Account, AccountPrivateProfile, AccountTwoFactor)
    found = fetch(github, endpoints.ACCOUNT.at(), Account.requirement)
    if isinstance(found, Unknown):
        yield from (nothing(kind, scope, found) for kind in kinds)
        return
    response, item = found
    yield known(Account, scope, response, Account(**place(github, scope), **read(Account, item)))
    for kind in (AccountPrivateProfile, AccountTwoFactor):
        yield _private(kind, kind(**place(github, scope), **read(kind, item)), github, response)


def _private(kind: Any, fact: Any, github: GitHub, response: Response) -> Answer[Any]:
    """A fact of the private view: an absent key means that the token does not open it."""
    for why in fact.unknown_fields().values():
        if why.reason is Reason.NOT_VISIBLE:
            needed = wanted(kind.requirement, github.kind) + STATED.get(kind, "")
            lacking = Unknown(Reason.NOT_PERMITTED, needed, why.seen, (response.atom,))
            return nothing(kind, fact.subject, lacking)
    return known(kind, fact.subject, response, fact)


ACCOUNT = Price(once="account of the token", endpoint=endpoints.ACCOUNT.source)
COLLECTORS = (
    Collector(
        "GitHub account",
        (Account, AccountPrivateProfile, AccountTwoFactor),
        profile,
        priced=(ACCOUNT,),
    ),
)
