"""From the last kept run to a runbook."""

from __future__ import annotations

from hardenme.cli.output.delivery import Delivery, Made, hand_out
from hardenme.cli.output.place import place_of
from hardenme.cli.stored.runbooks import cut, runbook_of, shown
from hardenme.cli.stored.runs import latest
from hardenme.cli.terminal.console import Console
from hardenme.ground.exit_code import Exit
from hardenme.reports.runbook import render
from hardenme.reports.style import Style


def tell(console: Console, delivery: Delivery, *, demo: bool) -> int:
    """Show the runbook of the last kept run; returns the exit code."""
    kept = latest(demo=demo)
    report = kept.report
    if kept.refused:
        console.say(kept.refused)
    place = place_of(delivery)
    found = runbook_of(report)
    style = Style(
        console.width,
        color=console.color and place is None,
        ascii_only=console.ascii_only and place is None,
    )
    text = render(shown(report, found), delivery.output_format, style)
    if hand_out(console, Made.of(text), delivery, place) is not Exit.CLEAN:
        return Exit.USAGE
    return Exit.UNKNOWN if found.missing or cut(report) else Exit.CLEAN
