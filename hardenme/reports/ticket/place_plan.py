"""The plan of one place by itself, and what an owner changes for it in a wider one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from hardenme.model.finding import Finding
from hardenme.model.report import Report
from hardenme.model.verdict import Failed
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.fixplan.plan import Action, Step
from hardenme.reports.ticket.in_run import REVOKING, closed_key, finding_key
from hardenme.reports.ticket.readers import reader_of

OWNERS = re.compile(
    r"(?:an )?(?:organization (?:owner|admin)|owner or admin of the (?:npm )?organization"
    r"|enterprise owner)\b"
)
"""Prefixes of needs that an administrator of a repository cannot meet."""
CREDENTIAL = "token"
BRANCH = "rules"
"""The kind of step after which a branch takes pull requests only."""
WIDER = "Once for all repositories of {organization}, by {who}: {step}"
CLOSES = "Once for all repositories of {organization}, by {who}: {title} (reference {id})."


def commits_first(steps: Sequence[Step]) -> list[Step]:
    """Steps in an order in which files are committed before the branch takes no more pushes."""
    kinds = [step.kind for step in steps]
    if BRANCH not in kinds:
        return [*steps]
    at = kinds.index(BRANCH)
    behind = [step for step in steps[at:] if step.commits]
    rest = [step for step in steps[at:] if step not in behind]
    return [*steps[:at], *behind, *rest]


def by_itself(part: Report, findings: Sequence[Finding]) -> Report:
    """A part of a run as a run of its own; what the run knows of who has access, it knows too."""
    inventory = part.inventory if part.whole is None else part.whole.report.inventory
    return replace(part, findings=findings, inventory=inventory, whole=None)


def apart(finding: Finding) -> Finding:
    """A finding that is closed at its own place."""
    outcome = finding.outcome
    if not isinstance(outcome, Failed) or outcome.fix.wider is None:
        return finding
    return replace(finding, outcome=replace(outcome, fix=replace(outcome.fix, wider=None)))


def as_in_run(part: Report) -> Sequence[Finding]:
    """The findings of a place, of which tokens go as the whole run has them go.

    A token that ends for the packages that it publishes is not replaced by one that they refuse.
    """
    if part.whole is None or not any(one.subject.kind == CREDENTIAL for one in part.findings):
        return part.findings
    closing = closing_in_run(part)
    return tuple(_as_closed(one, closing) for one in part.findings)


def _as_closed(finding: Finding, closing: Mapping[object, tuple[Step, Action]]) -> Finding:
    outcome = finding.outcome
    _, action = closing.get(finding_key(finding), (None, None))
    if action is None or not isinstance(outcome, Failed) or finding.subject.kind != CREDENTIAL:
        return finding
    if not REVOKING.match(action.fix.command):
        return finding
    return replace(finding, outcome=replace(outcome, fix=action.fix))


def closing_in_run(part: Report) -> dict[object, tuple[Step, Action]]:
    """By finding: the step of the whole run that closes it, and which of its actions does."""
    steps = () if part.whole is None else plan_of(part).steps
    return {
        closed_key(one): (step, action)
        for step in steps
        for action in step.actions
        for one in action.closes
    }


def for_all(
    step: Step,
    found: Mapping[object, Finding],
    closing: Mapping[object, tuple[Step, Action]],
) -> tuple[str, str] | None:
    """How the whole organization closes what a step closes in one repository.

    Args:
        step: of the repository alone.
        found: the findings of the repository.
        closing: what closes them in the plan of the whole run.
    """
    for one in (one for action in step.actions for one in action.closes):
        outcome = found[closed_key(one)].outcome if closed_key(one) in found else None
        if isinstance(outcome, Failed) and (fix := outcome.fix.wider) is not None:
            organization = one.within.name.partition("/")[0]
            above, action = closing.get(closed_key(one), (step, None))
            if action is not None and OWNERS.match(above.needs):
                who = reader_of(action.fix.needs)
                names = {"id": above.id, "title": above.title, "organization": organization}
                return CLOSES.format(who=who, **names), action.fix.page
            text = WIDER.format(who=reader_of(fix.needs), organization=organization, step=fix.step)
            return text, fix.page
    return None
