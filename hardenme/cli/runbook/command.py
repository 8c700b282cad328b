"""`hardenme runbook`."""

from __future__ import annotations

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.panels import PanelCommand
from hardenme.config.option import switch
from hardenme.config.table.headings import SHOWN
from hardenme.config.table.result import FORMAT, OUTPUT

HELP = """\
Print the plan for the day of an attack: what to end, roll back and announce, in order.

\b
hardenme runbook                          of the last run of `hardenme check`
hardenme runbook -o runbook.md            to a file that only you can read
hardenme runbook -f html -o runbook.html  a page to print
hardenme runbook --demo                   of the last run of `hardenme demo`

It names your own tokens, keys, apps, hooks, runners, secrets, tags, packages and owners, each with
the command that ends it or the page where you do. Nothing is run. It needs no token and no
network: it is made of the run that `hardenme check` kept.

Make it on a quiet day, print it, and make it again when something changes. It says how old it is,
which lists are missing, what it takes to read each, and who can. No secret is in it.
"""
EPILOG = (
    "Exit codes: 0 shown, 2 usage or internal error, or no run is kept, 3 a list is missing,"
    " 130 interrupted, 143 terminated."
)
DEMO = switch("demo", "The last run of `hardenme demo`.", heading=SHOWN)


def runbook(given: OptionValues) -> int:
    """Print the plan for the day of an attack."""
    from hardenme.cli.output.forms import form_asked  # noqa: PLC0415 (start-up)
    from hardenme.cli.runbook.show_runbook import show_runbook  # noqa: PLC0415
    from hardenme.reports.runbook import FORMS  # noqa: PLC0415

    return show_runbook(given.console, form_asked(given, FORMS), demo=given[DEMO])


COMMAND = PanelCommand(
    "runbook",
    runbook,
    DEMO,
    FORMAT.but(help="markdown, html or table.", default="markdown"),
    OUTPUT,
    help=HELP,
    epilog=EPILOG,
)
