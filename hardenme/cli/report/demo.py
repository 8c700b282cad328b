"""`hardenme report --demo`: what changed in the invented accounts within a week."""

from __future__ import annotations

from dataclasses import replace

from hardenme.cli.audit.demo import WEEK, demo_run, of_last_demo
from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.run_config import run_config
from hardenme.cli.output.delivery import Made, delivered, hand_out
from hardenme.cli.output.place import place_of
from hardenme.cli.stored.lately import with_lately
from hardenme.cli.timer.news import FORMS, ReportOptions, RunNotes, Text
from hardenme.cli.timer.notifications import Addresses
from hardenme.config.table.result import DIGEST, HEARTBEAT, ISSUE, NOTIFY_FILE
from hardenme.drift import compare
from hardenme.ground import clock
from hardenme.ground.errors import UsageError
from hardenme.reports.message import Stored

OF_DEMO = "--demo"
"""How a command names the run of the demo that was kept last."""
NOTHING_LEAVES = "--demo stores and sends nothing: leave out {}"
NOTE = "the demo compares its accounts with those of a week ago; nothing is stored"


def run_demo(given: OptionValues) -> int:
    """Compare the invented accounts with themselves before anyone broke in.

    Raises:
        UsageError: something was to be sent, or the format is not one of a report.
    """
    wanted = [f"--{one.name}" for one in (HEARTBEAT, NOTIFY_FILE, ISSUE) if given[one]]
    if wanted:
        raise UsageError(NOTHING_LEAVES.format(" and ".join(wanted)))
    console, delivery = given.console, delivered(given, formats=FORMS, invented=True)
    place = place_of(delivery)
    now = clock.now().replace(microsecond=0)
    config = run_config(of_last_demo(given))
    with demo_run(config, console, earlier=True, now=now) as served:
        earlier = served.report
    with demo_run(config, console, now=now) as served:
        report = with_lately(served.report, None)
    # Both are served by this machine, at addresses that differ from run to run.
    before = replace(
        earlier, started=earlier.started - WEEK, observed=None, identities=report.identities
    )
    options = ReportOptions(
        delivery=delivery,
        digest=given[DIGEST],
        keep=1,
        interval=0,
        heartbeat=None,
        ca_file="",
        addresses=Addresses(),
        evidence=False,
        issue="",
    )
    text = Text(
        console,
        options,
        report,
        compare(before, report),
        RunNotes((), (NOTE,), Stored(OF_DEMO)),
        place,
        met=True,
        compared=True,
    )
    return hand_out(console, Made(text.pieces, text.written), delivery, place)
