"""Reads statements of people about what no API shows; one that does not count is unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self, TypeVar

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.protocol import Collector
from hardenme.facts.attested import AccountFactors, PublishingAccess
from hardenme.facts.github.account import Account
from hardenme.facts.npm.package import Package
from hardenme.facts.npm.site import REGISTRY
from hardenme.ground import clock
from hardenme.model.fact import Answer, Attestation
from hardenme.model.pages import GITHUB_WEB
from hardenme.model.practice import practice_of
from hardenme.model.statement import Statement, Word, attest_command, key_of, lasting
from hardenme.model.subject import Subject
from hardenme.model.text import visible
from hardenme.model.unknown import Reason, Unknown

F = TypeVar("F", AccountFactors, PublishingAccess)


@dataclass(slots=True)
class Statements:
    """The newest statement on each question, and whether it counts in this run.

    Attributes:
        latest: by code and subject.
        refused: why nothing on record counts; None if it does.
        warnings: sentences about the record that a reader has to know.
        account: for which account a subject's provider answered in this run; empty if that is not
            known.
        number: GitHub's id of an account or organization by its login, as this run sees it; empty
            if that is not visible.
    """

    latest: dict[tuple[str, str], Statement] = field(default_factory=dict)
    refused: Unknown | None = None
    warnings: tuple[str, ...] = ()
    account: Callable[[Subject], str] = lambda _subject: ""
    number: Callable[[str], str] = lambda _login: ""

    @classmethod
    def of(cls, statements: Iterable[Statement], warnings: tuple[str, ...] = ()) -> Self:
        """Of statements in the order in which they were made."""
        return cls({item.key: item for item in statements}, warnings=warnings)

    def about(
        self, code: str, subject: Subject, question: str, within: Subject, now: datetime
    ) -> Statement | Unknown | None:
        """The statement that counts; why the one on record does not; None if there is none.

        Args:
            code: the check that asks.
            question: the check's question, as it reads today.
            within: the account, organization, repository or package that the subject belongs to.
            now: what the dates are compared with.
        """
        if not lasting(subject):
            return None
        if self.refused is not None:
            return self.refused
        found = self.latest.get(key_of(code, subject))
        if found is None or found.answer is Word.WITHDRAWN:
            return None
        return _outdated(found, question, now) or _foreign(found, self.account(within)) or found


def _outdated(found: Statement, question: str, now: datetime) -> Unknown | None:
    """Why a statement is not one of now; None if it is."""
    who = f"the statement of {visible(found.by)}"
    if not found.within_bounds:
        seen = f"{who} was to count for longer than any may"
    elif now < found.at:
        seen = f"{who} is dated {found.at:%Y-%m-%d %H:%M} UTC, which is yet to come"
    elif now >= found.until:
        seen = f"{who} counted until {found.until:%Y-%m-%d %H:%M} UTC"
    elif question != found.question:
        seen = f"{who} answers a question that has since been put in other words"
    else:
        return None
    needed = f"a new statement: {attest_command(found.code, found.subject)}"
    return Unknown(Reason.STALE, needed, seen)


def _foreign(found: Statement, account: str) -> Unknown | None:
    """Why a statement is not one of the account that asks; None if it is."""
    theirs = visible(found.account)
    if not account:
        return Unknown(
            Reason.INCOMPLETE,
            f"a token of {theirs}, for which the statement on record was made",
            "no token shows which account this is",
        )
    if account.lower() == found.account.lower():
        return None
    return Unknown(
        Reason.INCOMPLETE,
        f"a statement for {account}: {attest_command(found.code, found.subject)}",
        f"the one on record is for {theirs}",
    )


def publishing_access(
    statements: Statements, scope: Subject, store: FactStore
) -> Iterator[Answer[Any]]:
    """The answer to NPP106."""
    package = store.fact(Package, scope)

    def build(word: Word) -> PublishingAccess:
        return PublishingAccess(
            subject=scope,
            within=scope,
            label=scope.name,
            registry=REGISTRY if package is None else package.registry,
            package=scope.name,
            disallows_tokens=word is Word.YES,
        )

    yield _answer(statements, PublishingAccess, scope, scope, build)


def account_factors(
    statements: Statements, scope: Subject, store: FactStore
) -> Iterator[Answer[Any]]:
    """The answer to ATT101."""
    account = store.fact(Account, scope)

    def build(word: Word) -> AccountFactors:
        return AccountFactors(
            subject=scope,
            within=scope,
            label=scope.name,
            web=GITHUB_WEB if account is None else account.web,
            resistant=word is Word.YES,
        )

    yield _answer(statements, AccountFactors, scope, practice_of(scope), build)


def _answer(
    statements: Statements,
    kind: type[F],
    scope: Subject,
    about: Subject,
    build: Callable[[Word], F],
) -> Answer[F]:
    """The statement about a scope, as a fact.

    Args:
        statements: on record.
        about: the subject of the question.
    """
    found = statements.about(kind.asked_by, about, kind.question, scope, clock.now())
    if found is None:
        command = attest_command(kind.asked_by, about)
        found = Unknown(Reason.NOT_ASKED, f"a person's answer: `{command}`")
    if isinstance(found, Unknown):
        return Answer(kind, scope, (), (), found)
    stated = Attestation(visible(found.by), found.at, found.until)
    return Answer(kind, scope, (build(found.answer),), (), None, stated)


COLLECTORS = (
    Collector(
        "statements",
        (PublishingAccess,),
        publishing_access,
        priced=(),
    ),
    Collector(
        "statements on 2FA",
        (AccountFactors,),
        account_factors,
        priced=(),
    ),
)
