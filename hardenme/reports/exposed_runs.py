"""The runs of a search for a bad version: what to rotate first, then where it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from hardenme.model.exposed_record import ExposedRow
from hardenme.model.exposure import (
    RANKS,
    Exposure,
    ExposureGrade,
    ExposureRow,
    RepositoryExposure,
)
from hardenme.model.reached import can_publish, reached
from hardenme.model.severity import Severity
from hardenme.reports.outline.parts import (
    EVERY,
    Detail,
    Entry,
    Group,
    Section,
    page,
    sentence,
)
from hardenme.reports.plain import counted

TITLES = {
    ExposureGrade.CONFIRMED: "Confirmed",
    ExposureGrade.POSSIBLE: "Possible",
    ExposureGrade.UNKNOWN: "Not known",
}
BAD = frozenset({ExposureGrade.CONFIRMED, ExposureGrade.POSSIBLE})
ROTATE = "Rotate in this order what these jobs could read"
WHERE = "Where"
NAMED = 3
"""Repositories that are named in a line about several."""
Pair = tuple[RepositoryExposure, ExposureRow]


@dataclass(frozen=True, slots=True)
class Brief:
    """How many lines of each kind a screen shows before it counts the rest."""

    rotated: int
    runs: int
    gaps: int


BRIEFS = tuple(
    Brief(*numbers)
    for numbers in ((3, 3, 2), (3, 3, 1), (3, 2, 1), (2, 2, 1), (2, 1, 1), (1, 1, 1))
)
"""What a screen shows: the first of these that fits."""


@dataclass(frozen=True, slots=True)
class RunSections:
    """What was found in runs, as sections.

    Attributes:
        brief: how much of it a screen shows; None if every run has lines of its own.
    """

    found: Exposure
    brief: Brief | None

    @property
    def full(self) -> bool:
        """Whether every run has lines of its own."""
        return self.brief is None

    def all(self) -> Iterator[Section]:
        """What to rotate, then the runs, the heaviest grade first."""
        rotated = tuple(self._rotated())
        if self.brief is not None:
            parts = {
                ROTATE: first_of(rotated, self.brief.rotated, "line"),
                WHERE: first_of(tuple(self._brief()), self.brief.runs, "run"),
            }
            for title, lines in parts.items():
                if lines:
                    yield Section(title, (), (Group(entries=lines, most=EVERY),))
            return
        if rotated:
            yield Section(ROTATE, (), (Group(entries=rotated, most=EVERY),))
        for grade, title in TITLES.items():
            entries = tuple(_entry(*pair) for pair in self._pairs() if pair[1].grade is grade)
            if entries:
                yield Section(title, (), (Group(entries=entries, most=EVERY, thing="run"),))

    @property
    def _several(self) -> bool:
        """Whether a line has to say of which repository it is."""
        return len(self.found.repositories) > 1

    def _grade(self, grade: ExposureGrade) -> str:
        """What begins a line: nothing where the first line says that all are of this grade."""
        grades = {row.grade for _one, row in self._pairs()}
        return "" if grades == {grade} <= BAD else f"{grade.value}: "

    def _pairs(self) -> list[Pair]:
        """Each run that is not free of doubt, the heaviest first, then what can publish."""
        rows = [(one, row) for one in self.found.repositories for row in one.rows]
        shown = [pair for pair in rows if pair[1].grade is not ExposureGrade.NOT_SEEN]
        return sorted(shown, key=lambda pair: (RANKS[pair[1].grade], _order(pair[1])))

    def _rotated(self) -> Iterator[Entry]:
        """What could be read, with the repositories of which it is.

        What only runs could read of which it is not known comes last, and is not left out.
        """
        rows = [
            ExposedRow(row.grade, one.name, "", row.attempt.page, row.reach)
            for one, row in self._pairs()
        ]
        of: dict[tuple[ExposureGrade, str], list[str]] = {}
        for thing in sorted(reached(rows), key=lambda thing: thing.grade not in BAD):
            of.setdefault((thing.grade, thing.what), []).append(thing.where)
        for (grade, what), names in of.items():
            where = f", of {_names(names, full=self.full)}" if self._several else ""
            tone = Severity.HIGH if grade in BAD else None
            text = f"{self._grade(grade)}{what}{where}"
            yield Entry((sentence(text),), tone=tone, whole=True)

    def _brief(self) -> Iterator[Entry]:
        """A line for the runs of a workflow that are alike."""
        for _same, pairs in groupby(sorted(self._pairs(), key=_rank), key=_alike):
            alike = list(pairs)
            one, row = alike[0]
            ran = row.attempt
            which = f"run {ran.run} attempt {ran.attempt}"
            runs = which if len(alike) == 1 else f"{counted(len(alike), 'run')}, like {ran.run}"
            file = ran.file.rpartition("/")[2]
            where = f"{one.name} " if self._several else ""
            text = f"{self._grade(row.grade)}{where}{file}, {runs}: {_why(row)}"
            tone = Severity.HIGH if row.grade in BAD else None
            yield Entry((sentence(text),), tone=tone, whole=True, count=len(alike))


def first_of(entries: Sequence[Entry], most: int, thing: str) -> tuple[Entry, ...]:
    """So many entries; how many more there are is the last of them, not a line apart."""
    left = sum(one.count for one in entries[most:])
    more = Entry((sentence(f"and {counted(left, f'more {thing}')}: --full"),))
    return (*entries[:most], *([more] if left else []))


def shared_fault(found: Exposure) -> list[str]:
    """The reason why nothing is known, where it is the same everywhere: the first line says it."""
    if any(one.rows for one in found.repositories):
        return []
    faults = [set(one.faults) for one in found.repositories]
    return sorted(set[str].intersection(*faults) if faults else ())[:1]


def gaps(found: Exposure, *, full: bool) -> list[str]:
    """What was not read of repositories, each reason once."""
    of: dict[str, list[str]] = {}
    several = len(found.repositories) > 1
    said = () if full and several else shared_fault(found)
    for one in found.repositories:
        for fault in one.faults:
            if fault not in said:
                of.setdefault(fault, []).append(one.name)
    if not several:
        return list(of)
    if full:
        return [f"{name}: {fault}" for fault, names in of.items() for name in names]
    listed = sorted(of.items(), key=lambda item: -len(item[1]))
    return [f"{_names(names, full=False)}: {fault}" for fault, names in listed]


def _names(names: Sequence[str], *, full: bool) -> str:
    """The repositories, or how many more there are than the first."""
    shown = names if full or len(names) <= NAMED else names[:1]
    rest = len(names) - len(shown)
    more = f" and {rest:,} more repositories" if rest else ""
    return f"{', '.join(shown)}{more}"


def _order(row: ExposureRow) -> int:
    """What can publish comes first."""
    return 0 if any(map(can_publish, row.reach)) else 1


def _rank(pair: Pair) -> tuple[int, int, str, str, str]:
    one, row = pair
    return RANKS[row.grade], _order(row), one.name, row.attempt.file, _why(row)


def _alike(pair: Pair) -> tuple[str, str, str, str]:
    one, row = pair
    return row.grade.value, one.name, row.attempt.file, _why(row)


def _signs(row: ExposureRow) -> list[str]:
    return [sign.why for sign in sorted(row.signs, key=lambda sign: RANKS[sign.grade])]


def _why(row: ExposureRow) -> str:
    """The heaviest sign of a run."""
    return next(iter(_signs(row)), "no sign is shown")


def _entry(one: RepositoryExposure, row: ExposureRow) -> Entry:
    """A run with all its signs."""
    ran = row.attempt
    words = f"{one.name} {ran.file.rpartition('/')[2]}, run {ran.run} attempt {ran.attempt}"
    return Entry(
        (sentence(f"{words} ({ran.event}, {ran.commit[:12]})"),),
        tone=Severity.HIGH if row.grade in BAD else None,
        whole=True,
        beside=tuple(_beside(row)),
    )


def _beside(row: ExposureRow) -> Iterable[Detail]:
    for why in _signs(row):
        yield Detail("why", ((sentence(why),),))
    if row.reach:
        yield Detail("reach", ((sentence("; ".join(row.reach)),),))
    yield Detail("page", ((page(row.attempt.page),),))
