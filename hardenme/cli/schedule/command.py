"""`hardenme schedule`: files for a timer, to read and to install."""

from __future__ import annotations

from typing import Annotated

import typer

from hardenme.cli.options.panels import CommandGroup, PanelCommand
from hardenme.cli.terminal.console import Console

FORM = "One of"
HELP = """\
Print files that run `hardenme report` by a timer. Nothing is installed.

\b
hardenme schedule print --systemd github:ORG    a service and a timer
hardenme schedule print --cron                  a line for your crontab
hardenme schedule print --launchd               an agent of macOS
hardenme schedule print --github npm:@SCOPE     a workflow of GitHub Actions

Each is complete, and says at its head where it goes, and how the token gets there: never as an
argument. The minute depends on the targets alone, so that not everybody asks at the same time. Read
what is printed before you use it.
"""
EPILOG = "Exit codes: 0 printed, 2 usage."

app = typer.Typer(cls=CommandGroup, help="Print files that run a report by a timer.")


@app.command(
    "print",
    cls=PanelCommand,
    help=HELP,
    epilog=EPILOG,
    short_help="Print files of systemd, cron, launchd or GitHub Actions.",
)
def print_(  # noqa: PLR0913 (each is an option of the command line)
    context: typer.Context,
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TARGET]...", help="As `hardenme check` takes them; me if left out."
        ),
    ] = None,
    *,
    systemd: Annotated[
        bool,
        typer.Option("--systemd", help="A service and a timer.", rich_help_panel=FORM),
    ] = False,
    cron: Annotated[
        bool, typer.Option("--cron", help="A line of a crontab.", rich_help_panel=FORM)
    ] = False,
    launchd: Annotated[
        bool, typer.Option("--launchd", help="A property list.", rich_help_panel=FORM)
    ] = False,
    github: Annotated[
        bool, typer.Option("--github", help="A workflow.", rich_help_panel=FORM)
    ] = False,
    daily: Annotated[
        bool, typer.Option("--daily", help="Once a day, in place of once a week.")
    ] = False,
) -> int:
    """Print files that run a report by a timer; nothing is installed."""
    from hardenme.cli.schedule.machine import UsageError, scheduled  # noqa: PLC0415 (start-up)

    console: Console = context.obj
    asked = {"systemd": systemd, "cron": cron, "launchd": launchd, "github": github}
    forms = [form for form, wanted in asked.items() if wanted]
    if len(forms) != 1:
        console.say("say for what: --systemd, --cron, --launchd or --github")
        return 2
    try:
        text, notes = scheduled(forms[0], targets or ["me"], daily=daily)
    except UsageError as error:
        console.say(str(error))
        return 2
    console.print(text)
    for note in notes:
        console.say(note)
    return 0
