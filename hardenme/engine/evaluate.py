"""Runs checks over what was learnt. A check that lacks a fact gives unknown, and nothing else."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from typing import cast

from hardenme.engine.index import Bound, Index, Instance
from hardenme.model.check import Check
from hardenme.model.fact import Attestation, Fact
from hardenme.model.finding import Attested, Errored, Finding, Outcome
from hardenme.model.given import Now
from hardenme.model.known import READS
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.text import visible
from hardenme.model.unknown import NotKnownError, Reason, Unknown
from hardenme.model.verdict import Failed, Manual, NotApplicable, Passed

LOG = logging.getLogger(__name__)
WORD = re.compile(r"(?<!^)(?=[A-Z])")


def evaluate(
    checks: Iterable[Check],
    index: Index,
    now: Now,
    wanted: Callable[[Instance], bool] = lambda _: True,
) -> tuple[Finding, ...]:
    """One finding for each check and subject, sorted by code and subject.

    Args:
        checks: those that run.
        index: what was learnt.
        now: what statements are compared with.
        wanted: whether a subject is judged here.
    """
    findings: dict[tuple[str, Subject], Finding] = {}
    for check in checks:
        for instance in index.instances(check.subject_fact):
            if not wanted(instance):
                continue
            finding = _judge(check, instance, index, now)
            name = (finding.code, finding.subject)
            other = findings.get(name)
            findings[name] = finding if other is None else max(other, finding, key=_weight)
    return tuple(findings[name] for name in sorted(findings))


def _weight(finding: Finding) -> tuple[int, Severity]:
    """Which of several findings about one subject counts: the worst one that was seen.

    A subject is judged more than once if two lists show it, or if an incomplete list shares its
    subject with an item.
    """
    if isinstance(finding.outcome, Failed):
        return 2, finding.severity
    return int(isinstance(finding.outcome, Unknown | Errored)), Severity.INFO


def _judge(check: Check, instance: Instance, index: Index, now: Now) -> Finding:
    reads: set[tuple[str, str]] = set()
    bound = index.bind(check.parameters, instance)
    outcome: Outcome
    if instance.missing is not None:
        outcome = instance.missing
    elif instance.fact is None:
        outcome = _nothing(check.subject_fact, instance)
    elif bound.missing is not None:
        outcome = bound.missing
    else:
        outcome = _run(check, bound, reads)
    outcome = _attested(outcome, _rested_on(bound, reads), now)
    evidence = bound.evidence if instance.fact is not None else instance.evidence
    if isinstance(outcome, Unknown):
        evidence = outcome.evidence or evidence
    severity = check.severity
    if isinstance(outcome, Failed) and outcome.severity is not None:
        severity = outcome.severity
    return Finding(
        check.code,
        check.slug,
        check.title,
        instance.subject,
        instance.within,
        visible(instance.label),
        outcome,
        severity,
        evidence,
        frozenset(reads),
    )


def _run(check: Check, bound: Bound, reads: set[tuple[str, str]]) -> Outcome:
    token = READS.set(reads)
    try:
        verdict = cast("object", check(**bound.arguments))
    except NotKnownError as error:
        return error.unknown
    except Exception as error:
        LOG.exception("check %s failed", check.code)
        return Errored(type(error).__name__)
    finally:
        READS.reset(token)
    if isinstance(verdict, Unknown):
        handed = any(verdict is unknown for unknown in bound.unknowns)
        return verdict if handed else Errored("a check made an unknown")
    if not isinstance(verdict, Passed | Failed | NotApplicable | Manual):
        return Errored("a check returned no verdict")
    if isinstance(verdict, Manual) and not check.may_ask:
        return Errored("a check asked a question without declaring that it may")
    # A pass may rest on a person's statement alone: it is attested then, and no longer a pass.
    stated = isinstance(verdict, Passed) and bool(bound.attested)
    if not isinstance(verdict, Manual) and not (bound.evidence or stated):
        return Errored("a verdict without evidence")
    return verdict


def _nothing(kind: type[Fact], instance: Instance) -> Outcome:
    noun = kind.noun or WORD.sub(" ", kind.__name__).lower()
    if not instance.evidence:
        return Unknown(Reason.NOT_ASKED, f"a list of every {noun}")
    return NotApplicable(f"there is no {noun}", {"count": 0})


def _rested_on(bound: Bound, reads: set[tuple[str, str]]) -> tuple[Attestation, ...]:
    """The statements that a check went by: those behind facts of which it read something."""
    read = {"", *(kind for kind, _ in reads)}
    return tuple(statement for kind, statement in bound.attested if kind in read)


def _attested(outcome: Outcome, statements: tuple[Attestation, ...], now: Now) -> Outcome:
    """A pass that depends on a person's statement is attested, as long as the statement counts."""
    if not isinstance(outcome, Passed | NotApplicable) or not statements:
        return outcome
    for statement in statements:
        if not statement.at <= now.time < statement.until:
            return Unknown(Reason.STALE, f"a new statement; the one of {statement.by} has expired")
    if isinstance(outcome, NotApplicable):
        return outcome
    first = min(statements, key=lambda statement: statement.until)
    return Attested(outcome.message, first.by, first.until)
