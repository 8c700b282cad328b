"""Shows a person at the terminal how to make the least token that is enough."""

from __future__ import annotations

from itertools import groupby

from hardenme.cli.terminal.console import Console
from hardenme.model.least import LeastToken
from hardenme.reports.codes import ranges
from hardenme.reports.columns import wrap
from hardenme.reports.permissions import access

FILLED_IN = "All of it is read-only:"
GRANULAR = (
    'Replace ORG by the names of your organizations, and leave "Bypass two-factor authentication"'
    " unticked. The token holds:"
)
BY_HAND = "Set these there by hand. All of them are read-only:"
INDENT = 4


def guide(console: Console, token: LeastToken, host: str, asked: str) -> None:
    """Put the least token before a person: where it is made, what it holds, what it cannot see.

    Args:
        console: the terminal; it all goes to standard error.
        host: whose token it is, for people.
        asked: the command that shows the same token, and others for the same checks.
    """
    of = f" for {token.owner}" if token.owner else ""
    checks = _count(len(token.checks))
    _wrapped(console, f"The least token{of} on {host.rstrip('/')}, for {checks}:")
    console.put("")
    if token.command:
        console.put(f"  {token.command}", "", "or on this page:", "")
    console.put(f"  {token.link or token.page}", "")
    by_page = FILLED_IN if token.link else BY_HAND
    text = f"{access(token)} {by_page}" if token.provider == "github" else GRANULAR
    _wrapped(console, text)
    for where, rights in groupby(token.rights, lambda right: right.place):
        names = ", ".join(right.name for right in rights)
        _wrapped(console, f"  {where + ': ' if where else ''}{names}", hang=INDENT)
    hidden = sorted({code for gap in token.gaps if gap.whole for code in gap.checks})
    if hidden:
        console.put("")
        _wrapped(
            console,
            f"With it, {_count(len(hidden))} cannot be answered: {ranges(hidden)}."
            f" `{asked} --full` shows what that takes.",
        )
    console.put("")


def _count(number: int) -> str:
    return "1 check" if number == 1 else f"{number} checks"


def _wrapped(console: Console, text: str, hang: int = 0) -> None:
    """A paragraph wrapped to the terminal's width, after its prefix."""
    lead = " " * (len(text) - len(text.lstrip()))
    lines = wrap(text, console.width - len(lead), hang=max(hang - len(lead), 0))
    console.put(*(lead + line for line in lines))
