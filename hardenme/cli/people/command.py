"""`hardenme people`."""

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
Show who could do the most harm, and who can stop whom, before it happens.

\b
hardenme people                          of the last run of `hardenme check`
hardenme people github:ORG               an organization: the last run of it, or a new one
hardenme people github:ORG npm:@SCOPE    both sites together
hardenme people github:ORG --new         a new run
hardenme people --same-person nettle=nettle-npm   two accounts of one person
hardenme people -f html -o people.html   with a drawing; also -f mermaid and -f dot
hardenme people --demo                   of invented accounts

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


def command(  # noqa: PLR0913 (each is an option of the command line)
    context: typer.Context,
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TARGET]...",
            help="me, github:NAME, github:OWNER/REPO, npm:@SCOPE, npm:PACKAGE; without one, those"
            " of the last run",
            rich_help_panel=TARGETS,
        ),
    ] = None,
    *,
    new: Annotated[
        bool, typer.Option("--new", help="Ask now, whatever is kept.", rich_help_panel=WHAT)
    ] = False,
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
    demo: Annotated[
        bool,
        typer.Option("--demo", help="Invented accounts: no token.", rich_help_panel=SHOWN),
    ] = False,
    full: choices.Full = False,
    output_format: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help="table, markdown, json, html, mermaid or dot.",
            rich_help_panel=RESULT,
        ),
    ] = "table",
    output: choices.Output = "",
) -> int:
    """Show who could do the most harm, and who can stop whom, before it happens."""
    from hardenme.cli.options.audit import CheckOptions, UsageError  # noqa: PLC0415 (start-up)
    from hardenme.cli.output.delivery import Delivery  # noqa: PLC0415
    from hardenme.cli.people.telling import Telling, form_of, links_of  # noqa: PLC0415
    from hardenme.cli.stored.runs import NoRunError, of_targets  # noqa: PLC0415

    console: Console = context.obj
    try:
        form = form_of(output_format)
        links = links_of(same_person or [])
        options = CheckOptions.of(
            targets=targets or ["me"],
            select=[],
            ignore=[],
            profile="",
            fail_on="high",
            allow_unknown=[],
            include=include or [],
            exclude=exclude or [],
            archived=archived,
            local=False,
            network_lookups=False,
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
            output_format="table",
            settled=settled(context),
        )
    except UsageError as error:
        console.say(str(error))
        return 2
    file = None if output in {"", "-"} else Path(output)
    delivery = Delivery(form, file)
    telling = Telling(console, delivery, links, full=full or file is not None)
    if demo:
        from hardenme.cli.people.demo import run_demo  # noqa: PLC0415

        return stoppable(console, lambda: run_demo(telling, options))
    try:
        kept = None if new else of_targets(targets or [])
    except NoRunError as error:
        console.say(str(error))
        return 2
    if kept is not None:
        return stoppable(console, lambda: telling.of_kept(kept))
    from hardenme.cli.audit.run import run_check  # noqa: PLC0415 (start-up)

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
