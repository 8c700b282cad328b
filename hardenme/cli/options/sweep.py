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
        help="fast: what comes in bulk. standard: and the settings of each repository that change"
        " often. deep: and all else that takes a request a repository.",
        rich_help_panel=SWEEP,
    ),
]
Plan = Annotated[
    bool,
    typer.Option(
        "--plan",
        help="Ask for sizes and rights only; print what a run would ask, how long it takes, and"
        " what the token cannot see.",
        rich_help_panel=SWEEP,
    ),
]
Resume = Annotated[
    bool,
    typer.Option(
        "--resume",
        help="Go on with a run of the same options that was stopped within the last day.",
        rich_help_panel=SWEEP,
    ),
]
RateBudget = Annotated[
    str,
    typer.Option(
        "--rate-budget",
        metavar="N|off",
        help="Requests an hour that this run may use; off sends as fast as it can. If left out, a"
        " tenth of the limit is left to others, and GitHub's limit by the minute is kept.",
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
        help="Requests at once: 8 where an organization is swept, else 4.",
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
        " else from a run that asks about people alone.",
        rich_help_panel=SWEEP,
    ),
]
AppId = Annotated[
    int,
    typer.Option(
        "--app-id",
        metavar="N",
        min=0,
        help="Ask as this GitHub App, by its installation in each organization that is named.",
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
