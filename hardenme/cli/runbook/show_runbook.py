"""From the last kept run to a runbook."""

from __future__ import annotations

from dataclasses import replace

from hardenme.cli.output.delivery import Delivery
from hardenme.cli.output.forms import show_form
from hardenme.cli.output.place import place_of
from hardenme.cli.stored.lately import order_of, signed, signs_in
from hardenme.cli.stored.runbooks import cut, not_called, runbook_of, shown
from hardenme.cli.stored.runs import latest
from hardenme.cli.terminal.console import Console
from hardenme.derive.recent import USUAL_WINDOW, recent
from hardenme.ground.exit_code import Exit
from hardenme.reports.runbook import render


def show_runbook(console: Console, delivery: Delivery, *, demo: bool) -> int:
    """Show the runbook of the last kept run; returns the exit code."""
    kept = latest(demo=demo)
    report = kept.report
    if kept.refused:
        console.say(kept.refused)
    if signs := signs_in(report, kept.run):
        console.say(signs)
    place = place_of(delivery)
    lately = recent(report.inventory, order_of(report, USUAL_WINDOW, kept.run))
    found = runbook_of(report, not_called(report, lately))
    told = shown(report, found)
    if place is not None:
        told = replace(told, header=signed(told.header, report, kept.run))
    if show_form(console, delivery, place, told, render) is not Exit.CLEAN:
        return Exit.USAGE
    return Exit.UNKNOWN if found.missing or cut(report) else Exit.CLEAN
