"""`hardenme waive`: findings that are accepted for a time, in configuration files."""

from __future__ import annotations

from typing import Annotated

import typer

from hardenme.cli.options.panels import RESULT, CommandGroup, PanelCommand
from hardenme.cli.terminal.console import Console

WAIVER = "The waiver"
FILE = "The file"

app = typer.Typer(
    cls=CommandGroup,
    help="Accept findings for a time: write it down, see what is accepted, clear up.",
)

ADD_HELP = """\
Accept that a check fails for a subject, for a reason and until a day.

\b
hardenme waive add GHA103 github:ssh-key/501 --reason "in a safe until the audit"
hardenme waive add GHB103 github:acme/web --reason "one maintainer" --days 30
hardenme waive add GHB103 "github:repo/acme/*" --reason "one maintainer" --issue acme/web#12
hardenme waive add NPT101 --report report.json   the subjects that fail it
hardenme waive add GHR102 github:acme/web --project --reason "no secrets in it" --by hazel

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
hardenme waive prune --unused report.json      those that a report lists as unused, too
hardenme waive prune --project                 from the project's file

A comment that touches a waiver goes with it; all others stay.
"""
PRUNE_EPILOG = "Exit codes: 0 done, 2 usage, or a file that cannot be changed."

File = Annotated[
    str,
    typer.Option(
        "--file",
        metavar="FILE",
        help="Another configuration file than your own.",
        rich_help_panel=FILE,
    ),
]
Project = Annotated[
    bool,
    typer.Option(
        "--project",
        help="The project's file: the nearest one, or hardenme.toml in the repository's root.",
        rich_help_panel=FILE,
    ),
]


@app.command(
    "add",
    cls=PanelCommand,
    help=ADD_HELP,
    epilog=ADD_EPILOG,
    short_help="Accept a finding for a time.",
)
def add(  # noqa: PLR0913 (each is an option of the command line)
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help="The check, by its code or slug.")],
    subject: Annotated[
        str,
        typer.Argument(
            metavar="[SUBJECT]",
            help="What it fails for: an id as the JSON report shows it, with * for any text in its"
            " name, or github:OWNER/REPO, npm:PACKAGE, npm:@SCOPE.",
        ),
    ] = "",
    *,
    reason: Annotated[
        str,
        typer.Option(
            "--reason", metavar="TEXT", help="Why it is accepted.", rich_help_panel=WAIVER
        ),
    ] = "",
    by: Annotated[
        str,
        typer.Option(
            "--by",
            metavar="NAME",
            help="Who accepts it; your login on this machine if left out.",
            rich_help_panel=WAIVER,
        ),
    ] = "",
    days: Annotated[
        int | None,
        typer.Option(
            "--days",
            metavar="N",
            help="For how long: 90 days if left out, 366 at most.",
            rich_help_panel=WAIVER,
        ),
    ] = None,
    until: Annotated[
        str,
        typer.Option(
            "--until",
            metavar="DATE",
            help="Until when, in place of --days: from 2027-01-31 on (UTC) it fails again.",
            rich_help_panel=WAIVER,
        ),
    ] = "",
    issue: Annotated[
        str,
        typer.Option(
            "--issue",
            metavar="ISSUE",
            help="Where it is talked about: an https:// address, or OWNER/REPO#NUMBER.",
            rich_help_panel=WAIVER,
        ),
    ] = "",
    report: Annotated[
        str,
        typer.Option(
            "--report",
            metavar="FILE",
            help="A JSON report. Without SUBJECT, the subjects for which the check fails in it are"
            " listed, and nothing is written.",
            rich_help_panel=WAIVER,
        ),
    ] = "",
    file: File = "",
    project: Project = False,
) -> int:
    """Accept that a check fails for a subject, for a reason and until a day."""
    from hardenme.cli.waive.add import Wanted, accept, failing  # noqa: PLC0415 (start-up)

    console: Console = context.obj
    if not subject and report:
        return failing(console, code, report)
    wanted = Wanted(
        code=code, subject=subject, reason=reason, by=by, days=days, until=until, issue=issue
    )
    return accept(console, wanted, file, project=project)


@app.command(
    "list",
    cls=PanelCommand,
    help=LIST_HELP,
    epilog=LIST_EPILOG,
    short_help="Show all waivers, and which are in force.",
)
def show(
    context: typer.Context,
    *,
    output_format: Annotated[
        str,
        typer.Option(
            "--format", "-f", metavar="FORMAT", help="table or json.", rich_help_panel=RESULT
        ),
    ] = "table",
) -> int:
    """Show the waivers of the files in force."""
    from hardenme.cli.waive.listing import show_all  # noqa: PLC0415 (start-up)

    console: Console = context.obj
    return show_all(console, output_format)


@app.command(
    "prune",
    cls=PanelCommand,
    help=PRUNE_HELP,
    epilog=PRUNE_EPILOG,
    short_help="Remove those that have expired.",
)
def prune(
    context: typer.Context,
    *,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Show what would go; change nothing."),
    ] = False,
    unused: Annotated[
        str,
        typer.Option(
            "--unused",
            metavar="REPORT",
            help="A JSON report: those that it lists as unused go, too, unless they were renewed.",
        ),
    ] = "",
    file: File = "",
    project: Project = False,
) -> int:
    """Remove waivers that have expired."""
    from hardenme.cli.waive.prune import clear_up  # noqa: PLC0415 (start-up)

    console: Console = context.obj
    return clear_up(console, file, project=project, unused=unused, dry=dry_run)
