"""A service and a timer of systemd: a user of its own, and nothing to write to but its state.

Source: systemd.exec(5), systemd.resource-control(5), systemd.timer(5), systemd.syntax(7).
"""

from __future__ import annotations

import re

from hardenme.reports.schedule.job import DAYS, HOUR, ScheduledRun

FOLDER = "/etc/systemd/system"
STORE = "/etc/credstore"
"""Where systemd looks for credentials that have no path."""

PLAIN = re.compile(r"[A-Za-z0-9/_.-][A-Za-z0-9/_.:@~=+,-]*")
"""Words that mean the same with and without quotes."""

SERVICE = """\
# {folder}/{name}.service
# Printed by hardenme {version}; nothing was installed. Save this part under the name above, and
# the second part under its own. Then, as root:
#
#   install -d -m 0700 {store}
#   systemd-ask-password -n | install -m 0600 /dev/stdin {store}/hardenme-github-token
#   systemctl daemon-reload
#   systemctl start {name}.service      # the first run
#   journalctl -u {name}.service        # read what it says
#   systemctl enable --now {name}.timer

[Unit]
Description={subject} {shown}
Wants=network-online.target
After=network-online.target
{failing}
#OnFailure=your-alert@%n.service

[Service]
Type=oneshot
ExecStart={command}
{codes}

# Tokens and addresses are handed over in memory. They lie in {store}, or, sealed to this
# machine by systemd-creds encrypt, in {store}.encrypted. What the last of these lines takes
# need not be there: hardenme-npm-token, hardenme-github-token.OWNER, and hardenme-notify with the
# notification targets. It needs systemd 254; before that, write a LoadCredential= for each.
{credentials}ImportCredential=hardenme-*

# A user that exists while it runs, with folders for what it keeps between runs, and for answers.
DynamicUser=yes
StateDirectory=hardenme
StateDirectoryMode=0700
CacheDirectory=hardenme
CacheDirectoryMode=0700
Environment=HOME=%S/hardenme XDG_STATE_HOME=%S XDG_CACHE_HOME=%C XDG_CONFIG_HOME=%E
Environment=PYTHONDONTWRITEBYTECODE=1
UMask=0077

# Everything else can only be read, and homes not even that.
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
PrivateUsers=yes
PrivateIPC=yes
ProtectProc=invisible
ProcSubset=pid
ProtectClock=yes
ProtectHostname=yes
ProtectControlGroups=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes

# No rights, no new ones, and only the calls that a program like this makes.
CapabilityBoundingSet=
AmbientCapabilities=
NoNewPrivileges=yes
RestrictSUIDSGID=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
LockPersonality=yes
MemoryDenyWriteExecute=yes
KeyringMode=private
RemoveIPC=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM

# It must not slow down anything else.
Nice=10
IOSchedulingClass=idle
MemoryMax=2G
TasksMax=128
"""

TIMER = """\
# {folder}/{name}.timer

[Unit]
Description=Timer: {subject} {shown}

[Timer]
OnCalendar={calendar}
{spread}

[Install]
WantedBy=timers.target
"""

FAILING = """\
# A run that finds something, or cannot read what it read last time, ends with 1 or 3, and then the
# unit counts as failed. To be notified by your own unit, name it here:"""
FAILING_CYCLE = """\
# A cycle with an alert ends with 1, and then the unit counts as failed. One that did not read
# everything ends with 3, which most do. Messages go to the addresses of hardenme-notify below. A
# machine that is off sends none: add --heartbeat with the address of a service that warns if no
# request arrives.
# To be notified by your own unit, name it here:"""
CODES = """\
# 75: the previous run is still running.
SuccessExitStatus=75
TimeoutStartSec=3h"""
CODES_CYCLE = """\
# 3: something was not read. 75: the previous cycle is still running.
SuccessExitStatus=3 75
TimeoutStartSec={limit}min"""
SPREAD = """\
# Not at the same time as everybody else, and always at the same time for this machine.
RandomizedDelaySec=30min
FixedRandomDelay=yes
AccuracySec=1min
# A run that was missed while the machine was off is made up for.
Persistent=yes"""
SPREAD_CYCLE = """\
# Not at the same second as everybody else, and always at the same one for this machine.
RandomizedDelaySec=30s
FixedRandomDelay=yes
AccuracySec=1s"""


def systemd(job: ScheduledRun) -> str:
    """Both files, one after the other."""
    options = (*job.words, *job.anywhere)
    watch = bool(job.pace)
    words = {
        "folder": FOLDER,
        "store": STORE,
        "name": job.name,
        "version": job.version,
        "shown": _specified(" ".join(job.targets)),
        "command": " ".join(map(quoted, (job.program, *options, *job.targets))),
        # Without it the run would see little; so it does not begin.
        "credentials": "LoadCredential=hardenme-github-token\n" if job.github else "",
        "subject": _specified(job.subject),
        "calendar": _calendar(job),
        "failing": FAILING_CYCLE if watch else FAILING,
        "codes": CODES_CYCLE.format(limit=job.limit) if watch else CODES,
        "spread": SPREAD_CYCLE if watch else SPREAD,
    }
    return f"{SERVICE.format(**words)}\n{TIMER.format(**words)}"


def _calendar(job: ScheduledRun) -> str:
    """When it runs, in systemd's words."""
    moment = job.moment
    if job.pace:
        each = "" if job.pace == HOUR else f"/{job.pace}"
        return f"*:{job.offset:02}{each}:00"
    day = f"{DAYS[moment.day]} " if moment.every == "week" else ""
    return f"{day}*-*-* {moment.hour:02}:{moment.minute:02}:00"


def quoted(word: str) -> str:
    """A word of a command line of systemd, which reads quotes, escapes, `$` and `%` in it."""
    if PLAIN.fullmatch(word):
        return word
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{_specified(escaped)}"'


def _specified(text: str) -> str:
    return text.replace("%", "%%")
