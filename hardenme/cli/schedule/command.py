"""`hardenme schedule`: files for a timer, to read and to install."""

from __future__ import annotations

from hardenme.cli.options.fleet_plan import FLEET_PLAN
from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.panels import CommandGroup, PanelCommand
from hardenme.config.option import switch, text
from hardenme.config.table.selection import TARGET
from hardenme.ground.errors import UsageError

FORM = "One of"
HELP = """\
Print files that run `hardenme report` or `hardenme watch` by a timer. Nothing is installed.

\b
hardenme schedule print --systemd github:ORG    a service and a timer
hardenme schedule print --cron                  a line for your crontab
hardenme schedule print --launchd               an agent of macOS
hardenme schedule print --github npm:@SCOPE     a workflow of GitHub Actions
hardenme schedule print --systemd --watch github:ORG  every five minutes
hardenme schedule print --github --fleet        a workflow of many jobs
hardenme schedule print --kubernetes --plan plan.json  jobs that read a fleet once

Each is complete, and says at its head where it goes, and how the token gets there: never as an
argument. The minute depends on the targets alone, so that not everyone asks at the same time. Read
what is printed before you use it.
"""
EPILOG = "Exit codes: 0 printed, 2 usage."
GITHUB = switch("github", "A workflow.", heading=FORM)
FORMS = (
    switch("systemd", "A service and a timer.", heading=FORM),
    switch("cron", "A line of a crontab.", heading=FORM),
    switch("launchd", "A property list.", heading=FORM),
    GITHUB,
)
KUBERNETES = switch(
    "kubernetes", "Jobs that read the plan of a fleet once, and merge it.", heading=FORM
)
FLEET = switch(
    "fleet",
    "With --github: read organizations in many jobs, by a GitHub App. All that have the app, if no"
    " target is named.",
)
DAILY = switch("daily", "Once a day, in place of once a week.")
WATCH = switch("watch", "Run `hardenme watch` every few minutes, in place of `hardenme report`.")
EVERY = text(
    "every",
    "With --watch, how often: 5m, 10m, 15m, 20m, 30m or 1h. 15m suits 1,000 repositories.",
    "5m",
    metavar="TIME",
)


FOR_WHAT = "say for what: --systemd, --cron, --launchd, --github or --kubernetes"
NAMES = frozenset({*(form.name for form in FORMS), KUBERNETES.name})


def print_(given: OptionValues) -> int:
    """Print files that run a report or a watch by a timer; nothing is installed."""
    from hardenme.cli.schedule.machine import scheduled  # noqa: PLC0415 (start-up)

    console, every = given.console, (*FORMS, KUBERNETES)
    forms = [form.name for form in every if given[form]]
    if len(forms) != 1:
        named = next((word for word in given[TARGET] or () if word in NAMES), "systemd")
        raise UsageError(f"{FOR_WHAT}, as in: hardenme schedule print --{named}")
    if given[FLEET] or given[KUBERNETES] or given[FLEET_PLAN]:
        console.print(_of_fleet(given))
        return 0
    if given[WATCH] and given[DAILY]:
        raise UsageError("--daily is of a report; a watch takes --every")
    pace = _pace(given[EVERY]) if given[WATCH] else 0
    printed, notes = scheduled(forms[0], given[TARGET] or ("me",), daily=given[DAILY], pace=pace)
    console.print(printed)
    for note in notes:
        console.say(note)
    return 0


def _of_fleet(given: OptionValues) -> str:
    """The file that reads a fleet.

    Raises:
        StoredError: the plan cannot be read.
        UsageError: options do not go together.
    """
    from hardenme.cli.schedule.fleet import indexed_jobs, matrix  # noqa: PLC0415 (start-up)

    if given[WATCH]:
        raise UsageError(
            "a fleet is read once; a watch runs on a machine of yours, without --fleet"
        )
    if given[KUBERNETES]:
        if not given[FLEET_PLAN]:
            raise UsageError("name the plan: --kubernetes --plan plan.json")
        if any((given[TARGET], given[FLEET], given[DAILY])):
            raise UsageError("--kubernetes reads the organizations of --plan, once")
        return indexed_jobs(given[FLEET_PLAN])
    if given[FLEET_PLAN] or not given[GITHUB]:
        raise UsageError("--fleet goes with --github, and --plan with --kubernetes")
    return matrix(given[TARGET], daily=given[DAILY])


def _pace(every: str) -> int:
    """Minutes between two cycles.

    Raises:
        UsageError: not every kind of timer has that.
    """
    from hardenme.cli.options.durations import seconds  # noqa: PLC0415 (start-up)
    from hardenme.reports.schedule.job import PACES  # noqa: PLC0415

    minutes, rest = divmod(seconds("--every", every), 60)
    if rest or minutes not in PACES:
        raise UsageError("--every takes 5m, 10m, 15m, 20m, 30m or 1h")
    return minutes


COMMAND = CommandGroup(
    "schedule",
    PanelCommand(
        "print",
        print_,
        TARGET.but(help="As `hardenme check` takes them; me if left out.", heading=""),
        *(*FORMS, KUBERNETES, FLEET, FLEET_PLAN, DAILY, WATCH, EVERY),
        help=HELP,
        epilog=EPILOG,
        short_help="Print files of systemd, cron, launchd, GitHub Actions or Kubernetes.",
    ),
    told="Print files that run a report or a watch by a timer.",
)
