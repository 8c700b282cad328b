"""`python -m tests.plans [CASE...]` follows the plans of worlds, and prints what came of each."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.plans.cases import CASES, PlanCase
from tests.plans.runner import table


def main(names: list[str]) -> None:
    """Follow the plans of these worlds, or of all, and print the counts by kind of step."""
    counted = []
    for case in map(PlanCase, names) if names else CASES:
        with TemporaryDirectory() as folder:
            followed, malware = case.follow(Path(folder))
        counted.append(followed.counts())
        for one in followed.refused:
            assert one.ran is not None
            sys.stdout.write(f"{case.name}: refused: {one.step.title}: {one.ran.command}\n")
            sys.stdout.write(f"  {one.ran.said.strip()}\n")
        for one, code, subject in followed.still_open():
            sys.stdout.write(f"{case.name}: still open: {one.step.title}: {code} {subject}\n")
            sys.stdout.write(f"  {followed.said((code, subject))}\n")
        for code, subject in followed.new:
            sys.stdout.write(f"{case.name}: new: {code} {subject}\n")
        for text in followed.misled(malware):
            sys.stdout.write(f"{case.name}: a tag leads to malware: {text}\n")
    sys.stdout.write(f"{table(counted)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
