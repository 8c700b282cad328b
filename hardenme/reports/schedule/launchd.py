"""An agent of launchd. Source: launchd.plist(5)."""

from __future__ import annotations

import plistlib
from typing import Any

from hardenme.reports.schedule.job import ScheduledRun

HEAD = """\
  <!--
    For ~/Library/LaunchAgents/{label}.plist
    Printed by hardenme {version}; nothing was installed. Save it under that name. Then:

      launchctl bootstrap gui/$UID ~/Library/LaunchAgents/{label}.plist
      launchctl kickstart gui/$UID/{label}     (the first run: read its log)
      launchctl bootout gui/$UID/{label}       (takes it away again)

    It runs as you, in your session, so it finds the tokens that "hardenme auth login" put into
    the Keychain. A run that was missed while the Mac slept is made up for when it wakes; one that
    was missed while it was off is not. What changed stands in the log below. To be sent it, put
    addresses into a file that only you can read, and name it as "notify-file" in your
    configuration file.
  -->
"""


def launchd(job: ScheduledRun) -> str:
    """The property list, with what to know at its head."""
    moment = job.moment
    calendar = {"Hour": moment.hour, "Minute": moment.minute}
    if moment.every == "week":
        calendar["Weekday"] = moment.day
    label = f"local.hardenme.{job.command}.{job.key}"
    log = f"{job.home}/Library/Logs/{job.name}.log"
    values: dict[str, Any] = {
        "Label": label,
        "ProgramArguments": [
            *(job.program, *job.words),
            *job.targets,
        ],
        **({"StartInterval": job.pace * 60} if job.pace else {"StartCalendarInterval": calendar}),
        # The folder of a program must not matter to it, and neither must the shell's variables.
        "WorkingDirectory": "/",
        "EnvironmentVariables": {"PATH": "/usr/bin:/bin", "LANG": "en_US.UTF-8"},
        "Umask": 0o077,
        "ProcessType": "Background",
        "LowPriorityIO": True,
        "Nice": 10,
        "StandardOutPath": log,
        "StandardErrorPath": log,
    }
    text = plistlib.dumps(values, sort_keys=False).decode()
    start = text.index("<dict>")
    return text[:start] + HEAD.format(label=label, version=job.version) + text[start:]
