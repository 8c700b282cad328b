"""Commands of hardenme itself; the demo has its own."""

from __future__ import annotations

import shlex

from hardenme.model.report import Report

DEMO = "--demo"


def again(report: Report) -> str:
    """The command that looks once more."""
    return "hardenme demo" if report.demo else shlex.join(["hardenme", "check", *report.targets])


def of_late(report: Report) -> str:
    """The command that shows what changed."""
    named = [DEMO] if report.demo else report.targets
    return shlex.join(["hardenme", "recent", *named, "--since", "7d"])


def incident(report: Report, *words: str) -> str:
    """A command for an incident."""
    return shlex.join(["hardenme", "incident", *words, *([DEMO] if report.demo else [])])
