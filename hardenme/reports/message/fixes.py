"""What fixes a finding, and who does that: the page or the command, and a person."""

from __future__ import annotations

from collections.abc import Sequence

from hardenme.model.finding import Finding
from hardenme.model.report import Report
from hardenme.model.verdict import Failed, Fix
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.fixplan.closing import Closing
from hardenme.reports.fixplan.kinds import MEMBER
from hardenme.reports.message.pages import is_ours
from hardenme.reports.message.stored import Stored
from hardenme.reports.message.words import Command, Line, Name, PageLink, Prose


class Fixes:
    """Finds what fixes a finding, and who does that, in the plan of the run."""

    def __init__(self, report: Report, stored: Stored) -> None:
        self._stored = stored
        self._closing = Closing(plan_of(report))

    def of(self, findings: Sequence[Finding], report: Report) -> Line:
        """The page or the command, and the person."""
        if not findings:
            return ()
        first = findings[0]
        step, *others = map(self._closing.step, findings)
        if any(one is not step for one in others):
            step = None
        fixes = [one.outcome.fix for one in findings if isinstance(one.outcome, Failed)]
        fix = next(iter(fixes), None)
        if step is not None and len(step.actions) == 1:
            fix = step.actions[0].fix
        elif len({one.page or one.command for one in fixes}) > 1:
            # One page or command of several is not the fix of all.
            if step is None:
                return ("Fix: ", Command(f"{self._stored.show} {first.code}"))
            return ("Fix: ", Command(self._stored.fix(step.id)), *_by(step.who or step.needs))
        if fix is None:
            return ()
        who = (step.who if step is not None else "") or fix.needs
        if who == MEMBER and len(findings) == 1:
            who = first.label or who
        if fix.page:
            return ("Fix: ", *page_part(fix.page, report), *_by(who))
        return ("Fix: ", *_command(fix, first), *_by(who))


def _command(fix: Fix, finding: Finding) -> Line:
    """The command as typed, if it is one line; otherwise where to find it."""
    if fix.command and "\n" not in fix.command:
        return (Name(fix.command),)
    return (Command(f"hardenme explain {finding.code}"),)


def _by(who: str) -> Line:
    return (" · ", Prose(who.partition(";")[0])) if who else ()


def page_part(address: str, report: Report) -> Line:
    """An address, to be followed where it is one of the hosts that were asked."""
    return (PageLink(address) if is_ours(address, report) else Name(address),)
