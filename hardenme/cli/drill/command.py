"""`hardenme drill`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from hardenme.cli.options.panels import RESULT, TOKENS
from hardenme.cli.terminal.console import Console

HELP = """\
Practice with scenarios from real cases, five minutes each. Offline: nothing is sent to anyone.

\b
hardenme drill                     pick a scenario
hardenme drill fake-2fa-mail       play this one
hardenme drill incident            an attack on your package, by the clock
hardenme drill --list              the scenarios, and the cases they come from

Each scenario puts three or four scenes with choices. It explains each choice, with a source. The
incident asks for your commands, and compares them with the accounts of the last run and its fix
plan. A drill that was played to its end is recorded as your answer to ATT105. The incident is
recorded as ATT106 too, if your plan is up to date. One that was stopped records nothing.
"""
EPILOG = (
    "Exit codes: 0 played to its end, 2 usage, no terminal or a record that cannot be used, 5"
    " stopped: nothing was recorded."
)


def command(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(metavar="[SCENARIO]", help="Which one; `incident` for the tabletop."),
    ] = "",
    *,
    listed: Annotated[
        bool, typer.Option("--list", help="Show the scenarios.", rich_help_panel=RESULT)
    ] = False,
    account: Annotated[
        str,
        typer.Option(
            "--account",
            metavar="LOGIN",
            help="Whose drill it is, where no run is kept; a login of GitHub.",
            rich_help_panel=TOKENS,
        ),
    ] = "",
) -> int:
    """Practice with scenarios from real cases."""
    from hardenme.cli.drill import playing  # noqa: PLC0415 (start-up)

    console: Console = context.obj
    return playing.show(console) if listed else playing.play(console, name, account, sys.stdin)
