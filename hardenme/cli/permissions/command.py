"""`hardenme permissions`."""

from __future__ import annotations

from typing import Annotated

import typer

from hardenme.cli.options import choices
from hardenme.cli.options.addresses import GitHubUrl, NpmRegistry
from hardenme.cli.options.panels import RESULT, WHAT
from hardenme.cli.options.sweep import Depth
from hardenme.cli.terminal.console import Console

HELP = """\
Show the smallest token that works, with its link. It contacts no host.

\b
hardenme permissions                              your own accounts
hardenme permissions --full                       each right and kind of token
hardenme permissions --for github:ORG             an organization
hardenme permissions --select GHB --for github:OWNER/REPO
hardenme permissions --for github:ORG --app-manifest > app.json
hardenme permissions --command recent --depth fast   what `recent` reads
hardenme permissions --format json

The link has the rights filled in. With --full it lists each right with the checks that need it, and
what stays unknown all the same.
"""
EPILOG = "Exit codes: 0 printed, 2 usage."
FORMATS = ("table", "json")
MANIFEST = "a manifest is for one organization: name it, as --for github:ORG"
HOW = (
    "GitHub takes a manifest in the field `manifest` of a form that is sent to {page}, and gives"
    " back the app's ID and key; the link that `{full}` shows has the same rights filled in"
)


def command(  # noqa: PLR0913 (each is an option of the command line)
    context: typer.Context,
    *,
    targets: choices.For = None,
    select: choices.Select = None,
    ignore: choices.Ignore = None,
    profile: Annotated[
        str,
        typer.Option(
            "--profile",
            metavar="NAME",
            help="solo, team, org or strict: leaves out the checks of other profiles.",
            rich_help_panel=WHAT,
        ),
    ] = "",
    depth: Depth = "standard",
    days: choices.ExpiresIn = 30,
    github_url: GitHubUrl = "https://github.com",
    npm_registry: NpmRegistry = "",
    for_command: Annotated[
        str,
        typer.Option(
            "--command",
            metavar="COMMAND",
            help="What that command reads, in place of what checks need: recent, person.",
            rich_help_panel=WHAT,
        ),
    ] = "",
    full: Annotated[
        bool,
        typer.Option(
            "--full",
            help="List each right, every kind of token, and what stays unknown.",
            rich_help_panel=RESULT,
        ),
    ] = False,
    app_manifest: Annotated[
        bool,
        typer.Option(
            "--app-manifest",
            help="Print the manifest of a GitHub App for the organization, as JSON.",
            rich_help_panel=RESULT,
        ),
    ] = False,
    output_format: Annotated[
        str,
        typer.Option(
            "--format", "-f", metavar="FORMAT", help="table or json.", rich_help_panel=RESULT
        ),
    ] = "table",
) -> int:
    """Show the smallest token that works, with its link."""
    from hardenme.cli.options.least_token import Asked, WrongError  # noqa: PLC0415 (start-up)
    from hardenme.reports import permissions, permissions_brief, permissions_json  # noqa: PLC0415
    from hardenme.reports.style import Style  # noqa: PLC0415

    console: Console = context.obj
    try:
        asked = Asked(
            targets=targets or [],
            select=select or [],
            ignore=ignore or [],
            profile=profile,
            depth=depth,
            days=days,
            github_url=github_url,
            npm_registry=npm_registry,
            command=for_command,
        )
        found, everything = asked.permissions(), f"{asked.line} --full"
    except WrongError as error:
        console.say(str(error))
        return 2
    if output_format not in FORMATS:
        console.say(f"--format takes table or json; not {output_format!r}")
        return 2
    if app_manifest:
        apps = [token for token in found.tokens if token.manifest]
        if len(apps) != 1:
            console.say(MANIFEST)
            return 2
        console.print(permissions_json.manifest(apps[0]))
        console.say(HOW.format(page=apps[0].page, full=everything))
    elif output_format == "json":
        console.print(permissions_json.document(found))
    else:
        style = Style(console.width, color=console.color, ascii_only=console.ascii_only)
        if full:
            console.print(permissions.render(found, style))
        else:
            console.print(permissions_brief.render(found, style, everything))
    return 0
