"""`hardenme incident status`: the next thing to do, and what is open."""

from __future__ import annotations

from hardenme.cli.incident.looking import say_passed, standing
from hardenme.cli.incident.which import WhichIncident
from hardenme.cli.terminal.console import Console
from hardenme.ground.exit_code import Exit
from hardenme.reports.incident.status import FORMS, render
from hardenme.reports.style import Style


def show_status(console: Console, which: WhichIncident, form: str, *, full: bool) -> int:
    """Show where an incident stands; returns the exit code."""
    if form not in FORMS:
        console.say(f"--format takes one of: {', '.join(FORMS)}; not {form!r}")
        return Exit.USAGE
    incident = which.find(console)
    found = standing(incident)
    say_passed(console, found)
    style = Style(console.width, color=console.color, ascii_only=console.ascii_only)
    console.print(render(found.shown(which.option, full=full), form, style))
    if found.ledger.open and incident.closed is None:
        return Exit.FINDINGS
    return Exit.UNKNOWN if found.warning else Exit.CLEAN
