"""The options that say whom to ask, the same for every command that asks."""

from __future__ import annotations

from typing import Annotated

import typer

GitHubUrl = Annotated[
    str, typer.Option("--github-url", metavar="URL", help="GitHub Enterprise's address.")
]
NpmRegistry = Annotated[
    str, typer.Option("--npm-registry", metavar="URL", help="Another registry than npm's own.")
]
CaFile = Annotated[
    str,
    typer.Option(
        "--ca-file",
        metavar="FILE",
        help="Certificate authorities to trust in place of the usual ones (PEM).",
    ),
]
