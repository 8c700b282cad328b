"""What it takes to compare two stored reports of many repositories: seconds and memory.

    python -m benchmarks.compare [--repositories N ...] [--pair PAIR ...]

The reports are written first, which is not counted. Then a process of its own reads both and
compares them, and tells how long each took by its own clock of the processor:

- `read` is both files parsed, checked, and packed. Reading makes every finding once, to refuse what
  is no report, and takes down what it is compared by; that is what `hardenme show` takes as well.
- `compare` is what comes on top of that: both reports gone through and what changed put together.
  It unpacks and parses again the findings that changed, and all of the inventory.
- `peak` is the process with all of it, reading included.

Three pairs are compared: one where nothing changed, one where every hundredth repository did, and
one where the later run could not see anything that the earlier one knew. At 1,000 repositories
comparing may take 3 s and all of it 300 MiB; to 10,000 time may grow in proportion. The third pair
is held to the memory alone: each finding of both reports is made as a whole for it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, overload

from benchmarks.large_report import AT, LOGIN, ORG, large_report
from benchmarks.serving import ran
from hardenme.model.finding import Finding
from hardenme.model.inventory import InventoryItem, Place
from hardenme.model.report import Report
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Fix, Passed
from hardenme.reports import pieces

SECONDS, ROOM, COUNT = 3.0, 300, 1000
"""What comparing so many repositories may take: seconds of a processor, and MiB at the peak."""
LINEAR = 1.6
"""How many times the time in proportion is still taken for in proportion."""
STORM = "blind"
PAIRS = ("same", "hundredth", STORM)
SEEN = {"on": False}
FIX = Fix("Turn it on", "https://github.example.test/settings")
BLIND = Unknown(Reason.NOT_PERMITTED, "administration: read")
KINDS = ("deploy key", "environment", "outside collaborator", "secret", "webhook", "workflow")
ITEMS = 3
"""Items of each kind in a repository."""
MEASURED = """
import json, resource, sys, time
from pathlib import Path
from hardenme.drift import compare
from hardenme.reports.reading import load

def read(name):
    with Path(name).open("rb") as file:
        return load(file)

begun = time.process_time()
before, after = map(read, sys.argv[1:])
done = time.process_time()
drift = compare(before, after)
over = time.process_time()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
changes = len(drift.changes) + len(drift.items)
print(json.dumps([done - begun, over - done, peak, changes, drift.incomparable]))
"""


class Later(Sequence[Finding]):
    """The findings of a later run.

    Args:
        findings: those of the earlier one.
        how: what became of them, one of `PAIRS`.
    """

    def __init__(self, findings: Sequence[Finding], how: str) -> None:
        self.findings = findings
        self.how = how

    def __iter__(self) -> Iterator[Finding]:
        for one in self.findings:
            if self.how == STORM:
                yield replace(one, outcome=BLIND, waiver=None)
            elif self.how == "hundredth" and one.subject.name.endswith("00"):
                failed = isinstance(one.outcome, Failed)
                outcome = Passed("on", SEEN) if failed else Failed("off", SEEN, FIX)
                yield replace(one, outcome=outcome, waiver=None)
            else:
                yield one

    def __len__(self) -> int:
        return len(self.findings)

    @overload
    def __getitem__(self, at: int) -> Finding: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Finding]: ...
    def __getitem__(self, at: Any) -> Any:
        return tuple(self)[at]


def inventory(repositories: int, how: str) -> Iterator[Place]:
    """What a run saw: the repositories, and what is in each of them."""
    why = BLIND if how == STORM else None
    names = [f"{LOGIN}/service-{number:05}" for number in range(repositories)]
    listed = (
        InventoryItem(
            "repository", Subject("github", "repo", name), name, f"R_{name[-5:]}", {"name": name}
        )
        for name in names
    )
    yield Place(ORG, {"repository": None}, tuple(listed))
    for name in names:
        subject, old = Subject("github", "repo", name), how == "hundredth" and name.endswith("00")
        items = (
            InventoryItem(
                kind,
                Subject("github", kind.replace(" ", "-"), f"{name}/{number}"),
                f"{kind} {number}",
                f"{name} {kind} {number}",
                {"created_at": "2026-01-01T00:00:00Z", "read_only": not old},
            )
            for kind in KINDS
            for number in range(ITEMS)
        )
        yield Place(subject, dict.fromkeys(KINDS, why), () if why else tuple(items))


def store(report: Report, path: Path) -> None:
    """Write a report."""
    with path.open("w", encoding="ascii") as file:
        file.writelines(pieces(report, "json"))


@dataclass(frozen=True, slots=True)
class Cost:
    """One pair, compared once.

    Attributes:
        pair: which.
        repositories: how many the reports are about.
        read: seconds of a processor for both.
        compared: the same for comparing them.
        memory: MiB at the peak, reading included.
        changes: how many findings and items changed.
    """

    pair: str
    repositories: int
    read: float
    compared: float
    memory: float
    changes: int


def measure(pair: str, count: int, before: Path, after: Path) -> Cost:
    """Compare two files in a process of its own."""
    words = [sys.executable, "-c", MEASURED, str(before), str(after)]
    once = ran(words, {"PATH": os.environ["PATH"]})
    read, compared, memory, changes, why = json.loads(once.text)
    if why:
        raise ValueError(why)
    return Cost(pair, count, read, compared, memory, changes)


def wrong(costs: list[Cost]) -> Iterator[str]:
    """What is more than it should be."""
    for cost in costs:
        if cost.repositories <= COUNT and cost.memory > ROOM:
            yield f"{cost.pair} takes {cost.memory:.0f} MiB for {cost.repositories} repositories"
        counts = cost.pair != STORM and cost.repositories <= COUNT
        if counts and cost.compared > SECONDS:
            yield f"{cost.pair} takes {cost.compared:.1f} s for {cost.repositories} repositories"
    for pair in dict.fromkeys(cost.pair for cost in costs):
        those = [cost for cost in costs if cost.pair == pair]
        first, last = those[0], those[-1]
        fair = first.compared * last.repositories / first.repositories * LINEAR
        if last.compared > fair:
            yield f"{pair} takes {last.compared:.1f} s, and {fair:.1f} s would be in proportion"


def main() -> int:
    """Measure and print; 1 where something is more than it should be."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--repositories", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--pair", nargs="+", choices=PAIRS, default=list(PAIRS))
    options = parser.parse_args()
    costs: list[Cost] = []
    print(f"{'pair':>10} {'repos':>6} {'read':>8} {'compare':>8} {'peak':>9} {'changes':>8}")
    for count in options.repositories:
        with tempfile.TemporaryDirectory() as folder:
            before, after = Path(folder, "before.json"), Path(folder, "after.json")
            report = large_report(count)
            store(replace(report, inventory=tuple(inventory(count, "same"))), before)
            for pair in options.pair:
                later = replace(
                    report,
                    started=AT + timedelta(weeks=1),
                    findings=Later(report.findings, pair),
                    inventory=tuple(inventory(count, pair)),
                )
                store(later, after)
                cost = measure(pair, count, before, after)
                costs.append(cost)
                print(
                    f"{pair:>10} {count:>6} {cost.read:>6.1f} s {cost.compared:>6.1f} s"
                    f" {cost.memory:>5.0f} MiB {cost.changes:>8,}",
                    flush=True,
                )
    faults = list(wrong(costs))
    print(*(f"too much: {fault}" for fault in faults), sep="\n")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
