"""`hardenme rehearse`."""

from __future__ import annotations

import sys

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.settled import SettledCommand
from hardenme.config.option import switch
from hardenme.config.option import text as text_option
from hardenme.config.table.access import ADDRESSES, APP, CACHE, TOKENS
from hardenme.config.table.headings import SHOWN
from hardenme.config.table.result import FORMAT, FROM_FACTS, FULL, OUTPUT
from hardenme.config.table.selection import DEPTH, LOCAL, PACE, SELECT, TARGET

HELP = """\
Show whether npm will accept the next release, before you release.

\b
hardenme rehearse npm:PACKAGE              one package
hardenme rehearse npm:@SCOPE               all packages of a scope
hardenme rehearse                          all packages of your account
hardenme rehearse npm:@SCOPE --after all   after all steps of `fix`
hardenme rehearse npm:@SCOPE --after 1     after step 1
hardenme rehearse npm:PACKAGE --full       every cause and note
hardenme rehearse --from-facts facts.jsonl   from `check --save-facts`
hardenme rehearse --demo                   of invented accounts

It joins the trusted publishers, the workflow that starts, its job, its environment, the client that
publishes, package.json, tokens and secrets. Each way to release is accepted, refused or unknown. A
refusal names its cause and the repair; an unknown names what would settle it. Nothing is changed,
and nothing is published.

Trusted publishers are read with --interactive, because npm asks for a one-time password.
"""
EPILOG = (
    "Exit codes: 0 each package has an accepted way, 1 a package has none, 3 of a package it is not"
    " known, 2 usage or internal error, 4 no usable credential, 5 no target was found, 75 already"
    " running, 130 interrupted, 143 terminated."
)
AFTER = text_option(
    "after", "Take a step of the plan for granted: its number, its id, or all.", heading=SHOWN
)
DEMO = switch("demo", "Invented accounts: no token.", heading=SHOWN)
CHECKS = "PUB101,PUB102,PUB104,PUB105"
"""What the ways to release, and the steps that close some, are taken from."""


def rehearse(given: OptionValues) -> int:
    """Show whether npm will accept the next release."""
    from hardenme.cli.options.run_config import run_config  # noqa: PLC0415 (start-up)
    from hardenme.cli.output.forms import form_asked  # noqa: PLC0415
    from hardenme.cli.output.place import output_file  # noqa: PLC0415
    from hardenme.cli.rehearse.showing import Rehearsal  # noqa: PLC0415
    from hardenme.reports.rehearsal import FORMS  # noqa: PLC0415

    delivery = form_asked(given, FORMS)
    config = run_config(given.but({LOCAL: False, SELECT: (CHECKS,)}))
    full = given[FULL] or delivery.file is not None
    showing = Rehearsal(given.console, delivery, config.targets, given[AFTER], full=full)
    if given[DEMO]:
        from hardenme.cli.rehearse.demo import run_demo  # noqa: PLC0415 (start-up)

        return run_demo(showing, config)
    if given[FROM_FACTS]:
        return showing.of_facts(given[FROM_FACTS], config)
    from hardenme.cli.audit.run import audited, prepare  # noqa: PLC0415 (start-up)

    with output_file(delivery) as place:
        run = prepare(given, config, delivery, sys.stdin)
        with audited(run) as report:
            return showing.show(report, place)


COMMAND = SettledCommand(
    "rehearse",
    rehearse,
    TARGET.but(help="me (the default: your packages), npm:@SCOPE, npm:PACKAGE"),
    *(AFTER, DEPTH.but(default="deep"), *PACE, FROM_FACTS),
    *(*TOKENS, *APP, *ADDRESSES, CACHE, DEMO, FULL),
    FORMAT.but(help="table, markdown or json.", default="table"),
    OUTPUT,
    help=HELP,
    epilog=EPILOG,
)
