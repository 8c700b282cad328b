"""How many requests the parts of a search take, which is shown before a long one begins."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from hardenme.collectors.github.object_query import A_QUERY
from hardenme.exposure.jobs import reads
from hardenme.model.exposure import CommitFiles, ExposureGrade, ExposureRow

MANY = 24
"""Requests from which on a part of a search is shown."""
ROUNDS = 3
"""Queries for a group of commits: their roots, what changed in folders, and the files."""
OF_OTHERS = 4
"""Requests for a commit of another repository."""
OF_LOG = 2
"""Requests for the log of a job."""
A_PAGE = 100
"""Caches and runs on a page of a list."""
PINNED = re.compile(rb"uses:\s*[\"']?([^/\s\"'@]+/[^/\s\"'@]+)[^\s\"'@]*@([0-9a-f]{40})")
"""What a workflow uses of another repository at a commit."""
Say = Callable[[str], None]


def say_commits(say: Say, name: str, commits: int) -> None:
    """Show what it takes to read commits, if that is much."""
    _say(say, name, f"{commits:,} commits to read", ROUNDS * -(-commits // A_QUERY))


def say_others(say: Say, name: str, files: Iterable[CommitFiles]) -> None:
    """Show what it takes to read the other repositories that workflows use, if that is much."""
    used = {
        (one.lower(), commit)
        for each in files
        for path, text in each.texts.items()
        if reads(path)
        for one, commit in PINNED.findall(text)
    }
    _say(say, name, f"{len(used):,} commits of other repositories to read", OF_OTHERS * len(used))


def say_doubts(say: Say, name: str, rows: Iterable[ExposureRow], runs: int) -> None:
    """Show what it takes to look into runs, if that is much: steps, logs, caches, later runs."""
    grades = [row.grade for row in rows]
    possible = grades.count(ExposureGrade.POSSIBLE)
    doubts = possible + grades.count(ExposureGrade.UNKNOWN)
    lists = 2 * -(-runs // A_PAGE) if possible else 0
    what = f"{doubts:,} runs in doubt, {possible:,} of them possible"
    _say(say, name, what, doubts + OF_LOG * possible + lists, more=", and 2 for each further job")


def _say(say: Say, name: str, what: str, requests: int, more: str = "") -> None:
    if requests >= MANY:
        say(f"{name}: {what}, about {requests:,} requests{more}")
