"""The summary of a step of GitHub Actions: a file that the runner names, for Markdown."""

from __future__ import annotations

import os
import stat

from hardenme.cli.terminal.console import Console
from hardenme.model.report import Report

VARIABLE = "GITHUB_STEP_SUMMARY"
FLAGS = os.O_WRONLY | os.O_APPEND
for _name in ("O_NOFOLLOW", "O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"):
    FLAGS |= getattr(os, _name, 0)


def add_summary(console: Console, report: Report, *, with_members: bool) -> None:
    """Add the report to the step's summary, if there is one; one line says why it cannot be.

    The file belongs to the runner: it is not created, no link is followed, and its content is kept.
    """
    path = console.environ.get(VARIABLE, "")
    if not path:
        return
    try:
        why = _add(path, report, with_members=with_members)
    except OSError as error:
        why = error.strerror or type(error).__name__
    except ValueError:
        why = "its path is none"
    if why:
        console.say(f"the summary of the step was not written, {VARIABLE}: {why}")


def _add(path: str, report: Report, *, with_members: bool) -> str:
    """Add it; returns why that was not done, if it was not."""
    descriptor = os.open(path, FLAGS)
    with os.fdopen(descriptor, "ab") as file:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            return "it is not a file"
        from hardenme.reports import step_summary  # noqa: PLC0415 (start-up is a feature)
        from hardenme.reports.actions import SUMMARY  # noqa: PLC0415

        text = step_summary(report, SUMMARY - found.st_size, with_members=with_members)
        if not text:
            return "it is full"
        file.write(text.encode())
    return ""
