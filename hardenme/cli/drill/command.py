"""`hardenme drill`."""

from __future__ import annotations

import sys

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.panels import PanelCommand
from hardenme.config.option import switch, text
from hardenme.config.table.headings import RESULT, TOKENS

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
SCENARIO = text("scenario", "Which one; `incident` for the tabletop.", spelled="[SCENARIO]")
LIST = switch("list", "Show the scenarios.", heading=RESULT)
ACCOUNT = text(
    "account",
    "Whose drill it is, where no run is kept; a login of GitHub.",
    metavar="LOGIN",
    heading=TOKENS,
)


def drill(given: OptionValues) -> int:
    """Practice with scenarios from real cases."""
    from hardenme.cli.drill import playing  # noqa: PLC0415 (start-up)

    if given[LIST]:
        return playing.show(given.console)
    return playing.play(given.console, given[SCENARIO], given[ACCOUNT], sys.stdin)


COMMAND = PanelCommand("drill", drill, SCENARIO, LIST, ACCOUNT, help=HELP, epilog=EPILOG)
