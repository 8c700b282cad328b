"""`hardenme people`."""

from __future__ import annotations

import sys

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.settled import SettledCommand
from hardenme.config.option import switch
from hardenme.config.table.access import ADDRESSES, APP, CACHE, TOKENS
from hardenme.config.table.headings import SHOWN, WHAT
from hardenme.config.table.result import FORMAT, FULL, OUTPUT
from hardenme.config.table.selection import (
    ARCHIVED,
    DEPTH,
    EXCLUDE,
    INCLUDE,
    LOCAL,
    PACE,
    SAME_PERSON,
    TARGET,
)

HELP = """\
Show who could do the most harm, and who can stop whom, before it happens.

\b
hardenme people                          of the last run of `hardenme check`
hardenme people github:ORG               the last run of it, or a new one
hardenme people github:ORG npm:@SCOPE    both sites together
hardenme people github:ORG --new         a new run
hardenme people --same-person nettle=nettle-npm   two accounts of one person
hardenme people -f html -o people.html   with a drawing; also -f mermaid
hardenme people --demo                   of the demo's accounts

For each person, app, key and token: the repositories that it can push to, past all rules or not,
the packages that it can publish with their downloads, by which path, and who can remove that.
What no one else can remove comes first, then the people you cannot remove yourself.

Accounts of GitHub and npm stay apart unless something links them: a verified address of yours that
npm shows with a maintainer, or what you state by --same-person, also in your own file.
GitHub shows the 2FA of members to owners; npm shows only your own.
"""
EPILOG = (
    "Exit codes: 0 shown, 2 usage or internal error, 3 something that this asks for was not shown,"
    " 4 no usable credential, 75 already running, 130 interrupted, 143 terminated."
)
NEW = switch("new", "Ask now, whatever is kept.", heading=WHAT)
DEMO = switch("demo", "Of the demo's accounts: no token.", heading=SHOWN)


def people(given: OptionValues) -> int:
    """Show who could do the most harm, and who can stop whom, before it happens."""
    from hardenme.cli.options.run_config import run_config  # noqa: PLC0415 (start-up)
    from hardenme.cli.output.forms import form_asked  # noqa: PLC0415
    from hardenme.cli.output.place import output_file  # noqa: PLC0415
    from hardenme.cli.people.handler import PeopleHandler, links_of  # noqa: PLC0415
    from hardenme.cli.stored.runs import of_targets  # noqa: PLC0415
    from hardenme.reports.holders import FORMS  # noqa: PLC0415

    delivery = form_asked(given, FORMS)
    links = links_of(given[SAME_PERSON])
    full = given[FULL] or delivery.file is not None
    telling = PeopleHandler(given.console, delivery, links, full=full)
    if given[DEMO]:
        from hardenme.cli.people.demo import run_demo  # noqa: PLC0415

        return run_demo(telling, given)
    config = run_config(given.but({LOCAL: False}))
    kept = None if given[NEW] else of_targets(given[TARGET], last=True)
    if kept is not None:
        return telling.of_kept(kept)
    from hardenme.cli.audit.run import audited, prepare  # noqa: PLC0415 (start-up)

    with output_file(delivery) as place:
        run = prepare(given, config, delivery, sys.stdin)
        with audited(run) as report:
            return telling.show_run(report, run.hosts, place)


COMMAND = SettledCommand(
    "people",
    people,
    TARGET.but(
        help="me, github:NAME, github:OWNER/REPO, npm:@SCOPE, npm:PACKAGE; without one, those of"
        " the last run"
    ),
    *(NEW, SAME_PERSON, INCLUDE, EXCLUDE, ARCHIVED, DEPTH, *PACE),
    *(*TOKENS, *APP, *ADDRESSES, CACHE, DEMO, FULL),
    FORMAT.but(help="table, markdown, json, html or mermaid.", default="table"),
    OUTPUT,
    help=HELP,
    epilog=EPILOG,
)
