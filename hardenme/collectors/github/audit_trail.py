"""Looks the members who show no contribution up in the organization's audit log, if it has one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.activity import ACTIVITY, activity
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.people import place_of
from hardenme.collectors.github.refusal import refusal, sso_left_out
from hardenme.collectors.github.role import ROLE_PRICE
from hardenme.collectors.github.roster import ROSTER
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.facts.github import endpoints
from hardenme.facts.github.people import MemberAuditTrail
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

MOST_ASKED = 100
"""Members that are looked up; the log answers for one at a time, and not often in an hour."""


def _entries(
    github: GitHub, scope: Subject, words: str, since: datetime
) -> tuple[list[Any], Atom] | Unknown:
    """The newest entries for a search, one at most, with the answer that held them."""
    endpoint = endpoints.AUDIT_LOG.asking("phrase={phrase}&include=all&per_page=1")
    path = endpoint.at(scope.name, phrase=f"{words}created:>={since:%Y-%m-%d}")
    try:
        response = github.get(path)
        if not response.ok:
            return refusal(response, MemberAuditTrail.requirement, github.kind)
        found = response.json()
    except NoAnswerError as error:
        return error.unknown
    if (left_out := sso_left_out(response)) is not None:
        return left_out
    if not isinstance(found, list):
        evidence = (response.atom,)
        return Unknown(
            Reason.MALFORMED, f"{response.endpoint} must answer with a list", "", evidence
        )
    return found, response.atom


def trail(github: GitHub, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET /orgs/{org}/audit-log, once for all and once for each member who shows nothing else."""
    found = activity(github, scope, store)
    silent = [login for login in found.told if found.did(login)["any"] is False]
    if not silent or found.since is None:
        yield Answer(MemberAuditTrail, scope, (), found.evidence, _unasked(found.evidence))
        return
    log = _entries(github, scope, "", found.since)
    if isinstance(log, Unknown):
        yield nothing(MemberAuditTrail, scope, log)
        return
    if not log[0]:
        # A log without any entry, even of the account that asks, shows nothing about one member.
        why = Unknown(Reason.NOT_VISIBLE, "an audit log that holds something", "", (log[1],))
        yield nothing(MemberAuditTrail, scope, why)
        return
    facts, last = [], log[1]
    for login in silent[:MOST_ASKED]:
        about = _entries(github, scope, f"actor:{login} ", found.since)
        seen: Any = about
        if not isinstance(about, Unknown):
            last = about[1]
            seen = _is_named(about[0], login)
        facts.append(
            MemberAuditTrail(
                **place_of(github, scope, "member", login), seen=seen, since=found.since
            )
        )
    missing = None
    if len(silent) > MOST_ASKED:
        missing = Unknown(
            Reason.INCOMPLETE,
            f"the audit log of the others: a run looks up at most {MOST_ASKED} members in it",
            f"{len(silent)} members show no contribution",
        )
    yield Answer(MemberAuditTrail, scope, tuple(facts), (last, *found.evidence), missing)


def _is_named(entries: list[Any], login: str) -> Any:
    """Whether the entries are the member's; the log may not have understood the search."""
    if not entries:
        return False
    actor: Any = Item(entries[0], endpoints.AUDIT_LOG.source).text("actor")
    if isinstance(actor, Unknown):
        return actor
    return True if actor.lower() == login.lower() else Item({}, "the audit log").odd("actor")


def _unasked(evidence: tuple[Atom, ...]) -> Unknown | None:
    """No one had to be looked up; without a list of members that is not known either."""
    return None if evidence else Unknown(Reason.NOT_ASKED, "a list of every member")


LOOKED_UP = Price(
    Per.MEMBERS, at_most=True, up_to=MOST_ASKED, what="single members in the audit log"
)
COLLECTORS = (
    Collector(
        "members in the audit log",
        (MemberAuditTrail,),
        trail,
        priced=(
            Price(at_most=True),
            LOOKED_UP,
            ACTIVITY,
            ROSTER,
            ROLE_PRICE,
        ),
    ),
)
