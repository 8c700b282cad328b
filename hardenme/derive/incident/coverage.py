"""Whether later runs looked at all that is known: the frozen run's, and what came up since."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from hardenme.derive.incident.observed import LedgerRun
from hardenme.derive.runbook.own import again
from hardenme.model.subject import Subject

NAMED = 5
"""Places that a sentence names before the rest is counted."""
SCOPED = frozenset({("npm", "org")})
"""Places whose target is a scope."""
OWN = frozenset({("github", "user"), ("npm", "user")})
"""Places that only the account itself looks into: its target is `me`."""


def shown(frozen: LedgerRun, runs: Sequence[LedgerRun]) -> LedgerRun | None:
    """The last run that looked at everything that is known, by all checks of the frozen run."""
    return next((one for one in reversed(runs) if _sees(one, frozen, runs)), None)


def _sees(run: LedgerRun, frozen: LedgerRun, runs: Sequence[LedgerRun]) -> bool:
    same = _targets(frozen) <= _targets(run) and _checks(frozen) <= _checks(run)
    return run.whole and same and _places(frozen, runs) <= run.places.keys()


def left(frozen: LedgerRun, runs: Sequence[LedgerRun]) -> str:
    """What the last run did not look at, in words; empty if there is no run, or nothing."""
    if not runs:
        return ""
    run = runs[-1]
    if not run.whole:
        return f"{run.name} was not whole"
    missing = [f"target {one}" for one in sorted(_targets(frozen) - _targets(run))]
    missing += [one.name for one in sorted(_places(frozen, runs) - run.places.keys())]
    if missing:
        more = f" and {len(missing) - NAMED:,} more" if len(missing) > NAMED else ""
        return f"{run.name} did not look at {', '.join(missing[:NAMED])}{more}"
    lacking = len(_checks(frozen) - _checks(run))
    return f"{run.name} left out {lacking:,} checks of the frozen run" if lacking else ""


def command(frozen: LedgerRun, runs: Sequence[LedgerRun]) -> str:
    """The command that looks at everything that is known."""
    if frozen.report.demo or not runs:
        return again(frozen.report)
    last = runs[-1]
    absent = sorted(_places(frozen, runs) - last.places.keys())
    more = (target_of(one) for one in absent if _targets(frozen) <= _targets(last))
    targets = dict.fromkeys((*frozen.report.targets, *more))
    return shlex.join(["hardenme", "check", *(one for one in targets if one)])


def target_of(place: Subject) -> str:
    """A target by which `hardenme check` looks at a place; empty for what it cannot name."""
    where = (place.provider, place.kind)
    if where in OWN:
        return "me"
    if place.provider not in {"github", "npm"}:
        return ""
    return f"{place.provider}:{'@' if where in SCOPED else ''}{place.name}"


def enumerated(frozen: LedgerRun, runs: Sequence[LedgerRun]) -> bool:
    """Whether whole runs looked at every target of the frozen one again.

    A list from where the frozen run looked also contains what was added since. A repository that an
    attacker made is on no list of earlier ones.
    """
    looked = (_targets(one) for one in runs if one.whole)
    return _targets(frozen) <= frozenset[str]().union(*looked)


def _targets(run: LedgerRun) -> frozenset[str]:
    return frozenset(one.casefold() for one in run.report.targets)


def _checks(run: LedgerRun) -> frozenset[str]:
    return frozenset(run.report.checks)


def _places(frozen: LedgerRun, runs: Sequence[LedgerRun]) -> frozenset[Subject]:
    return frozenset(place for one in (frozen, *runs) for place in one.places)
