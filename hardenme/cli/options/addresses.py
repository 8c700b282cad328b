"""The options that say whom to ask, the same for every command that asks."""

from __future__ import annotations

from typing import Annotated

import typer

from hardenme.cli.options.panels import TOKENS

GitHubUrl = Annotated[
    str,
    typer.Option(
        "--github-url",
        metavar="URL",
        help="The address of GitHub Enterprise.",
        rich_help_panel=TOKENS,
    ),
]
NpmRegistry = Annotated[
    str,
    typer.Option(
        "--npm-registry",
        metavar="URL",
        help="A registry other than npm's own.",
        rich_help_panel=TOKENS,
    ),
]
SigstoreTrustRoot = Annotated[
    str,
    typer.Option(
        "--sigstore-trust-root",
        metavar="FILE",
        help="Verify provenance by this trust root (JSON) in place of the public one.",
        rich_help_panel=TOKENS,
    ),
]
CaFile = Annotated[
    str,
    typer.Option(
        "--ca-file",
        metavar="FILE",
        help="Certificate authorities to trust in place of the operating system's (PEM).",
        rich_help_panel=TOKENS,
    ),
]
