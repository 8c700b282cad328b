"""`hardenme demo`: the real check, on built-in accounts served from this machine."""

from __future__ import annotations

from dataclasses import replace

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.panels import PanelCommand
from hardenme.config.option import switch
from hardenme.config.table.result import (
    FORMAT,
    FULL,
    KEEP_RUN,
    LINES,
    QUIET,
    WITH_MEMBERS,
)
from hardenme.config.table.selection import DEPTH, LOCAL, WORKERS

HELP = """\
Run the real check on built-in accounts: no token, no network, nothing of yours is read.

\b
hardenme demo                            a maintainer after an attack
hardenme demo --hardened                 packages without any finding
hardenme recent --demo                   what the attacker did today
hardenme people --demo                   who could do the most harm
hardenme person --demo                   what to do about a stolen account
hardenme report --demo                   what changed within a week
hardenme runbook --demo                  the plan for the day of an attack

All of them show the accounts of the last demo: after --hardened, the hardened ones. `show`, `fix`
and `incident` take --demo, too.

--hardened runs deep, on packages and repositories alone, with every question answered: a token
that sees who may bypass a ruleset can also change it, so no check of a token is clean.
"""
HARDENED = switch("hardened", "Packages and repositories without these problems.")


def demo(given: OptionValues) -> int:
    """Run the real check on built-in accounts: no token, no network, nothing of yours is read."""
    from hardenme.cli.audit.demo import DEEP, demo_run  # noqa: PLC0415 (start-up)
    from hardenme.cli.options.run_config import run_config  # noqa: PLC0415
    from hardenme.cli.output.delivery import PAGE, deliver, delivered  # noqa: PLC0415
    from hardenme.cli.stored.incidents import informed  # noqa: PLC0415
    from hardenme.cli.stored.lately import with_lately  # noqa: PLC0415
    from hardenme.cli.stored.runs import keep, note_shown, wanted  # noqa: PLC0415
    from hardenme.model.report import ADDS_ARCHIVED  # noqa: PLC0415

    console, delivery = given.console, delivered(given, invented=True)
    depth = {DEPTH: DEEP} if given[HARDENED] else {}
    config = run_config(given.but({LOCAL: False, WORKERS: 4, **depth}))
    with demo_run(config, console, hardened=given[HARDENED]) as demo_of:
        found = demo_of.report
    notes = tuple(one.removesuffix(ADDS_ARCHIVED) for one in found.coverage.notes)
    report = informed(replace(found, coverage=replace(found.coverage, notes=notes)))
    kept = wanted(console.environ, asked=given[KEEP_RUN])
    run = keep(console, report, demo=True) if kept else None
    report = replace(report, kept=run is not None)
    if delivery.form == PAGE:
        from hardenme.cli.stored.trend_points import with_trend  # noqa: PLC0415

        report = with_trend(report, run, demo=True)
    deliver(console, with_lately(report, run), delivery)
    if run is not None and delivery.numbered:
        note_shown(run, demo=True)
    return 0


COMMAND = PanelCommand(
    "demo",
    demo,
    *(HARDENED, FORMAT, FULL, QUIET, LINES, WITH_MEMBERS, KEEP_RUN),
    help=HELP,
)
