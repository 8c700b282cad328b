"""`hardenme incident status`: the next thing to do, and what is open."""

from __future__ import annotations

from hardenme.cli.incident.locate import IncidentLocator
from hardenme.cli.incident.state import incident_state, say_passed
from hardenme.cli.output.delivery import Delivery
from hardenme.cli.output.forms import show_form
from hardenme.cli.output.place import output_file
from hardenme.cli.terminal.console import Console
from hardenme.ground.exit_code import Exit
from hardenme.reports.incident.status import render


def show_status(console: Console, which: IncidentLocator, delivery: Delivery, *, full: bool) -> int:
    """Show the state of an incident; returns the exit code."""
    incident = which.find(console)
    found = incident_state(incident)
    say_passed(console, found)
    shown = found.shown(which.option, full=full or delivery.file is not None)
    with output_file(delivery) as place:
        if show_form(console, delivery, place, shown, render) is not Exit.CLEAN:
            return Exit.USAGE
    if found.ledger.open and incident.closed is None:
        return Exit.FINDINGS
    return Exit.UNKNOWN if found.warning else Exit.CLEAN
