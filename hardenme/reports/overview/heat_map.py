"""Where the findings are: repositories and packages by topics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from hardenme.model.finding import Attested, Errored, Finding
from hardenme.model.finding_summary import weight
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Manual, Passed
from hardenme.reports.fixplan.step_kind import codes_of

OTHER = "Other"
"""The topic of a check that no topic names."""
TOPICS = {
    "Branches": codes_of("GHB101-117"),
    "Workflows": codes_of("GHW201-209 GHR118 GHR128"),
    "Actions": codes_of("GHW101-109 GHR119"),
    "Secrets": codes_of("GHR101-102 GHR108-111 GHR116-117 GHR120 GHR124 GHR126-127"),
    "People": codes_of("GHR112-114 GHR121 NPP109-111 NPA101-108 NPO101-105"),
    "Code": codes_of("GHR103-107 GHR122-123 GHR125 GHR129-130 NPP114-115"),
    "Publishing": codes_of("NPP101-106 NPP116 NPT101-112 PUB101-105"),
    "Releases": codes_of("GHR115 NPP107-108 NPP112-113 NPP117 REL101-111"),
}
"""The codes of each topic, in the order of a drawing's columns."""


def topic_of(code: str) -> str:
    """The topic of a check."""
    return next((topic for topic, codes in TOPICS.items() if code in codes), OTHER)


ROWS = 10
"""Places with a row of their own; the others have one together."""
KINDS = frozenset({"repo", "package"})
"""What has a row."""
Levels = Counter[Severity]


class CellState(StrEnum):
    """What a cell says, the most urgent first."""

    FAILED = "failed"
    UNKNOWN = "unknown"
    ASKED = "asked"
    WAIVED = "waived"
    ATTESTED = "attested"
    PASSED = "passed"
    NOTHING = "nothing"


@dataclass(slots=True)
class Cell:
    """The results of one topic in one place.

    Attributes:
        failed: how many findings there are of each severity.
        unknown: how many results are not known.
        asked: how many a person has to answer.
        waived: how many findings are accepted.
        attested: how many rest on a person's word.
        passed: how many checks passed.
    """

    failed: Levels = field(default_factory=Counter)
    unknown: int = 0
    asked: int = 0
    waived: int = 0
    attested: int = 0
    passed: int = 0

    def take(self, finding: Finding) -> None:
        """One more result."""
        outcome = finding.outcome
        if finding.fails:
            self.failed[weight(finding)] += 1
        elif finding.waiver is not None:
            self.waived += 1
        elif isinstance(outcome, Unknown | Errored):
            self.unknown += 1
        elif isinstance(outcome, Manual):
            self.asked += 1
        elif isinstance(outcome, Attested):
            self.attested += 1
        elif isinstance(outcome, Passed):
            self.passed += 1

    def add(self, other: Cell) -> None:
        """The results of one more place."""
        self.failed.update(other.failed)
        self.unknown += other.unknown
        self.asked += other.asked
        self.waived += other.waived
        self.attested += other.attested
        self.passed += other.passed

    @property
    def state(self) -> CellState:
        """The most urgent that it holds: what is not known is never passed."""
        held = {
            CellState.FAILED: self.failed.total(),
            CellState.UNKNOWN: self.unknown,
            CellState.ASKED: self.asked,
            CellState.WAIVED: self.waived,
            CellState.ATTESTED: self.attested,
            CellState.PASSED: self.passed,
        }
        return next((state for state, number in held.items() if number), CellState.NOTHING)

    @property
    def worst(self) -> Severity | None:
        """What its worst finding weighs; None if nothing failed."""
        return max(self.failed, default=None)

    @property
    def told(self) -> str:
        """All that it holds, in words."""
        levels = ", ".join(f"{self.failed[one]:,} {one}" for one in sorted(self.failed)[::-1])
        others = (
            (self.unknown, "unknown"),
            (self.asked, "to answer"),
            (self.waived, "waived"),
            (self.attested, "attested"),
            (self.passed, "passed"),
        )
        parts = [levels, *(f"{number:,} {word}" for number, word in others if number)]
        return ", ".join(filter(None, parts)) or "nothing was checked"


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One place, or all that have no row of their own.

    Attributes:
        name: of the place; empty for the others together.
        places: the number of places that it covers.
        cells: by topic.
    """

    name: str
    places: int
    cells: Mapping[str, Cell]

    @property
    def rank(self) -> tuple[int, ...]:
        """The place with the most of the worst comes first, then that with more unknown."""
        failed = sum((one.failed for one in self.cells.values()), Levels())
        unknown = sum(one.unknown for one in self.cells.values())
        return (*(-failed[level] for level in sorted(Severity)[::-1]), -unknown)


@dataclass(frozen=True, slots=True)
class HeatMap:
    """The rows and columns.

    Attributes:
        topics: the columns: those that hold a result.
        rows: the worst first; the last may cover all others.
        kinds: how many places there are of each kind.
        within: how many findings are in a row.
        beyond: how many findings are of accounts, organizations or machines, which have no row.
    """

    topics: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    kinds: Mapping[str, int]
    within: int
    beyond: int


def heat_map_of(findings: Iterable[Finding], most: int = ROWS) -> HeatMap:
    """Count the results of each place by topic; the findings are looked at once."""
    places: dict[Subject, dict[str, Cell]] = {}
    topics: dict[str, str] = {}
    beyond = 0
    for one in findings:
        if one.within.kind not in KINDS:
            beyond += one.fails
            continue
        if one.code not in topics:
            topics[one.code] = topic_of(one.code)
        cells = places.setdefault(one.within, {})
        cells.setdefault(topics[one.code], Cell()).take(one)
    rows = [HeatRow(place.name, 1, cells) for place, cells in places.items()]
    rows.sort(key=lambda row: (row.rank, row.name))
    # One place alone has no line of its own for all others.
    shown = rows if len(rows) <= most + 1 else rows[:most]
    if others := rows[len(shown) :]:
        shown = [*shown, _together(others)]
    return HeatMap(
        tuple(one for one in (*TOPICS, OTHER) if any(one in row.cells for row in rows)),
        tuple(shown),
        Counter(place.kind for place in places),
        sum(cell.failed.total() for row in rows for cell in row.cells.values()),
        beyond,
    )


def _together(rows: Iterable[HeatRow]) -> HeatRow:
    cells: dict[str, Cell] = {}
    number = 0
    for row in rows:
        number += 1
        for topic, cell in row.cells.items():
            cells.setdefault(topic, Cell()).add(cell)
    return HeatRow("", number, cells)
