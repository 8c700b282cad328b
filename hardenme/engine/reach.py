"""What a run's targets lead to: which facts can be asked for, and which checks rest on them."""

from __future__ import annotations

from collections.abc import Iterable

from hardenme.collectors.protocol import Collector
from hardenme.engine.plan import sources
from hardenme.model.check import Check
from hardenme.model.fact import Fact


def reached(collectors: Iterable[Collector], roots: Iterable[str]) -> tuple[Collector, ...]:
    """The collectors that these kinds of subject lead to, in the order in which they ask.

    Args:
        collectors: those that may ask.
        roots: kinds of subject, like `github:org`.
    """
    starts = set(roots)
    waiting = list(collectors)
    found: list[Collector] = []
    given: set[type[Fact]] = set()
    while True:
        now = [
            item
            for item in waiting
            if starts.intersection(item.roots) or given.intersection(item.of)
        ]
        if not now:
            return tuple(found)
        found += now
        given.update(kind for item in now for kind in item.gives)
        waiting = [item for item in waiting if item not in now]


def concerned(
    checks: Iterable[Check], collectors: Iterable[Collector], roots: Iterable[str]
) -> tuple[Check, ...]:
    """The checks that have something to judge where these kinds of subject are looked at."""
    given = {kind for item in reached(collectors, roots) for kind in item.gives}
    return tuple(check for check in checks if sources([check.subject_fact]) <= given)
