"""`hardenme schedule`: files for a timer, to read and to install."""

from __future__ import annotations

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.panels import CommandGroup, PanelCommand
from hardenme.config.option import switch
from hardenme.config.table.selection import TARGET

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
FORMS = (
    switch("systemd", "A service and a timer.", heading=FORM),
    switch("cron", "A line of a crontab.", heading=FORM),
    switch("launchd", "A property list.", heading=FORM),
    switch("github", "A workflow.", heading=FORM),
)
DAILY = switch("daily", "Once a day, in place of once a week.")


def print_(given: OptionValues) -> int:
    """Print files that run a report by a timer; nothing is installed."""
    from hardenme.cli.schedule.machine import scheduled  # noqa: PLC0415 (start-up)

    console, forms = given.console, [form.name for form in FORMS if given[form]]
    if len(forms) != 1:
        console.say("say for what: --systemd, --cron, --launchd or --github")
        return 2
    text, notes = scheduled(forms[0], given[TARGET] or ("me",), daily=given[DAILY])
    console.print(text)
    for note in notes:
        console.say(note)
    return 0


COMMAND = CommandGroup(
    "schedule",
    PanelCommand(
        "print",
        print_,
        TARGET.but(help="As `hardenme check` takes them; me if left out.", heading=""),
        *(*FORMS, DAILY),
        help=HELP,
        epilog=EPILOG,
        short_help="Print files of systemd, cron, launchd or GitHub Actions.",
    ),
    told="Print files that run a report by a timer.",
)
