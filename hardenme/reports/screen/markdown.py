"""The screen as Markdown: what stands above a checklist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from hardenme.model.report import Report
from hardenme.reports.fixplan.making import plan_of
from hardenme.reports.fixplan.plan import Step
from hardenme.reports.fixplan.words import closing, counted
from hardenme.reports.screen.summary import summary_of

STEPS = 10
"""Steps before the rest is counted."""


class Writer(Protocol):
    """What makes texts inert."""

    def sentence(self, text: str) -> str:
        """A sentence, inert."""

    def command(self, text: str) -> str:
        """A command, inert."""

    def page(self, address: str) -> str:
        """An address, clickable where it is a plain one."""


def first(writer: Writer, report: Report) -> Iterator[str]:
    """The verdict, what it means, and the first steps; the numbers are those of `hardenme fix`."""
    plan = plan_of(report, lambda _codes, _places: ())
    summary = summary_of(report, plan)
    levels = ", ".join(f"{number:,} {level}" for level, number in summary.severities.items())
    found = counted(summary.failed, "finding")
    yield f"**{summary.verdict}** {writer.sentence(summary.sentence)}"
    yield ""
    yield " · ".join(
        (
            f"{found}: {levels}" if levels else found,
            f"{summary.unknown:,} unknown",
            counted(summary.questions, "question"),
            *summary.others,
        )
    )
    if not plan.steps:
        return
    yield ""
    yield "## First steps"
    yield ""
    for step in plan.steps[:STEPS]:
        told = f"{writer.sentence(step.title)}: {_closes(step)}{_how(writer, step)}"
        yield f"- **{step.number}** {told}"
    if rest := plan.steps[STEPS:]:
        closes = counted(sum(step.closes for step in rest), "finding")
        yield ""
        yield f"{counted(len(rest), 'more step')} closing {closes}: `hardenme fix`"


def _closes(step: Step) -> str:
    told = closing(step)
    return f"closes {told}" if step.closes or step.paths else told


def _how(writer: Writer, step: Step) -> str:
    if len(step.actions) > 1:
        return ""
    fix = step.actions[0].fix
    return f". {writer.command(fix.command) if fix.command else writer.page(fix.page)}"
