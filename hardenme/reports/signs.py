"""What looks like an attack in a run, in a line: commands that show another thing open with it."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Mapping
from dataclasses import replace

from hardenme.model.report import Report, command_targets
from hardenme.model.subject import Subject
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.fixplan.kinds import kind_of
from hardenme.reports.fixplan.plan import FixPlan
from hardenme.reports.fixplan.step_kind import When
from hardenme.reports.fixplan.titles import in_numbers, unusual
from hardenme.reports.fixplan.words import alone
from hardenme.reports.screen.summary import lately_of

BEYOND = "Older, or without a date: {} {} signs of an attack. `{}` lists {}."


def signs_of(report: Report, *, releases: bool = True) -> tuple[tuple[str, str], ...]:
    """Each kind of sign in a sentence, with the command that shows what to do about it.

    Args:
        report: a run's.
        releases: what looks like an attack in releases, and not in other changes alone.
    """
    changes, command = lately_of(report)
    found = [(changes, command)] if changes else []
    plan = _plan_of_signs(report) if releases else None
    if plan is not None:
        things = unusual(plan.steps)
        text = f"{in_numbers(things)} {_show(things)} signs of an attack"
        found.append((text, alone(plan, plan.steps[0])))
    return tuple(found)


def signs_beyond(report: Report, listed: Collection[Subject]) -> str:
    """What shows signs of an attack and is not among the changes of a window, in a sentence.

    Args:
        report: a run's.
        listed: what changed in the window.
    """
    plan = _plan_of_signs(report)
    things = {} if plan is None else unusual(plan.steps, listed)
    if not things:
        return ""
    targets = [shlex.quote(target) for target in command_targets(report.targets)]
    command = "hardenme demo" if report.demo else " ".join(["hardenme check", *targets])
    them = "it" if sum(things.values()) == 1 else "them"
    return BEYOND.format(in_numbers(things), _show(things), command, them)


def _plan_of_signs(report: Report) -> FixPlan | None:
    """The steps about what shows signs of an attack; None if nothing does."""
    failed = (one.code for one in report.findings if one.fails)
    if not any(kind_of(code).section is When.LOOK for code in failed):
        return None
    plan = plan_of(report)
    steps = tuple(step for step in plan.steps if step.is_sign)
    return replace(plan, steps=steps) if steps else None


def _show(things: Mapping[str, int]) -> str:
    return "shows" if sum(things.values()) == 1 else "show"


def signs_line(report: Report, *, releases: bool = True) -> str:
    """The same as one line; empty if nothing looks like an attack."""
    told = "; ".join(
        f"{text}: `{command}`" for text, command in signs_of(report, releases=releases)
    )
    return f"LOOK NOW  {told}" if told else ""
