"""The part of a run's plan that is about some of its findings: the same steps, by their ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from hardenme.model.finding import Errored
from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown
from hardenme.reports.fixplan.plan import Action, Closed, Step
from hardenme.reports.fixplan.staying import counted_by

Key = tuple[str, Subject, Subject]
"""A finding: its check, its subject, and what that belongs to."""


def steps_of_part(steps: tuple[Step, ...], part: Report) -> tuple[Step, ...]:
    """The steps of a whole run that close something of a part, with what they close there.

    A step keeps its id, its title and its place in the order.

    Args:
        steps: of the plan of the whole.
        part: some of its findings.
    """
    failed: set[Key] = set()
    unknown: Counter[Subject] = Counter()
    for finding in part.findings:
        if finding.fails:
            failed.add((finding.code, finding.subject, finding.within))
        elif isinstance(finding.outcome, Unknown | Errored):
            unknown[finding.subject] += 1
    publishing = part.publishing
    named = (one.package for one in publishing.packages) if publishing is not None else ()
    packages = frozenset[str](named)
    found = (_part(step, failed, packages, unknown) for step in steps)
    return tuple(step for step in found if step is not None)


def _part(
    step: Step, failed: Collection[Key], packages: frozenset[str], unknown: Mapping[Subject, int]
) -> Step | None:
    actions = tuple(_actions(step.actions, failed, packages))
    if not actions:
        return None
    closes = [one for action in actions for one in action.closes]
    codes = tuple(code for code in step.codes if any(one.code == code for one in closes))
    objects = {one.subject for one in closes if one.is_object}
    gone = objects if step.unknown else set[Subject]()
    return replace(
        step,
        actions=actions,
        apart=tuple(_actions(step.apart, failed, packages)),
        codes=codes,
        counts=_counts(closes),
        unknown=sum(unknown.get(subject, 0) for subject in gone),
        effects={code: text for code, text in step.effects.items() if code in codes},
        stays=counted_by(one.until for one in closes),
    )


def _actions(
    actions: tuple[Action, ...], failed: Collection[Key], packages: frozenset[str]
) -> Iterator[Action]:
    """The actions that close a finding of the part, or a publish path of one of its packages."""
    for action in actions:
        closes = tuple(
            one for one in action.closes if (one.code, one.subject, one.within) in failed
        )
        paths = tuple(path for path in action.paths if path.rpartition(" to ")[2] in packages)
        prepares = not (action.closes or action.paths) and bool({*action.names} & {*packages})
        if closes or paths or prepares:
            names = {one.name for one in closes} | {*packages}
            own = tuple(name for name in action.names if name in names)
            yield replace(action, closes=closes, paths=paths, names=own or action.names)


def _counts(closes: list[Closed]) -> dict[Severity, int]:
    counted = Counter(one.severity for one in closes)
    return {level: counted[level] for level in sorted(counted, reverse=True)}
