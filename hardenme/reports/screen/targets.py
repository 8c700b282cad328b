"""The targets of a report, each in a row: what it comes to, and how much of it is known."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hardenme.model.finding import Finding
from hardenme.model.finding_summary import weight
from hardenme.model.report import ABSENT, ME, Report, absence
from hardenme.model.severity import Severity
from hardenme.model.unknown import IN_WORDS
from hardenme.reports.plain import counted
from hardenme.reports.screen.verdict import Verdict, verdict_by

LEVELS = sorted(Severity, reverse=True)
OWNED = re.compile("[/@]")
"""What follows the name of an owner, and the name of a package."""
DECIDED = ("passed", "failed", "waived", "attested", "not_applicable")
"""The results that facts decided."""
NOT_KNOWN = ("unknown", "errored")
ORDER = [*Verdict]


@dataclass(frozen=True, slots=True)
class TargetRow:
    """What a report has of one of several targets.

    Attributes:
        target: as the user named it.
        verdict: what its results come to.
        severities: how many findings failed of each severity, the worst first.
        known: how many results are known.
        unknown: how many are not.
        unread: why it was not looked at as a whole; empty if it was.
    """

    target: str
    verdict: Verdict
    severities: Mapping[Severity, int]
    known: int
    unknown: int
    unread: str

    @property
    def found(self) -> str:
        """Its findings of each severity. That there are none needs results that are known."""
        levels = ", ".join(f"{number:,} {level}" for level, number in self.severities.items())
        if self.unread in ABSENT:
            return self.unread
        if not self.known:
            return "nothing is known"
        if self.unread:
            return f"not looked at as a whole, {levels or 'no findings so far'}"
        return levels or "no findings"

    @property
    def text(self) -> str:
        """The row in one line."""
        return f"{self.target}: {self.found} · {self.unknown:,} unknown"

    @property
    def looked_at(self) -> str:
        """How much of it is known, and why not all."""
        if self.unread:
            return f"not {'as a whole' if self.known else 'at all'}: {self.unread}"
        if not self.known:
            return "nothing is known"
        asked = self.known + self.unknown
        least = "all" if not self.unknown else f"{self.known:,} of"
        return f"{least} {counted(asked, 'result')} known"


def target_rows(report: Report) -> tuple[TargetRow, ...]:
    """A row for each of several targets of a whole run, the worst first."""
    if len(report.targets) < 2 or report.whole is not None:  # noqa: PLR2004 (several)
        return ()
    keys = {target: target if target == ME else _key(target) for target in report.targets}
    failed, results = _by_key(report, frozenset(keys.values()) - {ME})
    whys = _unread(report)
    rows = [
        _row(report, target, failed[key], results[key], whys.get(target, ""))
        for target, key in keys.items()
    ]
    return tuple(sorted(rows, key=_rank))


def _by_key(
    report: Report, named: frozenset[str]
) -> tuple[Mapping[str, Counter[Severity]], Mapping[str, Counter[str]]]:
    """The failures by severity, and the results by name, of each target."""
    failed: defaultdict[str, Counter[Severity]] = defaultdict(Counter)
    results: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in report.findings:
        # What belongs to no other target was found by asking for one's own.
        for key in named.intersection(_above(one)) or {ME}:
            results[key][one.result] += 1
            if one.fails:
                failed[key][weight(one)] += 1
    return failed, results


def _row(
    report: Report,
    target: str,
    failed: Mapping[Severity, int],
    results: Mapping[str, int],
    why: str,
) -> TargetRow:
    levels = {level: failed[level] for level in LEVELS if failed[level]}
    known = sum(results[name] for name in DECIDED)
    return TargetRow(
        target,
        verdict_by(levels, results, report.fail_on, whole=not why and known > 0),
        levels,
        known,
        sum(results[name] for name in NOT_KNOWN),
        why,
    )


def _unread(report: Report) -> dict[str, str]:
    """Why targets were not looked at as a whole. An early end is about each where none is named."""
    stopped = report.partial or (IN_WORDS[report.halted] if report.halted is not None else "")
    found = dict.fromkeys(report.targets if report.unread is None and stopped else (), stopped)
    for one in report.unread or ():
        found[one.target] = "; ".join(filter(None, (found.get(one.target), one.why)))
    return found | {one: absence(one, report.identities) for one in report.not_found}


def _rank(row: TargetRow) -> tuple[object, ...]:
    levels = tuple(-row.severities.get(level, 0) for level in LEVELS)
    return ORDER.index(row.verdict), levels, -row.unknown, row.text


def _key(target: str) -> str:
    """A target as `_above` names it."""
    return target.lower().removesuffix(":")


def _above(finding: Finding) -> Iterator[str]:
    """What a finding is a part of, as `PROVIDER:NAME`: itself, and each owner; the provider too."""
    for place in {finding.subject, finding.within}:
        name = place.name.lower()
        yield place.provider
        yield f"{place.provider}:{name}"
        if (place.provider, place.kind) == ("npm", "org"):
            yield f"npm:@{name}"
        yield from (f"{place.provider}:{name[: end.start()]}" for end in OWNED.finditer(name))
