"""`hardenme demo`: the real check, on built-in accounts served from this machine."""

from __future__ import annotations

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
from hardenme.config.table.selection import LOCAL, WORKERS
from hardenme.ground import clock

HARDENED = switch("hardened", "An account without these problems.")


def demo(given: OptionValues) -> int:
    """Run the real check on built-in accounts: no token, no network, nothing of yours is read."""
    from hardenme.cli.audit.demo import demo_report  # noqa: PLC0415 (start-up)
    from hardenme.cli.options.run_config import run_config  # noqa: PLC0415
    from hardenme.cli.output.delivery import PAGE, deliver, delivered  # noqa: PLC0415
    from hardenme.cli.stored.incidents import informed  # noqa: PLC0415
    from hardenme.cli.stored.runs import keep, note_shown, wanted  # noqa: PLC0415
    from hardenme.sandbox.demo import accounts  # noqa: PLC0415

    console, delivery = given.console, delivered(given, invented=True)
    now = clock.now().replace(microsecond=0)
    with accounts(now, hardened=given[HARDENED]) as served:
        config = run_config(given.but({LOCAL: False, WORKERS: 4}))
        report = informed(demo_report(served, config, console))
    kept = wanted(console.environ, asked=given[KEEP_RUN])
    run = keep(console, report, demo=True) if kept else None
    if delivery.form == PAGE:
        from hardenme.cli.stored.trend_points import with_trend  # noqa: PLC0415

        report = with_trend(report, run, demo=True)
    deliver(console, report, delivery)
    if run is not None and delivery.numbered:
        note_shown(run, demo=True)
    return 0


COMMAND = PanelCommand("demo", demo, HARDENED, FORMAT, FULL, QUIET, LINES, WITH_MEMBERS, KEEP_RUN)
