"""`hardenme incident close`: nothing is pending, the review is written, answers are asked anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from hardenme.cli.incident.attest import who_says
from hardenme.cli.incident.locate import IncidentLocator, writing
from hardenme.cli.incident.state import IncidentState, incident_state, say_passed, say_problems
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.texts import shown
from hardenme.engine.attested import account_name
from hardenme.ground import clock
from hardenme.ground.errors import StoredError
from hardenme.ground.exit_code import Exit
from hardenme.ground.files import PrivateFile
from hardenme.ground.places import state_folder
from hardenme.model.incident import REVIEW, EventKind, IncidentEvent, RowState
from hardenme.model.statement import Statement, Word
from hardenme.reports.incident.review import review
from hardenme.reports.plain import counted, timestamp
from hardenme.store.attestations import add, newest, read

SHOWN = 20
"""Pending rows that are named."""


def close(console: Console, which: IncidentLocator, by: str) -> int:
    """Close an incident; returns the exit code."""
    found = incident_state(which.find_open(console))
    say_problems(console, found)
    who = who_says(found, by)
    if found.ledger.pending or found.warning:
        return _refuse(console, found, which.option)
    now = clock.now().replace(microsecond=0)
    with writing("the incident is not closed"):
        withdrawn = _withdraw(found, who, now)
        end = IncidentEvent(EventKind.CLOSED, now, who)
        told = replace(
            found.shown(which.option, full=True), closed=now, events=(*found.incident.events, end)
        )
        PrivateFile(found.incident.folder / REVIEW).write(review(told, who, withdrawn))
        found.incident.close(end)
    ledger = found.ledger
    answers = counted(withdrawn, "answer")
    asked = f"  answers  {answers} of hardenme attest withdrawn: each question is asked again\n"
    console.tell(
        f"{found.incident.name}: closed at {timestamp(now)} by {shown(who)}.\n"
        f"  ledger   {ledger.count(RowState.PROVEN):,} proven,"
        f" {ledger.count(RowState.ATTESTED):,} attested\n"
        f"  review   {shown(str(found.incident.folder / REVIEW))}\n"
        f"{asked if withdrawn else ''}"
    )
    kept = len(ledger.kept)
    if kept:
        console.say(f"{counted(kept, 'attested row')} still listed in a later run: see the review")
    left = len(ledger.open)
    if left:
        console.say(f"{counted(left, 'step')} of the runbook not ticked off: see the review")
    return Exit.CLEAN


def _refuse(console: Console, found: IncidentState, option: str) -> int:
    """Say what is pending."""
    pending = found.ledger.pending
    say_passed(console, found)
    if not pending:
        console.say("not closed: what later runs show is not known")
        return Exit.UNKNOWN
    command = f"hardenme incident status{option}"
    rows = counted(len(pending), "row")
    console.say(f"not closed: {rows} pending; `{command}` shows the next thing to do")
    for row in pending[:SHOWN]:
        why = f" ({shown(row.why)})" if row.why else ""
        console.tell(f"{row.number}  {shown(row.text)}{why}\n")
    if len(pending) > SHOWN:
        console.tell(
            f"and {len(pending) - SHOWN:,} more: hardenme incident status --full{option}\n"
        )
    return Exit.FINDINGS


def _withdraw(found: IncidentState, who: str, now: datetime) -> int:
    """Withdraw what was stated for the accounts of the incident; how many statements that were.

    Raises:
        StoredError: the record of statements cannot be used.
    """
    if found.incident.head.demo:
        return 0
    record = read(state_folder())
    if record.fault:
        raise StoredError(record.fault)
    names = {name.lower() for name in _accounts(found)}
    standing_ = [
        one
        for one in newest(record.statements)
        if one.account.lower() in names and one.answer is not Word.WITHDRAWN and one.until > now
    ]
    for one in standing_:
        add(state_folder(), _withdrawn(one, who, now, found.incident.name))
    return len(standing_)


def _withdrawn(one: Statement, who: str, now: datetime, name: str) -> Statement:
    why = f"the incident {name} was closed"
    return replace(one, answer=Word.WITHDRAWN, by=who, at=now, until=now, evidence=why)


def _accounts(found: IncidentState) -> Iterator[str]:
    for one in found.frozen.report.identities:
        if one.login:
            yield account_name(one.provider, one.login, one.host)
