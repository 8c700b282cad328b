"""The inputs of a shareable report: the key of pseudonyms, and the words that are not names."""

from __future__ import annotations

from hardenme.ground.places import state_folder
from hardenme.model.report import Report
from hardenme.model.subject import Subject
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.fixplan.plan import FixPlan, Step
from hardenme.reports.pseudonyms import Pseudonyms, shared
from hardenme.reports.pseudonyms.vocabulary import vocabulary
from hardenme.store.pseudonym_key import has_pseudonym_key, pseudonym_key

Closing = frozenset[tuple[str, Subject, Subject]]
"""What a step closes: check, subject, and what that is part of."""


def pseudonyms(*, wanted: bool) -> Pseudonyms | None:
    """What makes pseudonyms; None if none are wanted.

    Raises:
        UsageError: the key cannot be read or made.
    """
    if not wanted:
        return None
    return Pseudonyms(pseudonym_key(state_folder()), vocabulary())


def step_of_redacted(report: Report, plan: FixPlan, identity: str) -> Step | None:
    """The step whose id is this one where the report is redacted; None if there is none.

    An id is made from names. Of a redacted report it is made from pseudonyms, so that no one can
    test guesses of names. With the key, the step is found by what it closes.

    Args:
        report: with its names.
        plan: its plan, or a part of it.
        identity: an id, as a redacted report shows it.

    Raises:
        StoredError: the key cannot be read.
    """
    if not has_pseudonym_key(state_folder()):
        return None
    redacted = shared(report, Pseudonyms(pseudonym_key(state_folder()), vocabulary()))
    named = {
        (other.code, other.subject, other.within): (one.code, one.subject, one.within)
        for one, other in zip(report.findings, redacted.findings, strict=True)
    }
    for step in plan_of(redacted).steps:
        if step.id == identity:
            wanted = frozenset(named.get(one, one) for one in _closes(step))
            return next((one for one in plan.steps if _closes(one) == wanted), None)
    return None


def _closes(step: Step) -> Closing:
    return frozenset(
        (one.code, one.subject, one.within) for action in step.actions for one in action.closes
    )
