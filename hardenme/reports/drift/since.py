"""What changed since the run before, in a line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from hardenme.model.drift import Change, Drift, DriftStep
from hardenme.reports.grouping import name_of
from hardenme.reports.plain import flowing, plain

SHOWN = 3
"""Kinds of change that are named before the rest is counted."""
STEPS: dict[str, frozenset[DriftStep]] = {
    "fixed": frozenset({DriftStep.FIXED, DriftStep.GONE}),
    "new": frozenset({DriftStep.NEW, DriftStep.EXPIRED}),
    "worse": frozenset({DriftStep.WORSE}),
    DriftStep.FIRST.value: frozenset({DriftStep.FIRST}),
    "better": frozenset({DriftStep.BETTER}),
    "waived": frozenset({DriftStep.WAIVED}),
    "no longer visible": frozenset({DriftStep.LOST}),
}
"""What is counted, in order; the first three also if nothing is."""
ALWAYS = ("fixed", "new", "worse")
NAMED = ("new", "worse", DriftStep.FIRST.value, "no longer visible", "fixed")
"""What is named, the most urgent first."""


def since_line(drift: Drift, *, named: bool = True) -> str:
    """The counts of what changed, such as `17:45  4 fixed, 0 new, 1 worse`, and of what.

    Args:
        drift: what changed; there is an earlier report.
        named: say of what, and not only how many.
    """
    counts = Counter(one.step for one in drift.changes)
    numbers = {word: sum(counts[step] for step in steps) for word, steps in STEPS.items()}
    told = [f"{n:,} {word}" for word, n in numbers.items() if n or word in ALWAYS]
    what = [*_what(drift)] if named else []
    shown = "; ".join(what[:SHOWN])
    more = f"; {len(what) - SHOWN:,} more" if len(what) > SHOWN else ""
    return f"{_when(drift)}  {', '.join(told)}{f'. {shown}{more}' if shown else ''}"


def _when(drift: Drift) -> str:
    """The time of the earlier run; with the day where that was another one, in UTC."""
    if drift.since is None:
        return ""
    same = drift.since.date() == drift.until.date()
    return f"{drift.since:%H:%M}" if same else f"{drift.since:%d %b, %H:%M}"


def _what(drift: Drift) -> Iterator[str]:
    """What changed how, each check once, the worst first."""
    for word in NAMED:
        found: dict[str, list[Change]] = {}
        changes = [one for one in drift.changes if one.step in STEPS[word]]
        for one in sorted(changes, key=lambda one: (-one.severity, one.code, one.subject)):
            found.setdefault(one.code, []).append(one)
        for alike in found.values():
            finding = alike[0].after or alike[0].before
            if finding is not None:
                of = name_of(finding) if len(alike) == 1 else f"{len(alike):,}"
                yield plain(flowing(f"{word}: {finding.title} ({of})"))
