"""`hardenme watch`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from hardenme.cli.options import choices, sweep
from hardenme.cli.options.addresses import CaFile, GitHubUrl, NpmRegistry
from hardenme.cli.options.panels import RESULT, SWEEP, TARGETS
from hardenme.cli.options.settled import settled
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.stopping import stoppable
from hardenme.cli.timer import options as timed
from hardenme.cli.timer.notifications import Evidence, NotifyFile

HELP = """\
Look for signs of an attack in the newest releases of packages, for a timer.

\b
hardenme watch npm:NAME npm:NAME   these packages; no npm token is needed
hardenme watch npm:@SCOPE          all packages of an organization
hardenme watch                     all packages of your account
hardenme watch npm:@SCOPE --once   each alert once, and again if it changed

Each run sends one request for each package, answered "not modified" if nothing is new. The REL
checks judge releases: who published, with which proof, what is new in them. The first line says
what is wrong, or that nothing is.

It keeps only its cache of answers, so it repeats an alert in each run until the release is too old.
With --once it stores what it saw, as `hardenme report` does, shows what changed since, and can send
it. An earlier alert is then not repeated, and does not change the exit code.
"""
EPILOG = (
    "Exit codes: 0 nothing unusual, 1 an alert, 2 usage or internal error,"
    " 3 something is unknown, 4 no usable credential, 5 there is no package, 75 already running,"
    " 130 interrupted, 143 terminated. With --once: as for `hardenme report`."
)


def command(  # noqa: PLR0913 (each is an option of the command line)
    context: typer.Context,
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TARGET]...",
            help="npm:PACKAGE, npm:@SCOPE, or me (the default: your npm account's packages)",
            rich_help_panel=TARGETS,
        ),
    ] = None,
    *,
    since: choices.Since = 3,
    workers: sweep.Workers = None,
    max_wait: Annotated[
        int,
        typer.Option(
            "--max-wait",
            metavar="SECONDS",
            min=0,
            max=3600,
            help="Longest wait for a rate limit; after that the run stops.",
            rich_help_panel=SWEEP,
        ),
    ] = 30,
    token_stdin: choices.TokenStdin = "",
    token_file: choices.TokenFile = None,
    use_gh: choices.UseGh = False,
    github_url: GitHubUrl = "https://github.com",
    npm_registry: NpmRegistry = "",
    ca_file: CaFile = "",
    cache: choices.UseCache = True,
    fail_on: Annotated[
        str,
        typer.Option(
            "--fail-on",
            metavar="SEVERITY",
            help="Exit with 1 only from this severity: critical, high, medium, low, info; without"
            " it, at any alert.",
            show_default=False,
            rich_help_panel=RESULT,
        ),
    ] = "info",
    allow_unknown: choices.AllowUnknown = None,
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
    quiet: choices.Quiet = False,
    lines: choices.Lines = False,
    once: timed.Once = False,
    keep: timed.Keep = 60,
    interval: timed.Interval = "",
    heartbeat: timed.Heartbeat = "",
    notify_file: NotifyFile = "",
    evidence: Evidence = False,
) -> int:
    """Look for signs of an attack in the newest releases of packages, for a timer."""
    from hardenme.cli.audit.releases import watched  # noqa: PLC0415 (start-up)
    from hardenme.cli.options.audit import UsageError  # noqa: PLC0415 (start-up)

    console: Console = context.obj
    try:
        options = watched(
            targets=targets or ["me"],
            since=since,
            fail_on=fail_on,
            allow_unknown=allow_unknown or [],
            github_url=github_url,
            npm_registry=npm_registry,
            workers=workers,
            max_wait=max_wait,
            ca_file=ca_file,
            output_format=output_format,
            settled=settled(context),
        )
        hand = None
        if once:
            asked = timed.Asked(
                output_format=output_format,
                output=output,
                quiet=quiet or lines,
                lines=lines,
                digest=False,
                keep=keep,
                interval=interval,
                heartbeat=heartbeat,
                notify_file=notify_file,
                evidence=evidence,
                standing=options.output_format,
            )
            hand = asked.hand(console, options)
    except UsageError as error:
        console.say(str(error))
        return 2
    from hardenme.cli.audit.run import run_check  # noqa: PLC0415
    from hardenme.cli.output.delivery import Delivery  # noqa: PLC0415 (start-up)

    if not cache:
        console.say(
            "without the cache every run reads all of each package, and asks again about releases"
            " that it has seen"
        )
    file = None if output in {"", "-"} else Path(output)
    return stoppable(
        console,
        lambda: run_check(
            console,
            options,
            Delivery(options.output_format, file, quiet or lines, alarm=True, lines=lines),
            stdin=sys.stdin,
            stdin_for=token_stdin,
            files=token_file or [],
            cached=cache,
            use_gh=use_gh,
            hand=hand,
        ),
    )
