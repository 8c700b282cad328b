"""Counts the findings of a report in one pass, by check and by family."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from hardenme.model.finding import Finding

LETTERS = 3
FAMILIES: dict[str, str] = {
    "ATT": "Practices",
    "GHA": "GitHub account",
    "GHB": "Branches",
    "GHO": "Organization",
    "GHR": "Repositories",
    "GHT": "GitHub token",
    "GHW": "Workflows",
    "LOC": "This machine",
    "NPA": "npm account",
    "NPO": "npm organization",
    "NPP": "npm packages",
    "NPT": "npm tokens",
    "PUB": "Publish paths",
    "REL": "Releases",
}
"""The subject matter of each family of checks, by the letters of their codes."""


def family_of(code: str) -> str:
    """The letters of a code."""
    return code[:LETTERS]


def title_of(family: str) -> str:
    """What a family is about; its letters where that is not known."""
    return FAMILIES.get(family, family)


class CodeTally:
    """How many findings of each result there are, by the check's code.

    Args:
        findings: each is looked at once.

    Attributes:
        by_check: the numbers, the codes in their order.
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        counts = Counter((finding.code, finding.result) for finding in findings)
        self.by_check: dict[str, Counter[str]] = {}
        for (code, result), number in sorted(counts.items()):
            self.by_check.setdefault(code, Counter())[result] = number

    @property
    def total(self) -> Counter[str]:
        """How many findings there are of each result."""
        return sum(self.by_check.values(), Counter[str]())

    def by_family(self) -> dict[str, list[str]]:
        """The codes of each family."""
        found: dict[str, list[str]] = {}
        for code in self.by_check:
            found.setdefault(family_of(code), []).append(code)
        return found
