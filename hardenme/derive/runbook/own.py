"""Commands of hardenme itself; the demo has its own."""

from __future__ import annotations

import shlex
from dataclasses import replace

from hardenme.model.report import Report
from hardenme.model.runbook import Runbook, RunbookStep, ShownBy

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


def opened(found: Runbook, report: Report, name: str) -> Runbook:
    """The runbook that an open incident keeps: the step that opens one names it.

    Args:
        found: the runbook.
        report: the run's.
        name: the incident's.
    """

    def of(step: RunbookStep) -> RunbookStep:
        if step.shown_by is ShownBy.INCIDENT:
            return replace(
                step,
                notes=(*step.notes, f"Done: the incident {name} is open."),
                commands=(incident(report, "status", "--name", name),),
            )
        if step.shown_by is ShownBy.NOTE:
            return replace(step, commands=(incident(report, "note", "--name", name),))
        return step

    return replace(found, steps=tuple(map(of, found.steps)))
