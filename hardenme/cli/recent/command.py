"""`hardenme recent`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from hardenme.cli.options import choices, sweep
from hardenme.cli.options.addresses import CaFile, GitHubUrl, NpmRegistry
from hardenme.cli.options.panels import RESULT, SHOWN, TARGETS, WHAT
from hardenme.cli.options.settled import settled
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.stopping import stoppable

HELP = """\
Show what appeared or changed recently, without an earlier report: did an attacker get in?

\b
hardenme recent                        your accounts, the last 48 hours
hardenme recent github:ORG             an organization and its repositories
hardenme recent github:ORG --since 7d  the last week
hardenme recent --full                 everything, with commands and pages
hardenme recent --depth standard       webhooks, secrets and environments, too
hardenme recent -f markdown -o day.md  to record what you did about it
hardenme recent --demo                 an organization after an attack

It lists what has a date: keys, webhooks, apps, secrets, rulesets, invitations, repositories,
releases, tokens, versions, pushes and changed workflow files. Signs of an attack are marked, with
the command that undoes each. Members, owners, protection, runners and trusted publishers have no
date: their changes since the newest kept run of `hardenme check` are listed, or all without one.

What could not be read never counts as "nothing recent": it is under NOT LOOKED AT, with what it
takes. If the token was revoked, the newest kept run is used instead, and the report says so.

`hardenme permissions --command recent` shows the smallest token for it.
"""
EPILOG = (
    "Exit codes: 1 something is marked, 3 nothing is, and something was not looked at, 0 neither, 2"
    " usage or internal error, 5 no target was found, 75 already running, 130 interrupted, 143"
    " terminated."
)


def command(  # noqa: PLR0913 (each is an option of the command line)
    context: typer.Context,
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TARGET]...",
            help="me (the default: your accounts), github:NAME, github:OWNER/REPO, npm:@SCOPE,"
            " npm:PACKAGE",
            rich_help_panel=TARGETS,
        ),
    ] = None,
    *,
    since: Annotated[
        str,
        typer.Option(
            "--since",
            metavar="TIME",
            help="How far back, like 10m, 48h, 7d, 4w or 10y.",
            rich_help_panel=WHAT,
        ),
    ] = "48h",
    include: choices.Include = None,
    exclude: choices.Exclude = None,
    archived: choices.Archived = False,
    depth: sweep.Depth = "fast",
    plan: sweep.Plan = False,
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
    demo: Annotated[
        bool,
        typer.Option(
            "--demo",
            help="An invented organization after an attack: no token, no network.",
            rich_help_panel=SHOWN,
        ),
    ] = False,
    full: choices.Full = False,
    output_format: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help="screen, table, markdown or json.",
            rich_help_panel=RESULT,
        ),
    ] = "screen",
    output: choices.Output = "",
) -> int:
    """Show what appeared or changed lately, without any earlier report."""
    from hardenme.cli.options.audit import UsageError  # noqa: PLC0415 (start-up)
    from hardenme.cli.recent.request import asked  # noqa: PLC0415 (start-up)

    console: Console = context.obj
    try:
        options, window = asked(
            targets=targets or ["me"],
            since=since,
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
            planned=plan,
            output_format=output_format,
            settled=settled(context),
        )
    except UsageError as error:
        console.say(str(error))
        return 2
    from hardenme.cli.audit.run import run_check  # noqa: PLC0415 (start-up)
    from hardenme.cli.output.delivery import Delivery, whole  # noqa: PLC0415
    from hardenme.cli.recent.telling import Telling  # noqa: PLC0415

    file = None if output in {"", "-"} else Path(output)
    form = whole(output_format, full=full)
    # What goes to a file is read later, and is all there is.
    form = "table" if form == "screen" and file is not None else form
    delivery = Delivery(form, file, quiet=demo)
    telling = Telling(console, options, delivery, window, since)
    if demo:
        from hardenme.cli.recent.demo import run_demo  # noqa: PLC0415

        return stoppable(console, lambda: run_demo(telling))
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
            hand=telling,
        ),
    )
