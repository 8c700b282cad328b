"""The findings of a stored report at a glance, in a few bytes each."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator

from hardenme.model.glance import Glance
from hardenme.model.severity import Severity


class Glances:
    """Findings at a glance, in their order.

    Tens of thousands of findings are about some thousand subjects, and come out in some hundred
    ways: each of these is held once, and a finding is two numbers.
    """

    def __init__(self) -> None:
        self._subjects: dict[tuple[str, str], int] = {}
        self._ways: dict[tuple[str, str, Severity], int] = {}
        self._about = array("I")
        self._way = array("I")

    def __len__(self) -> int:
        return len(self._way)

    def add(self, code: str, subject: str, within: str, result: str, severity: Severity) -> None:
        """One more."""
        about, way = (subject, within), (code, result, severity)
        self._about.append(self._subjects.setdefault(about, len(self._subjects)))
        self._way.append(self._ways.setdefault(way, len(self._ways)))

    def __iter__(self) -> Iterator[Glance]:
        subjects, ways = list(self._subjects), list(self._ways)
        for about, way in zip(self._about, self._way, strict=True):
            subject, within = subjects[about]
            code, result, severity = ways[way]
            yield Glance(code, subject, within, result, severity)

    def results(self) -> Counter[str]:
        """How many there are of each result."""
        found: Counter[str] = Counter()
        ways = list(self._ways)
        for way, number in Counter(self._way).items():
            found[ways[way][1]] += number
        return found
