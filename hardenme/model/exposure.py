"""Whether a bad version or action ran: what was asked, what runs show, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class ExposureGrade(StrEnum):
    """How sure it is that something ran; what comes first weighs more."""

    CONFIRMED = "confirmed"
    POSSIBLE = "possible"
    UNKNOWN = "unknown"
    NOT_SEEN = "not seen"


LAST_STEP = "Complete job"
"""The runner's own last step, which a job has that came to its end."""
RANKS = {grade: rank for rank, grade in enumerate(ExposureGrade)}


@dataclass(frozen=True, slots=True)
class ExposureSign:
    """One thing that was seen, or could not be.

    Attributes:
        grade: how much it weighs.
        why: it, in a few words.
    """

    grade: ExposureGrade
    why: str


def graded(signs: Iterable[ExposureSign]) -> ExposureGrade:
    """What several signs come to: the heaviest one counts."""
    grades = [one.grade for one in signs]
    return min(grades, key=RANKS.__getitem__, default=ExposureGrade.NOT_SEEN)


@dataclass(frozen=True, slots=True)
class AskedAction:
    """An action or reusable workflow at a tag, branch or commit.

    Attributes:
        name: of its repository, in lower case.
        ref: as it was given.
    """

    name: str
    ref: str

    def __str__(self) -> str:
        """As workflows write it."""
        return f"{self.name}@{self.ref}"


@dataclass(frozen=True, slots=True)
class RunAttempt:
    """One attempt of a run.

    Attributes:
        run: GitHub's number for the run.
        attempt: its number, counted from 1.
        event: what started it.
        file: the path of the workflow's file.
        commit: the head commit.
        created: when the run was created, before its first attempt.
        started: when it started.
        ended: when the run was last changed; it ran no longer than until then.
        page: its address.
        called: the reusable workflows that it used, each with the commit that GitHub resolved.
        branch: the branch or tag that it ran on; empty if GitHub names none.
        workflow: what GitHub calls the workflow; empty if it does not say.
    """

    run: int
    attempt: int
    event: str
    file: str
    commit: str
    created: datetime
    started: datetime
    ended: datetime
    page: str
    called: tuple[tuple[str, str], ...] = ()
    branch: str = ""
    workflow: str = ""


@dataclass(frozen=True, slots=True)
class RunCache:
    """What a run stored for later runs.

    Attributes:
        key: as the workflow named it.
        ref: the branch, tag or pull request that it is of.
        created: when it was stored.
        accessed: when it was restored last, as far as GitHub shows it.
    """

    key: str
    ref: str
    created: datetime
    accessed: datetime


@dataclass(frozen=True, slots=True)
class ExecutedStep:
    """A step of a job that executed, or may have.

    Attributes:
        job: GitHub's number for the job.
        number: its place in the job; the runner's own steps count.
        name: as GitHub shows it.
        machine: the group of the job's machine, if that is not the one of GitHub's own machines.
    """

    job: int
    number: int
    name: str
    machine: str = ""


@dataclass(frozen=True, slots=True)
class ExposureRow:
    """An attempt of a run in the window, and what it comes to.

    Attributes:
        signs: what was seen, or could not be.
        reach: what its jobs could reach, what can publish first.
    """

    attempt: RunAttempt
    grade: ExposureGrade
    signs: tuple[ExposureSign, ...]
    reach: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LookedAtRun:
    """An attempt of a run that need not be asked about again.

    Attributes:
        repository: with its owner.
        row: what the attempt comes to.
        locks: the digests of the lock files of its commit; None if the commit was not read.
    """

    repository: str
    row: ExposureRow
    locks: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class RepositoryExposure:
    """What was looked at in a repository, and what that comes to.

    Attributes:
        name: of the repository.
        rows: its runs in the window.
        faults: why it is not known of the repository as a whole; empty if it is.
        runs: how many attempts were in the window.
        commits: of how many commits the files were read.
        locks: how many lock files were read.
        refused: GitHub shows nothing of it to this token.
        sign_on: it would, after single sign-on.
    """

    name: str
    rows: tuple[ExposureRow, ...] = ()
    faults: tuple[str, ...] = ()
    runs: int = 0
    commits: int = 0
    locks: int = 0
    refused: bool = False
    sign_on: bool = False

    @property
    def grade(self) -> ExposureGrade:
        """What the rows and faults come to."""
        found = [ExposureSign(ExposureGrade.UNKNOWN, fault) for fault in self.faults]
        return graded([*found, *(ExposureSign(row.grade, "") for row in self.rows)])


@dataclass(frozen=True, slots=True)
class Exposure:
    """The answer for all repositories.

    Attributes:
        asked: the versions and actions, as they were given.
        start: of the window.
        end: of the window.
        repositories: in the order in which they were named.
    """

    asked: tuple[str, ...]
    start: datetime
    end: datetime
    repositories: tuple[RepositoryExposure, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether GitHub shows nothing of what was named to this token."""
        return bool(self.repositories) and all(one.refused for one in self.repositories)

    @property
    def faults(self) -> bool:
        """Whether something is not known of a repository as a whole."""
        return any(one.faults for one in self.repositories)

    @property
    def sign_on(self) -> bool:
        """Whether single sign-on alone is what it takes."""
        return self.refused and all(one.sign_on for one in self.repositories)

    @property
    def grade(self) -> ExposureGrade:
        """The heaviest of the repositories; unknown where none was looked at."""
        if not self.repositories:
            return ExposureGrade.UNKNOWN
        return graded(ExposureSign(one.grade, "") for one in self.repositories)


@dataclass(frozen=True, slots=True)
class CommitFiles:
    """The files of a commit.

    Attributes:
        blobs: the digest of each file, by its path.
        texts: the content of those that are read, by path.
        unread: why a file was not read, by path.
        mixed: the two sides of each file that git merged line by line.
        links: the paths of symbolic links, of which each may lead to any other file or folder.
    """

    blobs: dict[str, str]
    texts: dict[str, bytes] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    mixed: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)
    links: set[str] = field(default_factory=set)
