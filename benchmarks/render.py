"""What it takes to render a stored report of many repositories: seconds, memory, bytes.

    python -m benchmarks.render [--repositories N ...] [--format FORMAT ...] [--redact]

Each line is one run of the installed `hardenme show` in a process of its own, from a file to a
file: so it counts the start, the reading, and the writing. The first line of a size is the writing
of the report itself, in this process. At 1,000 repositories no format may take 300 MiB; from there
to 10,000 memory may grow by what is written down of a repository, and time in proportion.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.large_report import large_report
from benchmarks.serving import ran
from hardenme.reports import FORMATS, pieces

ROOM = 300
"""MiB that rendering 1,000 repositories may take at its peak."""
COUNT = 1000
LINEAR = 1.6
"""How many times the time in proportion is still taken for in proportion."""


@dataclass(frozen=True, slots=True)
class Cost:
    """One run.

    Attributes:
        form: the format.
        repositories: how many the report is about.
        cpu: seconds of a processor.
        memory: MiB at the peak.
        size: bytes of all files that were written.
        files: how many these are.
    """

    form: str
    repositories: int
    cpu: float
    memory: float
    size: int
    files: int


def store(repositories: int, path: Path) -> None:
    """Write a report of so many repositories."""
    with path.open("w", encoding="ascii") as file:
        file.writelines(pieces(large_report(repositories), "json"))


def run(stored: Path, repositories: int, form: str, *options: str) -> Cost:
    """Render once."""
    with tempfile.TemporaryDirectory() as folder:
        words = [
            *(str(Path(sys.executable).with_name("hardenme")), "show", str(stored)),
            *("-f", form, "-o", f"{folder}/report", *options),
        ]
        once = ran(words, {"PATH": os.environ["PATH"], "HOME": folder})
        sizes = [path.stat().st_size for path in Path(folder).glob("report*")]
    return Cost(form, repositories, once.cpu, once.memory, sum(sizes), len(sizes))


def wrong(costs: list[Cost]) -> Iterator[str]:
    """What is more than it should be."""
    for cost in costs:
        if cost.repositories <= COUNT and cost.memory > ROOM:
            yield f"{cost.form} takes {cost.memory:.0f} MiB for {cost.repositories} repositories"
    for form in dict.fromkeys(cost.form for cost in costs):
        first, *_, last = [cost for cost in costs if cost.form == form]
        fair = first.cpu * last.repositories / first.repositories * LINEAR
        if last.cpu > fair:
            yield f"{form} takes {last.cpu:.1f} s, and {fair:.1f} s would be in proportion"


def main() -> int:
    """Measure and print; 1 where something is more than it should be."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--repositories", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--format", nargs="+", default=list(FORMATS))
    parser.add_argument("--redact", action="store_true")
    options = parser.parse_args()
    costs: list[Cost] = []
    print(f"{'format':>10} {'repos':>6} {'CPU':>8} {'peak':>9} {'bytes':>13} {'files':>5}")
    for count in options.repositories:
        with tempfile.TemporaryDirectory() as folder:
            stored = Path(folder, "report.json")
            begun = time.process_time()
            store(count, stored)
            spent = time.process_time() - begun
            print(
                f"{'(written)':>10} {count:>6} {spent:>6.1f} s {'':>9} {stored.stat().st_size:>13,}"
            )
            for form in options.format:
                cost = run(stored, count, form, *(["--redact"] if options.redact else []))
                costs.append(cost)
                print(
                    f"{form:>10} {count:>6} {cost.cpu:>6.1f} s {cost.memory:>5.0f} MiB"
                    f" {cost.size:>13,} {cost.files:>5}",
                    flush=True,
                )
    faults = list(wrong(costs))
    print(*(f"too much: {fault}" for fault in faults), sep="\n")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
