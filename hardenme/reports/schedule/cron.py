"""A line of a crontab. Source: crontab(5)."""

from __future__ import annotations

import shlex

from hardenme.reports.schedule.job import HOUR, ScheduledRun

CRON = """\
# For your own crontab (crontab -e). Printed by hardenme {version}; nothing was installed.
# {subject} {shown}, {often}.
#
# cron mails what a command prints: with --quiet that is nothing if nothing differs. If no mail
# leaves this machine, name notification targets in the last file: mailtos://, slack://, ...
# cron does not repeat a run that was missed while the machine was off. Add --heartbeat with the
# address of a service that warns if no request arrives, to notice that too.
#
# The line needs nothing of the environment. These files must be readable by you alone; leave an
# option out with its file. Paste the token, or one address a line, then Ctrl-D:
#
#   install -d -m 0700 {folder}
{files}#
{when} {command}
"""


def cron(job: ScheduledRun) -> str:
    """The line, with what to know before it."""
    folder = f"{job.home}/.config/hardenme"
    options = [*job.words]
    used = (("github", job.github), ("npm", job.npm))
    tokens = {name: f"{folder}/{name}-token" for name, wanted in used if wanted}
    for name, path in tokens.items():
        options += ["--token-file", f"{name}:{path}"]
    sinks = f"{folder}/notify"
    options += ["--notify-file", sinks]
    files = (*tokens.values(), sinks)
    return CRON.format(
        version=job.version,
        shown=" ".join(job.targets),
        subject=job.subject,
        often=job.often,
        folder=shlex.quote(folder),
        files="".join(f"#   install -m 0600 /dev/stdin {shlex.quote(one)}\n" for one in files),
        when=_when(job),
        command=" ".join(map(quoted, (job.program, *options, *job.targets))),
    )


def _when(job: ScheduledRun) -> str:
    """The five fields of the moment."""
    moment = job.moment
    if job.pace == HOUR:
        return f"{job.offset} * * * *"
    if job.pace:
        return f"{job.offset}-59/{job.pace} * * * *"
    day = str(moment.day) if moment.every == "week" else "*"
    return f"{moment.minute} {moment.hour} * * {day}"


def quoted(word: str) -> str:
    """A word for the shell in a crontab, where an unescaped `%` ends the command."""
    return shlex.quote(word).replace("%", "\\%")
