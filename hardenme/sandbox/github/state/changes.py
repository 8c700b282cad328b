"""What was done in a repository: pushes as GitHub took them, commits, runs of workflows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime  # a dataclass's field types are part of its interface
from typing import Literal

ActivityType = Literal[
    "push", "force_push", "branch_deletion", "branch_creation", "pr_merge", "merge_queue_merge"
]
NOWHERE = "0" * 40
"""The commit of a branch that is not there."""


def commit_id(*parts: object) -> str:
    """A made-up commit id, the same for the same parts."""
    return hashlib.sha256("@".join(map(str, parts)).encode()).hexdigest()[:40]


@dataclass(slots=True)
class Activity:
    """A change of a branch; `actor` None is an account that is gone."""

    id: int
    kind: ActivityType
    at: datetime
    ref: str
    before: str
    after: str
    actor: str | None


@dataclass(slots=True)
class Commit:
    """A commit of the default branch; its date is what its author says."""

    id: str
    at: datetime
    author: str | None
    paths: tuple[str, ...]


@dataclass(slots=True)
class JobStep:
    """A step of a job, as a run shows it."""

    name: str
    conclusion: Literal["success", "failure", "skipped", "cancelled"] = "success"


@dataclass(slots=True)
class RunJob:
    """A job of an attempt; without a log, that expired.

    Attributes:
        machine: the number of the machine that took it; 0 for none, None if it has steps.
        group: of that machine.
    """

    id: int
    name: str
    started: datetime
    ended: datetime
    steps: tuple[JobStep, ...] = ()
    conclusion: Literal["success", "failure", "skipped", "cancelled"] = "success"
    log: str | None = None
    machine: int | None = None
    group: str = "GitHub Actions"


@dataclass(slots=True)
class RunTry:
    """An attempt of a run."""

    started: datetime
    ended: datetime
    jobs: tuple[RunJob, ...] = ()


@dataclass(slots=True)
class Run:
    """A run of a workflow; `fork` is where its commit is from, empty for the repository itself.

    Its `head` is that commit; empty for the newest of its branch. Without attempts it has one, of
    no length. `called` are the reusable workflows that it used, each with its commit. `required_by`
    is the repository whose workflow a ruleset had it run; empty for its own. `number` is its place
    among the runs of its workflow; 0 where none of them was deleted.
    """

    id: int
    file: str
    event: str
    branch: str | None
    at: datetime
    actor: str | None
    name: str = "CI"
    fork: str = ""
    head: str = ""
    attempts: tuple[RunTry, ...] = ()
    called: tuple[tuple[str, str], ...] = ()
    required_by: str = ""
    number: int = 0

    @property
    def tries(self) -> tuple[RunTry, ...]:
        """Its attempts, one at least."""
        return self.attempts or (RunTry(self.at, self.at),)


@dataclass(slots=True)
class StoredCache:
    """What a run stored for later runs; `ref` is of what, like `refs/heads/main`."""

    id: int
    key: str
    ref: str
    created: datetime
    accessed: datetime


@dataclass(slots=True)
class PullMerge:
    """The commit that GitHub makes of a pull request's head and its base."""

    id: str
    base: str
    at: datetime


@dataclass(slots=True)
class Pull:
    """A pull request; `merge` is its merge commit while there is one.

    Its commit is `head`, before that it was each of `former_heads`. It began at `began`, which its
    base has as well. `retargeted`: its base was another branch once.
    """

    number: int
    created: datetime
    base: str
    head: str
    began: str = ""
    merge: PullMerge | None = None
    former_heads: tuple[str, ...] = ()
    retargeted: bool = False
