"""What people have stated. Dates count from today by the product's clock, which judges them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from hardenme.collectors.attested import Statements
from hardenme.engine.attested import account_name
from hardenme.facts.attested import PublishingAccess
from hardenme.facts.npm.site import REGISTRY
from hardenme.ground import clock
from hardenme.model.statement import Statement, Word
from tests.factories.given import made

PACKAGE = "npm:package/@hazel-grove/catkin"


def today(days: float = 0) -> datetime:
    """The moment that many days from the present."""
    return clock.now().replace(microsecond=0) + timedelta(days=days)


statement = made(
    Statement,
    code=PublishingAccess.asked_by,
    subject=PACKAGE,
    question=PublishingAccess.question,
    answer=Word.YES,
    by="hazel",
    account=account_name("npm", "hazel", REGISTRY),
    at=today(-10),
    until=today(80),
)
"""Hazel's yes to NPP106, ten days old and good for eighty more."""


def no_tokens(
    login: str, registry: str, packages: Iterable[str], answer: Word = Word.YES
) -> Statements:
    """The same answer to NPP106 for several packages of an account on a registry."""
    account = account_name("npm", login, registry)
    return Statements.of(
        statement(subject=f"npm:package/{name}", by=login, account=account, answer=answer)
        for name in packages
    )
