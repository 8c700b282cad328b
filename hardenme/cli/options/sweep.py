"""The options of a run over an organization: how deep, how fast, for whom."""

from __future__ import annotations

from typing import Annotated

import typer

from hardenme.cli.options.panels import SWEEP, TOKENS

Depth = Annotated[
    str,
    typer.Option(
        "--depth",
        metavar="DEPTH",
        help="fast: bulk queries only. standard: also the settings of each repository that change"
        " often. deep: everything, with more requests for each repository.",
        rich_help_panel=SWEEP,
    ),
]
Plan = Annotated[
    bool,
    typer.Option(
        "--plan",
        help="Read sizes and rights only; print how many requests a run takes, how long, and what"
        " the token cannot see.",
        rich_help_panel=SWEEP,
    ),
]
Resume = Annotated[
    bool,
    typer.Option(
        "--resume",
        help="Continue a run with the same options that stopped within the last day.",
        rich_help_panel=SWEEP,
    ),
]
RateBudget = Annotated[
    str,
    typer.Option(
        "--rate-budget",
        metavar="N|off",
        help="Requests an hour that this run may use; off sends as fast as it can. If left out, it"
        " leaves a tenth of the limit, and stays below GitHub's per-minute limit.",
        rich_help_panel=SWEEP,
    ),
]
MaxWait = Annotated[
    int,
    typer.Option(
        "--max-wait",
        metavar="SECONDS",
        min=0,
        max=3600,
        help="Longest wait for a rate limit; after that the run stops and --resume continues it.",
        rich_help_panel=SWEEP,
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers",
        metavar="N",
        min=1,
        max=32,
        help="Parallel requests: 8 for an organization, else 4.",
        show_default=False,
        rich_help_panel=SWEEP,
    ),
]
Member = Annotated[
    str,
    typer.Option(
        "--member",
        metavar="LOGIN",
        help="Only what concerns this person: from a run of the last day with the same options,"
        " else from a new run that reads only people.",
        rich_help_panel=SWEEP,
    ),
]
AppId = Annotated[
    int,
    typer.Option(
        "--app-id",
        metavar="N",
        min=0,
        help="Use this GitHub App, through its installation in each named organization.",
        show_default=False,
        rich_help_panel=TOKENS,
    ),
]
AppKey = Annotated[
    str,
    typer.Option(
        "--app-key",
        metavar="FILE",
        help="The app's private key, in a file that only you can read.",
        rich_help_panel=TOKENS,
    ),
]
