"""Answers questions for a person from the record, and finds the account that a run asks as."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from hardenme.collectors.attested import Statements
from hardenme.collectors.github.client import api_url
from hardenme.collectors.transport.origin import Origin
from hardenme.engine.clients import Clients
from hardenme.engine.identity import Who
from hardenme.facts.attested import AccountFactors
from hardenme.facts.npm.site import REGISTRY
from hardenme.model.evidence import Atom
from hardenme.model.finding import Attested, Finding, Outcome, question_in
from hardenme.model.pages import GITHUB_WEB
from hardenme.model.practice import practice_of
from hardenme.model.statement import Statement, Word, attest_command
from hardenme.model.subject import Subject
from hardenme.model.text import visible
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Fix, Manual

READ = 200
"""How the evidence writes that something on this machine was read."""


def account_name(provider: str, login: str, address: str) -> str:
    """An account as statements name it; empty without a login.

    Args:
        provider: `github` or `npm`.
        address: of the API or the registry that is asked. The same name on another server is
            another account, so the address is part of the name unless it is the provider's own.
    """
    if not login:
        return ""
    own = {"github": api_url(GITHUB_WEB), "npm": REGISTRY}.get(provider, address)
    asked = Origin.of(address)
    return f"{provider}:{login}" + ("" if asked == Origin.of(own) else f"@{asked}")


def login_of(account: str) -> str:
    """The login in an account's name."""
    return account.partition(":")[2].partition("@")[0]


def account_names(clients: Clients, known: Mapping[str, Who]) -> dict[str, str]:
    """For which account each lane answers, where that is known.

    Args:
        known: whose the credential is, by lane.
    """
    lanes = clients.lanes()
    return {
        lane: account_name(lane.partition("/")[0], who.login, str(lanes[lane].session.origin))
        for lane, who in known.items()
        if lanes.get(lane) is not None and who.refused is None and who.login
    }


def accounts(clients: Clients, known: Mapping[str, Who]) -> Callable[[Subject], str]:
    """Returns the account that the provider of a subject answers for; empty if not known.

    Args:
        known: whose the credential is, by lane.
    """
    names = account_names(clients, known)
    return lambda within: names.get(clients.lane(within.provider, within), "")


def settled(finding: Finding, statements: Statements, now: datetime) -> Finding:
    """A finding whose question was answered: attested, failed, or unknown."""
    outcome = finding.outcome
    asked = question_in(outcome)
    if asked is None:
        refused = isinstance(outcome, Unknown) and outcome.reason is Reason.NOT_PERMITTED
        return _stood_in_for(finding, statements, now) if refused else finding
    found = statements.about(finding.code, finding.subject, asked.question, finding.within, now)
    if found is None:
        return finding
    if found is statements.refused:
        return replace(finding, outcome=found)
    if isinstance(found, Unknown):
        # It stays a question: anyone who looks at the page can answer it anew.
        again = replace(found, question=(asked.question, asked.page))
        return replace(finding, outcome=again)
    return _stating(finding, _answered(asked, found), found)


def _stood_in_for(finding: Finding, statements: Statements, now: datetime) -> Finding:
    """A finding that the token is not shown, and that the answer to another question settles."""
    kind = AccountFactors
    if finding.code not in kind.stands_in_for:
        return finding
    about = practice_of(finding.subject)
    found = statements.about(kind.asked_by, about, kind.question, finding.within, now)
    if not isinstance(found, Statement) or found.answer is not Word.YES:
        return finding
    told = Attested(f"yes: {kind.question}", visible(found.by), found.until)
    return _stating(finding, told, found)


def _stating(finding: Finding, outcome: Outcome, said: Statement) -> Finding:
    """The finding with what a statement makes of it."""
    source = Atom(attest_command(said.code, said.subject), READ, said.at)
    return replace(finding, outcome=outcome, sources=(*finding.sources, source))


def _answered(asked: Manual, found: Statement) -> Attested | Failed:
    who = visible(found.by)
    if found.answer is Word.YES:
        return Attested(f"yes: {asked.question}", who, found.until)
    again = attest_command(found.code, found.subject)
    return Failed(
        f"answered with no: {asked.question}",
        {"answer": found.answer.value, "by": who, "at": f"{found.at:%Y-%m-%d}"},
        fix=asked.fix
        or Fix(
            step="Change the setting on this page until the answer is yes, then record it:"
            f" {again} --yes",
            page=asked.page,
        ),
    )
