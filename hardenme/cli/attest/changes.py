"""`hardenme attest recent-ID`: a person knows the changes of a line of `hardenme recent`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TextIO

from hardenme.cli.attest.answers import NO_TERMINAL
from hardenme.cli.attest.request import AttestOptions
from hardenme.cli.attest.sitting import BACK, WORDS
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.texts import LONGEST_BY, LONGEST_EVIDENCE, clean, shown
from hardenme.config.table.access import STDIN
from hardenme.engine.attested import login_of
from hardenme.ground import clock
from hardenme.ground.errors import StoredError, UsageError
from hardenme.ground.exit_code import Exit
from hardenme.ground.places import state_folder
from hardenme.model.confirm import QUESTION, ConfirmLine
from hardenme.model.incident import COMMAND, DAY
from hardenme.model.statement import Statement, Word
from hardenme.reports.plain import counted
from hardenme.store.attestations import add, read
from hardenme.store.to_confirm import lines

LONGEST_CHANGE = 1000
"""Characters of a change, as it is shown and written down."""
NO = (
    "Nothing was recorded: `hardenme recent` still asks. If no one meant them,"
    f" undo them, and open an incident: `{COMMAND} open {{0:{DAY}}}`"
)


def confirm(console: Console, options: AttestOptions, stdin: TextIO | None) -> int:
    """Show the changes of a line, ask whether the person knows them, and record a yes."""
    line = _line(options)
    by = clean("--by", options.by, LONGEST_BY) or login_of(line.account)
    evidence = clean("--evidence", options.evidence, LONGEST_EVIDENCE)
    now = clock.now().replace(microsecond=0)
    until = options.end(now)
    answer = {True: "yes", False: "no", None: ""}[options.answer]
    if not answer:
        if options.given[STDIN] or not console.can_ask(stdin):
            raise UsageError(NO_TERMINAL)
        console.put(*_texts(line))
        answer = _typed(console, stdin)
    if answer != Word.YES.value:
        console.say(NO.format(now) if answer == Word.NO.value else "nothing was recorded")
        return Exit.NOTHING_MATCHED
    for said in _statements(line, by, now, until, evidence):
        add(state_folder(), said)
    console.tell("".join(f"{text}\n" for text in _texts(line)))
    number = counted(len(line.changes), "change")
    console.tell(f"{line.id}: {number} confirmed, by {shown(by)}, until {until:%Y-%m-%d}\n")
    return Exit.CLEAN


def withdraw(console: Console, options: AttestOptions) -> int:
    """Withdraw what was recorded for a line, whatever changes it had."""
    _demand_alone(options)
    record = read(state_folder())
    if record.fault:
        raise StoredError(record.fault)
    last = {one.subject: one for one in record.statements if one.code == options.code}
    found = [one for one in last.values() if one.answer is not Word.WITHDRAWN]
    if not found:
        raise UsageError(f"nothing is on record of {shown(options.code)}")
    now = clock.now().replace(microsecond=0)
    for one in found:
        who = clean("--by", options.by, LONGEST_BY) or one.by
        gone = replace(one, answer=Word.WITHDRAWN, by=who, at=now, until=now, evidence="")
        add(state_folder(), gone)
    console.tell(f"{options.code}: {counted(len(found), 'change')} withdrawn\n")
    return Exit.CLEAN


def _line(options: AttestOptions) -> ConfirmLine:
    """The line that is meant.

    Raises:
        UsageError: no run showed it lately, or it was shown to another account.
        StoredError: the lines that were shown cannot be read.
    """
    _demand_alone(options)
    found = [one.line for one in lines(state_folder()) if one.line.id == options.code]
    if len(found) != 1:
        raise UsageError(
            f"`hardenme recent` showed no line {shown(options.code)} lately: run it again, and use"
            " the command that it prints",
            Exit.NOTHING_MATCHED,
        )
    account = login_of(found[0].account)
    if options.account and options.account.lower() != account.lower():
        raise UsageError(f"the line was shown to {account}, not to {options.account}")
    return found[0]


def _demand_alone(options: AttestOptions) -> None:
    """See to it that a line comes with no subject: it has changes of its own.

    Raises:
        UsageError: it has one.
    """
    if options.subjects:
        raise UsageError(f"{shown(options.code)} takes no subject: name one line")


def _texts(line: ConfirmLine) -> Iterator[str]:
    yield f"{line.id} · {shown(line.who)} · {counted(len(line.changes), 'change')}"
    for one in line.changes:
        yield f"  {shown(one.text, longest=LONGEST_CHANGE)}"


def _typed(console: Console, stdin: TextIO | None) -> str:
    """What the person types; the end of the input is not an answer."""
    while stdin is not None:
        console.put("  Do you know that they did this? yes, no, skip or quit? ", end="")
        text = stdin.readline()
        word = WORDS.get(text.strip().lower())
        if not text or word not in {None, BACK}:
            return word or ""
    return ""


def _statements(
    line: ConfirmLine, by: str, now: datetime, until: datetime, evidence: str
) -> Iterator[Statement]:
    """A yes to each change: so that each that is in a later line is known there, too."""
    for one in dict.fromkeys(line.changes):
        text = f"{shown(one.text, longest=LONGEST_CHANGE)}, by {shown(line.who)}"
        yield Statement(
            code=line.id,
            subject=one.subject,
            question=QUESTION.format(text),
            answer=Word.YES,
            by=by,
            account=line.account,
            at=now,
            until=until,
            evidence=evidence,
        )
