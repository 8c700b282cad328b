"""`hardenme incident attest`: what a person saw to, and no list shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from hardenme.cli.incident.locate import IncidentLocator, writing
from hardenme.cli.incident.state import IncidentState, incident_state, say_problems
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.texts import LONGEST_BY, LONGEST_EVIDENCE, clean, shown
from hardenme.ground import clock
from hardenme.ground.errors import UsageError
from hardenme.ground.exit_code import Exit
from hardenme.model.incident import WHAT_YOU_DID, EventKind, IncidentEvent, LedgerRow, RowState

SHOWS = "hardenme incident status shows them"


def attest(
    console: Console, which: IncidentLocator, numbers: Sequence[str], how: str, by: str
) -> int:
    """Write down what a person says of rows; returns the exit code."""
    found = incident_state(which.find_open(console))
    say_problems(console, found)
    rows, told = _rows(console, found, numbers), _how(how)
    who = who_says(found, by)
    now = clock.now().replace(microsecond=0)
    with writing("nothing was attested; what was written before is there"):
        found.incident.add(*(attested(row, told, who, now) for row in rows))
    for row in rows:
        console.tell(f"{row.number}  {shown(row.text)}: attested by {shown(who)}\n")
    return Exit.CLEAN


def _rows(console: Console, found: IncidentState, numbers: Sequence[str]) -> list[LedgerRow]:
    """The rows that are meant, each once; of several numbers, one that is done is passed over.

    Raises:
        UsageError: none is, or a number is none.
    """
    rows: dict[str, LedgerRow] = {}
    done: list[str] = []
    for number in numbers:
        if why := settled(found, number):
            done.append(why)
        else:
            rows |= {row.number: row for row in named(found, number)}
    if done and not rows:
        raise UsageError("; ".join(done))
    for why in done:
        console.say(why)
    if not rows:
        raise UsageError(f"name the rows, like 4.2, or a step, like 4; {SHOWS}")
    return list(rows.values())


def _how(how: str) -> str:
    """What was done.

    Raises:
        UsageError: there is no statement, or only the words in place of one.
        UsageError: it cannot be written down.
    """
    told = clean("--how", how, LONGEST_EVIDENCE)
    if told in {"", WHAT_YOU_DID}:
        raise UsageError("say by --how what was done, like: --how 'revoked on the page'")
    return told


def attested(row: LedgerRow, how: str, who: str, now: datetime) -> IncidentEvent:
    """The line of the record."""
    data = {"how": how, "text": row.text}
    return IncidentEvent(EventKind.ATTESTED, now, who, row.key, data)


def named(found: IncidentState, number: str) -> list[LedgerRow]:
    """The row of a number; of a step, those that are pending.

    Raises:
        UsageError: there is none, or nothing of the step is pending.
    """
    if why := settled(found, number):
        raise UsageError(why)
    meant = _of(found, number)
    if not meant:
        raise UsageError(f"there is no row {number!r}; {SHOWS}")
    if meant[0].number == number:
        return meant
    return [one for one in meant if one.state is RowState.PENDING]


def settled(found: IncidentState, number: str) -> str:
    """Why nothing is left to attest of a row or a step; empty where something is."""
    meant = _of(found, number)
    if not meant:
        return ""
    if meant[0].number == number:
        return f"{number} is proven: {meant[0].why}" if meant[0].state is RowState.PROVEN else ""
    if any(one.state is RowState.PENDING for one in meant):
        return ""
    return f"nothing of step {number} is pending"


def _of(found: IncidentState, number: str) -> list[LedgerRow]:
    """The row of that number; where there is none, the rows of the step."""
    rows = found.ledger.rows
    exact = [one for one in rows if one.number == number]
    return exact or [one for one in rows if one.number.partition(".")[0] == number]


def who_says(found: IncidentState, by: str) -> str:
    """Who says so: the account of the run, where no one is named.

    Raises:
        UsageError: it is not known.
        UsageError: the name cannot be written down.
    """
    who = clean("--by", by, LONGEST_BY)
    logins = (one.login for one in found.frozen.report.identities if one.login)
    who = who or next(logins, "")
    if not who:
        raise UsageError("say who, by --by NAME: the frozen run had no account")
    return who
