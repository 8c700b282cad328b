"""Files that run `hardenme report` by a timer: printed, never installed."""

from hardenme.reports.schedule.cron import cron
from hardenme.reports.schedule.job import Moment, ScheduledRun
from hardenme.reports.schedule.launchd import launchd
from hardenme.reports.schedule.systemd import systemd
from hardenme.reports.schedule.workflow import workflow

__all__ = ["Moment", "ScheduledRun", "cron", "launchd", "systemd", "workflow"]
