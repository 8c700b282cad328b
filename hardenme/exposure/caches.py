"""Caches that a run which could be exposed wrote, and the runs that can have restored one.

A cache is not bound to the run that wrote it. What counts is when it was written and last read, and
of which branch it is. A run restores caches of its own branch, of the base of its pull request, and
of the default branch.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/dependency-caching
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from hardenme.exposure.jobs import jobs_of
from hardenme.exposure.judging import MERGED
from hardenme.exposure.reach import reach
from hardenme.ground.errors import ContentError
from hardenme.model.exposure import (
    CommitFiles,
    ExposureGrade,
    ExposureSign,
    RunAttempt,
    RunCache,
)
from hardenme.model.text import visible
from hardenme.model.unknown import Unknown
from hardenme.workflows.known import may_restore_cache, restores_cache

POSSIBLE, UNKNOWN = ExposureGrade.POSSIBLE, ExposureGrade.UNKNOWN
HEADS, TAGS, PULLS = "refs/heads/", "refs/tags/", "refs/pull/"
PUSH = "push"
SLACK = timedelta(days=1)
"""How much later than shown a cache can have been read: GitHub does not say how exact that is."""


def written_by(caches: Iterable[RunCache], attempt: RunAttempt) -> Iterator[RunCache]:
    """The caches that an attempt can have written."""
    own = {f"{HEADS}{attempt.branch}", f"{TAGS}{attempt.branch}"}
    for one in caches:
        elsewhere = attempt.event == PUSH and attempt.branch and one.ref not in own
        if not elsewhere and attempt.started <= one.created <= attempt.ended:
            yield one


def restored_by(
    caches: Iterable[RunCache], attempt: RunAttempt, default: str
) -> Iterator[RunCache]:
    """The caches that an attempt can have restored, if it restores any.

    Args:
        default: the default branch.
    """
    for one in caches:
        in_time = attempt.ended >= one.created and attempt.started <= one.accessed + SLACK
        if in_time and _can_read(attempt, one.ref, default):
            yield one


def _can_read(attempt: RunAttempt, ref: str, default: str) -> bool:
    if ref.startswith(PULLS) or attempt.event in MERGED:
        # Which pull request a run is of, and for which base, its record does not show.
        return attempt.event in MERGED
    own = {f"{HEADS}{attempt.branch}", f"{TAGS}{attempt.branch}", f"{HEADS}{default}"}
    return ref in own or not attempt.branch or attempt.event != PUSH


def restoring(
    attempt: RunAttempt, files: CommitFiles | Unknown, cache: RunCache
) -> tuple[ExposureSign | None, tuple[str, ...]]:
    """What a run shows that can have restored a cache, and what its jobs could reach.

    Returns:
        No sign if none of its steps restores any.
    """
    wrote = f"{cache.created:%Y-%m-%d %H:%M} UTC"
    key = visible(cache.key)
    what = f"the cache {key}, which a run that could be exposed wrote at {wrote}"
    if isinstance(files, Unknown):
        return ExposureSign(UNKNOWN, f"whether it restored {what}: {files.in_words}"), ()
    try:
        ran = jobs_of(attempt, files)
    except (ContentError, RecursionError, UnicodeDecodeError) as error:
        return ExposureSign(UNKNOWN, f"whether it restored {what}: {attempt.file}: {error}"), ()
    for step in (step for job in ran.jobs for step in job.steps):
        if restores_cache(step.action, step.inputs) or may_restore_cache(step.action):
            why = f"it can have restored {what}"
            return ExposureSign(POSSIBLE, why), tuple(reach(ran.jobs))
    doubt = next(iter(ran.doubts), "")
    return (ExposureSign(UNKNOWN, f"whether it restored {what}: {doubt}") if doubt else None), ()
