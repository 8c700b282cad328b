"""`hardenme waive`: findings that are accepted for a time, in configuration files."""

from __future__ import annotations

import sys

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.panels import CommandGroup, PanelCommand
from hardenme.config.option import maybe_number, switch, text
from hardenme.config.table.result import FORMAT

WAIVER = "The waiver"
FILE = "The file"
ADD_HELP = """\
Accept that a check fails for a subject, for a reason and until a day.

\b
hardenme waive add GHA103 github:ssh-key/501 --reason safe --issue acme/web#12
hardenme waive add GHB103 github:acme/web --reason "one maintainer" --days 30
hardenme waive add GHB103 "github:repo/acme/*" --reason "one maintainer"
hardenme waive add GHB103                        pick from the last run
hardenme waive add NPT101 --report report.json   the subjects that fail it
hardenme waive add GHR102 github:acme/web --project --reason "no secrets"

It is written to your own configuration file, and counts in your own runs. What is waived stays in
every report, as waived, and fails again from the last day on. A waiver lasts 90 days, or as long as
--days or --until says, a year at most. Nothing unknown can be waived, and no check as a whole.

With --project it is written to the project's file. There it is a proposal: runs show it, and apply
it for those alone whose own configuration file trusts the folder.
"""
ADD_EPILOG = "Exit codes: 0 written, 2 usage, or a file that cannot be changed."
LIST_HELP = """\
Show the waivers of the files in force: your own, and the one of the working directory.

Each is in force, has expired, is proposed (and not applied), or cannot be used.
"""
LIST_EPILOG = "Exit codes: 0 all can be used, 2 usage, 3 a file or a waiver cannot be used."
PRUNE_HELP = """\
Remove waivers that have expired from your own configuration file.

\b
hardenme waive prune --dry-run                 what would be removed
hardenme waive prune --unused report.json      also what a report calls unused
hardenme waive prune --project                 from the project's file

A comment that touches a waiver goes with it; all others stay.
"""
PRUNE_EPILOG = "Exit codes: 0 done, 2 usage, or a file that cannot be changed."

CODE = text(
    "code", "The check, by its code or slug.", spelled="CODE", required=True, offers="one_check"
)
SUBJECT = text(
    "subject",
    "What it fails for: an id, with * for any text in its name, or github:OWNER/REPO, npm:PACKAGE,"
    " npm:@SCOPE. If left out, you pick from a list.",
    spelled="[SUBJECT]",
)
REASON = text("reason", "Why it is accepted.", metavar="TEXT", heading=WAIVER)
BY = text(
    "by",
    "Who accepts it; your login on this machine if left out.",
    metavar="NAME",
    heading=WAIVER,
)
DAYS = maybe_number(
    "days", "For how long: 90 days if left out, 366 at most.", metavar="N", heading=WAIVER
)
UNTIL = text(
    "until",
    "Until when, in place of --days: from 2027-01-31 on (UTC) it fails again.",
    metavar="DATE",
    heading=WAIVER,
)
ISSUE = text(
    "issue",
    "Where it is talked about: an https:// address, or OWNER/REPO#NUMBER.",
    metavar="ISSUE",
    heading=WAIVER,
)
REPORT = text(
    "report",
    "A JSON report. Without SUBJECT, the subjects for which the check fails in it are listed, and"
    " nothing is written.",
    metavar="FILE",
    heading=WAIVER,
)
OTHER_FILE = text("file", "Another configuration file than your own.", metavar="FILE", heading=FILE)
PROJECT = switch(
    "project",
    "The project's file: the nearest one, or hardenme.toml in the repository's root.",
    heading=FILE,
)
DRY_RUN = switch("dry-run", "Show what would go; change nothing.")
UNUSED = text(
    "unused",
    "A JSON report: those that it lists as unused go, too, unless they were renewed.",
    metavar="REPORT",
)


REMOVE_HELP = """\
Remove a waiver before it expires: the finding fails again in the next run.

\b
hardenme waive remove GHB103 github:acme/web   of one subject
hardenme waive remove GHB103                   pick from a list
hardenme waive remove GHB103 --project         from the project's file
"""
REMOVE_EPILOG = (
    "Exit codes: 0 removed, 2 usage, or a file that cannot be changed, 5 there is no such waiver."
)


def add(given: OptionValues) -> int:
    """Accept that a check fails for a subject, for a reason and until a day."""
    from hardenme.cli.waive.add import (  # noqa: PLC0415 (start-up)
        WaiveOptions,
        accept,
        accept_picked,
        failing,
    )

    if not given[SUBJECT] and given[REPORT]:
        return failing(given.console, given[CODE], given[REPORT])
    project = given[PROJECT]
    wanted = WaiveOptions(
        code=given[CODE],
        subject=given[SUBJECT],
        reason=given[REASON],
        by=given[BY],
        days=given[DAYS],
        until=given[UNTIL],
        issue=given[ISSUE],
    )
    if not wanted.subject:
        return accept_picked(given.console, wanted, given[OTHER_FILE], sys.stdin, project=project)
    return accept(given.console, wanted, given[OTHER_FILE], project=project)


def take_away(given: OptionValues) -> int:
    """Remove a waiver before it expires."""
    from hardenme.cli.waive.remove import withdraw  # noqa: PLC0415 (start-up)

    return withdraw(
        given.console,
        given[CODE],
        given[SUBJECT],
        given[OTHER_FILE],
        sys.stdin,
        project=given[PROJECT],
    )


def show(given: OptionValues) -> int:
    """Show the waivers of the files in force."""
    from hardenme.cli.waive.listing import show_all  # noqa: PLC0415 (start-up)

    return show_all(given.console, given.one_of(FORMAT, ("table", "json")))


def prune(given: OptionValues) -> int:
    """Remove waivers that have expired."""
    from hardenme.cli.waive.prune import clear_up  # noqa: PLC0415 (start-up)

    return clear_up(
        given.console,
        given[OTHER_FILE],
        project=given[PROJECT],
        unused=given[UNUSED],
        dry=given[DRY_RUN],
    )


COMMAND = CommandGroup(
    "waive",
    PanelCommand(
        "add",
        add,
        *(CODE, SUBJECT, REASON, BY, DAYS, UNTIL, ISSUE, REPORT, OTHER_FILE, PROJECT),
        help=ADD_HELP,
        epilog=ADD_EPILOG,
        short_help="Accept a finding for a time.",
    ),
    PanelCommand(
        "list",
        show,
        FORMAT.but(help="table or json.", default="table"),
        help=LIST_HELP,
        epilog=LIST_EPILOG,
        short_help="Show all waivers, and which are in force.",
    ),
    PanelCommand(
        "remove",
        take_away,
        *(CODE, SUBJECT, OTHER_FILE, PROJECT),
        help=REMOVE_HELP,
        epilog=REMOVE_EPILOG,
        short_help="Remove one before it expires.",
    ),
    PanelCommand(
        "prune",
        prune,
        *(DRY_RUN, UNUSED, OTHER_FILE, PROJECT),
        help=PRUNE_HELP,
        epilog=PRUNE_EPILOG,
        short_help="Remove those that have expired.",
    ),
    told="Accept findings for a time: write it down, see what is accepted, clear up.",
)
