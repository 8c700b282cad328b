"""Asks at a terminal, or takes the answers of options, and records what was decided."""

from __future__ import annotations

from typing import TextIO

from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.interview import Interview
from hardenme.cli.verify_request.asking import Asking
from hardenme.cli.verify_request.deciding import Deciding, InterviewOptions
from hardenme.cli.verify_request.records import events
from hardenme.ground.errors import EndedError, UsageError
from hardenme.ground.exit_code import Exit
from hardenme.store.requests import contacts

NEEDED = ("--who", "--channel", "--kind", "--decision")


def verify(console: Console, given: InterviewOptions, stdin: TextIO | None) -> int:
    """Ask, or take the answers, and record the decision; returns the exit code."""
    try:
        known = contacts(events())
        if stdin is not None and console.can_ask(stdin):
            deciding: Deciding = Asking(console, given, known, stdin, ask=Interview(console, stdin))
        else:
            _demand(given)
            deciding = Deciding(console, given, known, stdin)
        return deciding.go()
    except EndedError:
        console.say("nothing was recorded")
        return Exit.NOTHING_MATCHED


def _demand(given: InterviewOptions) -> None:
    """See to it that there is nothing left to ask.

    Raises:
        UsageError: something is.
    """
    values = (given.who, given.channel, given.kind, given.decision)
    missing = [option for option, value in zip(NEEDED, values, strict=True) if not value.strip()]
    if missing:
        raise UsageError(f"there is no terminal to ask you on: add {', '.join(missing)}")
    if given.called and given.confirmed is None:
        raise UsageError("--called needs --confirmed or --denied")
    if given.called and not given.arrived:
        raise UsageError("--called needs --arrived: a contact counts 24 hours after it was stored")
