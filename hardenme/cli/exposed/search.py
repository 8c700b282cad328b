"""From a question to what the runs of each repository show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from hardenme.cli.audit.run import PreparedRun
from hardenme.cli.exposed.merges import MergedFiles
from hardenme.cli.exposed.question import ExposureQuestion
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.git_objects import GitObjects
from hardenme.collectors.github.run_records import LOOKBACK, executed_steps, runs_in
from hardenme.exposure.judging import MERGED, judged, reached, reads
from hardenme.exposure.project import says_what_is_installed
from hardenme.ground.errors import CredentialError
from hardenme.locks.reading import is_lock
from hardenme.model.exposure import (
    CommitFiles,
    Exposure,
    ExposureGrade,
    ExposureRow,
    ExposureSign,
    RepositoryExposure,
    RunAttempt,
    graded,
)
from hardenme.model.unknown import Unknown

MANY = 200
"""Commits from which on a search shows how many requests follow."""


def search(question: ExposureQuestion, run: PreparedRun) -> Exposure:
    """Look at each repository.

    Raises:
        CredentialError: there is no token for one.
    """
    found = []
    for name in question.repositories:
        github = run.clients.of_owner(name.partition("/")[0])
        if github is None:
            raise CredentialError("no GitHub token was found: hardenme auth login github")
        found.append(repository_exposure(question, github, name, run.console.say))
    asked = tuple(map(str, question.things))
    return Exposure(asked, question.start, question.end, tuple(found))


def repository_exposure(
    question: ExposureQuestion, github: GitHub, name: str, say: Callable[[str], None]
) -> RepositoryExposure:
    """Look at the runs of a repository.

    Args:
        name: with its owner.
        say: shows what a long search costs, before it begins.
    """
    ran = runs_in(github, name, question.start, question.end)
    commits = list(dict.fromkeys(one.commit for one in ran.attempts))
    if len(commits) > MANY:
        say(f"{name}: {len(commits):,} commits to read")
    objects = GitObjects(github, name, lambda path: reads(path) or says_what_is_installed(path))
    objects.read_ahead(commits)
    merges = MergedFiles(objects, question.start - LOOKBACK)
    files = {commit: objects.files(commit) for commit in commits}
    first = {one: _row(question, one, files[one.commit]) for one in ran.attempts}
    merges.read_ahead(one.commit for one, row in first.items() if _takes_merge(row))
    rows = tuple(_whole(question, github, name, first[one], merges) for one in ran.attempts)
    read = [one for one in files.values() if not isinstance(one, Unknown)]
    locks = {blob for one in read for path, blob in one.blobs.items() if is_lock(path)}
    return RepositoryExposure(
        name, rows, tuple(dict.fromkeys(ran.faults)), len(rows), len(read), len(locks)
    )


def _row(
    question: ExposureQuestion, attempt: RunAttempt, files: CommitFiles | Unknown
) -> ExposureRow:
    if isinstance(files, Unknown):
        why = f"the files of {attempt.commit[:12]}: {files.in_words}"
        return ExposureRow(
            attempt, ExposureGrade.UNKNOWN, (ExposureSign(ExposureGrade.UNKNOWN, why),)
        )
    signs, reach = judged(attempt, files, question.things)
    return ExposureRow(attempt, graded(signs), tuple(signs), tuple(reach))


def _takes_merge(row: ExposureRow) -> bool:
    """Whether the head alone does not decide: the run checked out a merge commit."""
    return row.attempt.event in MERGED and row.grade is ExposureGrade.NOT_SEEN


def _whole(
    question: ExposureQuestion,
    github: GitHub,
    name: str,
    row: ExposureRow,
    merges: MergedFiles,
) -> ExposureRow:
    """A row with all that the run can have checked out, and the steps that executed."""
    attempt = row.attempt
    head = merges.objects.files(attempt.commit)
    files: Sequence[CommitFiles] = () if isinstance(head, Unknown) else (head,)
    if attempt.event in MERGED:
        files = ()
    if _takes_merge(row):
        found = merges.of(attempt)
        if isinstance(found, Unknown):
            why = f"its head commit is free of doubt, its merge commit is not: {found.in_words}"
            sign = ExposureSign(ExposureGrade.UNKNOWN, why)
            row = replace(row, grade=ExposureGrade.UNKNOWN, signs=(sign,))
        else:
            files = found
            each = [_row(question, attempt, one) for one in found]
            signs = tuple(dict.fromkeys(sign for one in each for sign in one.signs))
            reach = tuple(dict.fromkeys(one for part in (row, *each) for one in part.reach))
            row = ExposureRow(attempt, graded(signs), signs, reach)
    return _executed(question, github, name, row, files)


def _executed(
    question: ExposureQuestion,
    github: GitHub,
    name: str,
    row: ExposureRow,
    files: Sequence[CommitFiles],
) -> ExposureRow:
    """A row that is not free of doubt, held against the steps that executed in the window."""
    if row.grade in {ExposureGrade.NOT_SEEN, ExposureGrade.CONFIRMED}:
        return row
    attempt = row.attempt
    steps = executed_steps(github, name, attempt, question.start, question.end)
    if isinstance(steps, Unknown):
        why = f"its jobs: {steps.in_words}"
        return replace(row, signs=(*row.signs, ExposureSign(ExposureGrade.UNKNOWN, why)))
    if reached(attempt, files, steps, question.things):
        return row
    why = "no step that installs or fetches executed in the window"
    return ExposureRow(
        attempt, ExposureGrade.NOT_SEEN, (ExposureSign(ExposureGrade.NOT_SEEN, why),)
    )
