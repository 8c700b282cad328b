"""`hardenme person`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from hardenme.cli.options import choices, sweep
from hardenme.cli.options.addresses import CaFile, GitHubUrl, NpmRegistry
from hardenme.cli.options.panels import RESULT, TARGETS, WHAT
from hardenme.cli.options.settled import settled
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.stopping import stoppable

HELP = """\
List what to do when a person leaves, is robbed, or hands over, in a safe order.

\b
hardenme person LOGIN github:ORG --leaves              they leave on good terms
hardenme person LOGIN github:ORG --stolen              their account was taken over
hardenme person LOGIN github:ORG --hands-over-to NEW   NEW takes what they held
hardenme person LOGIN github:ORG npm:@SCOPE --npm NAME --leaves   npm, too
hardenme person LOGIN github:ORG --leaves -f markdown -o leaves.md   with boxes

It checks now, and lists who needs rights first, what only the person can do, what still runs in
their name (reviews, code owners, schedules), memberships, invitations, keys, tokens and packages
that end, with commands and what each breaks, and the secrets that they could read. Nothing is run.

Run it again afterwards: what remains is what no API shows, each as a question. What was not
checked comes last; --depth deep checks more.
"""
EPILOG = (
    "Exit codes: 0 shown, 2 usage or internal error, 3 something was not looked at, 4 no usable"
    " credential, 5 no one with that login was seen, 75 already running, 130 interrupted, 143"
    " terminated."
)


def command(  # noqa: PLR0913 (each is an option of the command line)
    context: typer.Context,
    login: Annotated[
        str,
        typer.Argument(metavar="LOGIN", help="Whose access, on GitHub.", rich_help_panel=TARGETS),
    ],
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TARGET]...",
            help="Where: me (the default), github:NAME, github:OWNER/REPO, npm:@SCOPE, npm:PACKAGE",
            rich_help_panel=TARGETS,
        ),
    ] = None,
    *,
    leaves: Annotated[
        bool, typer.Option("--leaves", help="They leave.", rich_help_panel=WHAT)
    ] = False,
    stolen: Annotated[
        bool,
        typer.Option(
            "--stolen",
            help="Their account was taken over: access ends first.",
            rich_help_panel=WHAT,
        ),
    ] = False,
    hands_over_to: Annotated[
        str,
        typer.Option(
            "--hands-over-to",
            metavar="LOGIN",
            help="Who takes what they held, on GitHub.",
            rich_help_panel=WHAT,
        ),
    ] = "",
    npm: Annotated[
        str,
        typer.Option(
            "--npm",
            metavar="NAME",
            help="Their npm account; without it, what --same-person links.",
            rich_help_panel=WHAT,
        ),
    ] = "",
    npm_successor: Annotated[
        str,
        typer.Option(
            "--npm-successor",
            metavar="NAME",
            help="The npm account of who takes over.",
            rich_help_panel=WHAT,
        ),
    ] = "",
    same_person: Annotated[
        list[str] | None,
        typer.Option(
            "--same-person",
            metavar="GITHUB=NPM",
            help="These two accounts are of one person. May be repeated.",
            rich_help_panel=WHAT,
        ),
    ] = None,
    include: choices.Include = None,
    exclude: choices.Exclude = None,
    archived: choices.Archived = False,
    depth: sweep.Depth = "standard",
    rate_budget: sweep.RateBudget = "",
    max_wait: sweep.MaxWait = 120,
    workers: sweep.Workers = None,
    token_stdin: choices.TokenStdin = "",
    token_file: choices.TokenFile = None,
    use_gh: choices.UseGh = False,
    app_id: sweep.AppId = 0,
    app_key: sweep.AppKey = "",
    as_login: choices.AsLogin = "",
    github_url: GitHubUrl = "https://github.com",
    npm_registry: NpmRegistry = "",
    ca_file: CaFile = "",
    cache: choices.UseCache = True,
    output_format: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help="table, markdown or json.",
            rich_help_panel=RESULT,
        ),
    ] = "table",
    output: choices.Output = "",
) -> int:
    """List what to do when a person leaves, is robbed, or hands over, in a safe order."""
    from hardenme.cli.options.audit import UsageError  # noqa: PLC0415 (start-up)
    from hardenme.cli.person.request import asked, wanted  # noqa: PLC0415 (start-up)

    console: Console = context.obj
    try:
        person = wanted(
            login,
            leaves=leaves,
            stolen=stolen,
            successor=hands_over_to,
            npm=npm,
            npm_successor=npm_successor,
            same_person=same_person or [],
            output_format=output_format,
        )
        options = asked(
            targets=targets or ["me"],
            include=include or [],
            exclude=exclude or [],
            archived=archived,
            as_login=as_login,
            github_url=github_url,
            npm_registry=npm_registry,
            workers=workers,
            ca_file=ca_file,
            depth=depth,
            rate_budget=rate_budget,
            max_wait=max_wait,
            app_id=app_id,
            app_key=app_key,
            settled=settled(context),
        )
    except UsageError as error:
        console.say(str(error))
        return 2
    from hardenme.cli.audit.run import run_check  # noqa: PLC0415 (start-up)
    from hardenme.cli.output.delivery import Delivery  # noqa: PLC0415
    from hardenme.cli.person.telling import Telling  # noqa: PLC0415

    file = None if output in {"", "-"} else Path(output)
    delivery = Delivery(output_format, file)
    return stoppable(
        console,
        lambda: run_check(
            console,
            options,
            delivery,
            stdin=sys.stdin,
            stdin_for=token_stdin,
            files=token_file or [],
            cached=cache,
            use_gh=use_gh,
            hand=Telling(console, delivery, person),
        ),
    )
