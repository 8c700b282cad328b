"""Shows a person at the terminal how to make the least token that is enough."""

from __future__ import annotations

from itertools import groupby

from hardenme.cli.console import Console
from hardenme.model.least import LeastToken
from hardenme.reports.codes import ranges

CHOOSE = "Choose All repositories there: no link can fill that in. Everything is read-only:"
LIST = "The link may stop working; then set these by hand. Everything is read-only:"


def guide(console: Console, token: LeastToken, host: str) -> None:
    """Put the least token before a person: where it is made, what it holds, what it cannot see.

    Args:
        console: the terminal; it all goes to standard error.
        token: the least token of its kind.
        host: whose token it is, for people.
    """
    of = f" for {token.owner}" if token.owner else ""
    console.put(f"The least token{of} on {host}, for {len(token.checks)} checks:", "")
    place = token.link or token.page
    if token.command and token.provider == "npm":
        console.put(f"  {token.command}", "", "or on this page:", "")
    console.put(f"  {place}", "")
    if token.provider == "github":
        console.put(CHOOSE if token.link else LIST)
    for where, rights in groupby(token.rights, lambda right: right.place):
        names = ", ".join(right.name for right in rights)
        console.put(f"  {where + ': ' if where else ''}{names}")
    hidden = sorted({code for gap in token.gaps if gap.whole for code in gap.checks})
    if hidden:
        console.put(
            "",
            f"It cannot see what these {len(hidden)} checks need: {ranges(hidden)}.",
            "`hardenme permissions` tells what else could.",
        )
    console.put("")
