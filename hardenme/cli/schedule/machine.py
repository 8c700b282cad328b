"""What `hardenme schedule print` knows of this machine: the program, the home, the targets."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from hardenme import __version__
from hardenme.engine.target import Target
from hardenme.ground.distribution import install_into
from hardenme.ground.errors import UsageError
from hardenme.ground.places import home
from hardenme.reports.schedule import Moment, ScheduledRun, cron, launchd, systemd, workflow

__all__ = ["UsageError", "scheduled"]

FORMS = {"systemd": systemd, "cron": cron, "launchd": launchd, "github": workflow}
NO_MACHINE = frozenset({"systemd", "github"})
"""Forms whose runs see nothing of the user's own machine."""
TOO_LATE = (
    "GitHub Actions starts scheduled runs late, and leaves some out when it is busy: a watch runs"
    " on a machine of yours, by --systemd, --cron or --launchd"
)
SIGNED_IN = frozenset({"me", "npm-scope"})
"""Targets of which npm shows more to a token; of a package it shows the same to all."""
FOLDER = "/opt/hardenme"
SHARED = f"{FOLDER}/bin/hardenme"
"""Where the program is taken to be, for a service that cannot look into homes."""
FOR_ALL = (
    f'sudo install -d -o "$USER" {FOLDER} && {install_into(FOLDER, "notify")} && sudo chown -R'
    f" root: {FOLDER}"
)
"""The commands that put it there."""
OUTSIDE_HOME = ("/home", "/root", "/Users", "/tmp", "/var/tmp")  # noqa: S108 (compared, not used)


def scheduled(
    form: str, targets: Sequence[str], *, daily: bool, pace: int = 0
) -> tuple[str, tuple[str, ...]]:
    """The text of a form, and remarks on it.

    Args:
        form: a key of `FORMS`.
        targets: as the user names them.
        daily: once a day, and not once a week.
        pace: minutes between two cycles of a watch; 0 for a report.

    Raises:
        UsageError: a target is none, or is not for this form, or there is no home.
    """
    found = [Target.parse(text) for text in targets]
    if form in NO_MACHINE and any(target.kind == "local" for target in found):
        raise UsageError(
            f"--{form} runs where nothing of your machine is seen: for the target local, use"
            " --cron or --launchd"
        )
    if pace and any(target.kind == "local" for target in found):
        raise UsageError("what is on this machine is not watched: leave out the target local")
    if pace and form == "github":
        raise UsageError(TOO_LATE)
    program, notes = _program(form)
    folder = home()
    if folder is None or not folder.is_absolute():
        raise UsageError("you have no home folder, so no path can be printed")
    providers = {target.provider for target in found}
    words = [target.text for target in found]
    job = ScheduledRun(
        program,
        tuple(dict.fromkeys(words)),
        Moment.of(" ".join(sorted(words)), "day" if daily else "week"),
        __version__,
        _printable(folder),
        github=bool(providers & ({"github"} if pace else {"", "github"})),
        npm=any(target.kind in SIGNED_IN for target in found),
        pace=pace,
        releases=any(not text.startswith("github:") for text in words),
    )
    return FORMS[form](job), notes


def _program(form: str) -> tuple[str, tuple[str, ...]]:
    """The console script's path, and what to do where a service cannot reach it.

    Raises:
        UsageError: it has a character that is not seen.
    """
    program = Path(sys.executable).parent / "hardenme"
    text = _printable(program)
    if form == "systemd" and text.startswith(tuple(f"{folder}/" for folder in OUTSIDE_HOME)):
        note = (
            f"a service cannot look into {program.parent}: install hardenme for all, without"
            f" running anything of it as root: {FOR_ALL}"
        )
        return SHARED, (note,)
    return text, ()


def _printable(path: Path) -> str:
    text = str(path)
    if not text.isprintable():
        raise UsageError("a path of this machine has characters that no such file can hold")
    return text
