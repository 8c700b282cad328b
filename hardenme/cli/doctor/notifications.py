"""`hardenme doctor` on notifications: which services, never an address."""

from __future__ import annotations

from hardenme.cli.terminal.console import Console
from hardenme.cli.timer.notifications import FOLDER, VARIABLE, addresses
from hardenme.delivery.notification_target import opened
from hardenme.ground.errors import UsageError
from hardenme.ground.places import state_folder
from hardenme.reports.doctor import DoctorRows
from hardenme.store.spool import Spool


def add_notifications(rows: DoctorRows, console: Console, notify_file: str) -> None:
    """Add a row for each notification target, and how many messages wait. Nothing is sent."""
    rows.heading("Notifications")
    try:
        where = addresses(console, notify_file)
    except UsageError as error:
        rows.row("targets", f"refused: {error}")
        return
    if not where:
        rows.row("targets", f"none; {VARIABLE} or --notify-file names them")
    for number, address in enumerate(where.values, 1):
        try:
            rows.row(f"target {number}", opened(address, number).service)
        except UsageError as error:
            rows.row(f"target {number}", f"refused: {error}")
    if where:
        rows.row("addresses", f"from {' and '.join(where.origins)}")
    spool = Spool(state_folder() / FOLDER)
    waiting = len(spool.load())
    if waiting:
        rows.row("waiting messages", f"{waiting}; the next run sends them first")
    for problem in spool.problems:
        rows.row("waiting messages", problem)
