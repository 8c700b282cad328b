"""Which step of a plan closes a finding."""

from __future__ import annotations

from hardenme.model.finding import Finding
from hardenme.model.subject import Subject
from hardenme.reports.fixplan.plan import FixPlan, Step


class Closing:
    """Finds the step that closes a finding.

    Args:
        plan: of the report that holds the finding.

    Attributes:
        plan: the same.
        places: the index of each step in it, by the step's id.
    """

    def __init__(self, plan: FixPlan) -> None:
        self.plan = plan
        self.places = {step.id: place for place, step in enumerate(plan.steps)}
        self._steps: dict[tuple[str, Subject, Subject], Step] = {
            (one.code, one.subject, one.within): step
            for step in plan.steps
            for action in step.actions
            for one in action.closes
        }

    def step(self, finding: Finding) -> Step | None:
        """The step; None if none closes it, as where it is accepted."""
        return self._steps.get((finding.code, finding.subject, finding.within))

    def name(self, finding: Finding) -> str:
        """The step's id; empty for none."""
        step = self.step(finding)
        return "" if step is None else step.id
