"""`hardenme doctor`."""

from __future__ import annotations

from typing import Annotated

import typer

from hardenme.cli.console import Console


def command(
    context: typer.Context,
    *,
    github_url: Annotated[
        str, typer.Option("--github-url", metavar="URL", help="GitHub Enterprise's address.")
    ] = "https://github.com",
    npm_registry: Annotated[
        str, typer.Option("--npm-registry", metavar="URL", help="Another registry than npm's own.")
    ] = "",
    ca_file: Annotated[
        str,
        typer.Option(
            "--ca-file",
            metavar="FILE",
            help="Certificate authorities to trust in place of the usual ones (PEM).",
        ),
    ] = "",
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask nobody; look at this machine alone.")
    ] = False,
) -> int:
    """Tell which tokens are found, whose they are, and what is odd about this machine.

    Each token is shown to its own host once, to learn whose it is.
    """
    from hardenme.cli.examination import examine  # noqa: PLC0415 (start-up)

    console: Console = context.obj
    return examine(console, github_url, npm_registry, ca_file=ca_file, offline=offline)
