"""`hardenme incident note`: what was done and seen, with the time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from hardenme.cli.incident.locate import IncidentLocator, writing
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.texts import LONGEST_BY, clean
from hardenme.ground import clock
from hardenme.ground.errors import UsageError
from hardenme.ground.exit_code import Exit
from hardenme.model.incident import EventKind, IncidentEvent
from hardenme.model.secret import redact
from hardenme.reports.plain import timestamp

LONGEST = 20_000
"""Characters of a note."""
LEFT_OUT = (
    "What looked like a token or a password was left out of the note. If it was real, end it: it"
    " may be in the history of your shell."
)


def note(
    console: Console, which: IncidentLocator, words: Sequence[str], by: str, stdin: TextIO | None
) -> int:
    """Write a note down; returns the exit code."""
    incident = which.find_open(console)
    text = _text(console, words, stdin)
    who = clean("--by", by, LONGEST_BY)
    kept = redact(text)
    at = clock.now().replace(microsecond=0)
    with writing("the note was not written; what was written before is there"):
        incident.add(IncidentEvent(EventKind.NOTE, at, who, data={"text": kept}))
    if kept != text:
        console.say(LEFT_OUT)
    console.tell(f"{incident.name}: noted at {timestamp(at)}\n")
    return Exit.CLEAN


def _text(console: Console, words: Sequence[str], stdin: TextIO | None) -> str:
    """What is noted: the words, or what comes by standard input.

    Raises:
        UsageError: there is nothing, or too much of it.
    """
    text = " ".join(words)
    if not words:
        if stdin is None:
            raise UsageError("write the note after `note`, or pipe it in")
        if console.can_ask(stdin):
            console.put("Write the note, and end it with Ctrl-D on a line of its own.")
        text = _piped(stdin)
    text = text.strip()
    if not text:
        raise UsageError("the note is empty: nothing was written")
    if len(text) > LONGEST:
        raise UsageError(
            f"a note takes {LONGEST:,} characters at most: nothing was written. Keep a longer text"
            " in a file, and note where that is"
        )
    return text


def _piped(stdin: TextIO) -> str:
    try:
        return stdin.read(2 * LONGEST)
    except (UnicodeDecodeError, OSError):
        raise UsageError("the note is not text: nothing was written") from None
