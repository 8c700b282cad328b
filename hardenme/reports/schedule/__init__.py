"""Files that run hardenme by a timer or on many machines: printed, never installed."""

from hardenme.reports.schedule.cron import cron
from hardenme.reports.schedule.fleet_workflow import fleet_workflow
from hardenme.reports.schedule.job import Moment, ScheduledRun
from hardenme.reports.schedule.kubernetes import FleetRun, kubernetes
from hardenme.reports.schedule.launchd import launchd
from hardenme.reports.schedule.systemd import systemd
from hardenme.reports.schedule.workflow import workflow

__all__ = [
    "FleetRun",
    "Moment",
    "ScheduledRun",
    "cron",
    "fleet_workflow",
    "kubernetes",
    "launchd",
    "systemd",
    "workflow",
]
