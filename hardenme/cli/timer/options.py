"""Options of a run for a timer: what is stored, how often it runs, where to report that it did."""

from __future__ import annotations

from hardenme.cli.options.durations import seconds
from hardenme.cli.options.given import OptionValues
from hardenme.cli.output.delivery import delivered
from hardenme.cli.timer.heartbeat import sign
from hardenme.cli.timer.news import FORMS, ReportOptions
from hardenme.cli.timer.notifications import addresses, repository
from hardenme.cli.timer.run import Reporting
from hardenme.config.table.access import CA_FILE
from hardenme.config.table.result import (
    DIGEST,
    EVIDENCE,
    HEARTBEAT,
    HEARTBEAT_VARIABLE,
    INTERVAL,
    ISSUE,
    KEEP,
    NOTIFY_FILE,
)
from hardenme.engine.run_config import RunConfig
from hardenme.ground.errors import UsageError
from hardenme.ground.names import FULL_NAME


def reporting(given: OptionValues, config: RunConfig, standing: str = "") -> Reporting:
    """What takes the run's report.

    Args:
        config: what the run asks.
        standing: the format of the standing list; empty for the one of what changed.

    Raises:
        UsageError: an option is not of its form.
    """
    console, delivery = given.console, delivered(given, formats=FORMS)
    if given[ISSUE] and not FULL_NAME.fullmatch(given[ISSUE]):
        raise UsageError(f"--issue takes OWNER/REPO; not {given[ISSUE]!r}")
    beat = given[HEARTBEAT] or console.environ.get(HEARTBEAT_VARIABLE, "")
    options = ReportOptions(
        delivery=delivery,
        digest=given[DIGEST],
        keep=given[KEEP],
        interval=seconds("--interval", given[INTERVAL]),
        heartbeat=sign(beat, given[CA_FILE]),
        ca_file=given[CA_FILE],
        addresses=addresses(console, given[NOTIFY_FILE]),
        evidence=given[EVIDENCE],
        issue=repository(given[ISSUE]),
        standing=standing,
    )
    return Reporting(console, config, options)
