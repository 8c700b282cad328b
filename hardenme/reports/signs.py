"""What looks like an attack in a run, in a line: commands that show another thing open with it."""

from __future__ import annotations

from hardenme.model.report import Report
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.fixplan.kinds import kind_of
from hardenme.reports.fixplan.step_kind import When
from hardenme.reports.fixplan.titles import in_numbers, unusual
from hardenme.reports.fixplan.words import alone
from hardenme.reports.screen.summary import lately_of


def signs_of(report: Report, *, releases: bool = True) -> tuple[tuple[str, str], ...]:
    """Each kind of sign in a sentence, with the command that shows what to do about it.

    Args:
        report: a run's.
        releases: what looks like an attack in releases, and not in other changes alone.
    """
    changes, command = lately_of(report)
    found = [(changes, command)] if changes else []
    if releases and any(
        one.fails and kind_of(one.code).section is When.LOOK for one in report.findings
    ):
        plan = plan_of(report)
        steps = [step for step in plan.steps if step.section is When.LOOK]
        if steps:
            things = unusual(steps)
            show = "shows" if sum(things.values()) == 1 else "show"
            text = f"{in_numbers(things)} {show} signs of an attack"
            found.append((text, alone(plan, steps[0])))
    return tuple(found)


def signs_line(report: Report, *, releases: bool = True) -> str:
    """The same as one line; empty if nothing looks like an attack."""
    told = "; ".join(
        f"{text}: `{command}`" for text, command in signs_of(report, releases=releases)
    )
    return f"LOOK NOW  {told}" if told else ""
