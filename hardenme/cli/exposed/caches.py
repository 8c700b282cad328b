"""What runs that could be exposed left in caches, and the runs that can have restored it."""

from __future__ import annotations

from dataclasses import replace

from hardenme.cli.exposed.question import ExposureQuestion
from hardenme.collectors.github.asking import fetch
from hardenme.collectors.github.caches import caches_since
from hardenme.collectors.github.git_objects import GitObjects
from hardenme.collectors.github.run_records import RunsRead, runs_in
from hardenme.exposure.caches import SLACK, restored_by, restoring, written_by
from hardenme.facts.github.endpoints import REPOSITORY
from hardenme.facts.github.workflow import CONTENTS
from hardenme.ground import clock
from hardenme.model.exposure import (
    ExposureGrade,
    ExposureRow,
    RunAttempt,
    RunCache,
    graded,
)
from hardenme.model.unknown import Unknown

EXPOSED = frozenset({ExposureGrade.CONFIRMED, ExposureGrade.POSSIBLE})
GONE = "deleted caches are not listed, so a run that restored one is not known"
Rows = dict[tuple[int, int], ExposureRow]


def with_caches(
    question: ExposureQuestion, objects: GitObjects, rows: tuple[ExposureRow, ...]
) -> tuple[tuple[ExposureRow, ...], list[str]]:
    """The rows, with those that a cache makes possible, and what was not read of caches.

    Nothing is asked where no run could be exposed.
    """
    if not any(row.grade in EXPOSED for row in rows):
        return rows, []
    github, name = objects.github, objects.name
    caches = caches_since(github, name, question.start)
    if isinstance(caches, Unknown):
        return rows, [f"the caches of its runs: {caches.in_words}"]
    writers = [row.attempt for row in rows if row.grade in EXPOSED]
    if not any(True for one in writers for _ in written_by(caches, one)):
        return rows, [GONE]
    repository = fetch(github, REPOSITORY.at(name), CONTENTS)
    default = (
        repository if isinstance(repository, Unknown) else repository[1].text("default_branch")
    )
    if isinstance(default, Unknown):
        return rows, [GONE, f"its default branch: {default.in_words}"]
    last = min(max(one.accessed for one in caches) + SLACK, clock.now())
    later = runs_in(github, name, question.end, last) if last > question.end else RunsRead()
    found: Rows = {_number(row.attempt): row for row in rows}
    for one in later.attempts:
        found.setdefault(_number(one), ExposureRow(one, ExposureGrade.NOT_SEEN, ()))
    objects.read_ahead([row.attempt.commit for row in found.values()])
    _spread(found, caches, default, objects)
    looked = {_number(row.attempt) for row in rows}
    kept = (
        row
        for number, row in found.items()
        if number in looked or row.grade is not ExposureGrade.NOT_SEEN
    )
    return tuple(kept), [GONE, *later.faults]


def _number(attempt: RunAttempt) -> tuple[int, int]:
    return attempt.run, attempt.attempt


def _spread(found: Rows, caches: tuple[RunCache, ...], default: str, objects: GitObjects) -> None:
    """Make each run possible that can have restored what an exposed one wrote, and so on."""
    new = [row for row in found.values() if row.grade in EXPOSED]
    written: dict[RunCache, None] = {}
    while new:
        written |= {one: None for row in new for one in written_by(caches, row.attempt)}
        new = []
        for number, row in found.items():
            if row.grade in EXPOSED:
                continue
            cache = next(restored_by(written, row.attempt, default), None)
            if cache is None:
                continue
            files = objects.files(row.attempt.commit)
            sign, reach = restoring(row.attempt, files, cache)
            if sign is None or sign in row.signs:
                continue
            signs = (*row.signs, sign)
            found[number] = replace(row, grade=graded(signs), signs=signs, reach=row.reach or reach)
            if found[number].grade in EXPOSED:
                new.append(found[number])
