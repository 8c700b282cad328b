"""`hardenme doctor`."""

from __future__ import annotations

from typing import Annotated

import typer

from hardenme.cli.options import choices
from hardenme.cli.options.addresses import CaFile, GitHubUrl, NpmRegistry
from hardenme.cli.options.panels import USAGE
from hardenme.cli.options.settled import settled
from hardenme.cli.terminal.console import Console

EPILOG = "Exit codes: 0 a token is accepted (with --offline: is found), 2 usage, 4 none is."


def command(  # noqa: PLR0913 (each is an option of the command line)
    context: typer.Context,
    *,
    github_url: GitHubUrl = "https://github.com",
    npm_registry: NpmRegistry = "",
    ca_file: CaFile = "",
    use_gh: choices.UseGh = False,
    notify_file: Annotated[
        str,
        typer.Option(
            "--notify-file", metavar="FILE", help="Also show the notification targets in FILE."
        ),
    ] = "",
    offline: Annotated[
        bool, typer.Option("--offline", help="Send no request; look only at this machine.")
    ] = False,
) -> int:
    """Show what a run would use: tokens and whose they are, proxies, settings, variables.

    Each token is sent to its own host only, to learn whose it is.
    """
    from hardenme.cli.doctor.examination import examine  # noqa: PLC0415 (start-up)

    console: Console = context.obj
    code = examine(
        console,
        github_url,
        npm_registry,
        ca_file=ca_file,
        use_gh=use_gh,
        offline=offline,
        loaded=settled(context).loaded,
    )
    from hardenme.cli.doctor.heartbeats import tell_beats  # noqa: PLC0415 (start-up)
    from hardenme.cli.doctor.notifications import tell_sinks  # noqa: PLC0415

    if code != USAGE:
        tell_beats(console)
        tell_sinks(console, notify_file)
    return code
