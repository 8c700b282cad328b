"""The commits that runs of pull requests can have checked out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from hardenme.collectors.github.git_objects import GitObjects
from hardenme.collectors.github.pull_requests import (
    BranchPush,
    PullRequest,
    merge_base,
    pull_requests,
    pushes_to,
)
from hardenme.exposure.merging import merged
from hardenme.model.exposure import CommitFiles, RunAttempt
from hardenme.model.unknown import NotKnownError, Reason, Unknown

T = TypeVar("T")
MOST = 50
"""Commits of a base that are merged with one head."""


def _unread(why: str) -> NotKnownError:
    return NotKnownError(Unknown(Reason.INCOMPLETE, "the merge commit of the run", why))


@dataclass(slots=True)
class MergedFiles:
    """The files of merge commits of a repository; what several runs need is asked for once.

    Attributes:
        objects: reads the repository's commits.
        since: no run that is asked about was created before.
    """

    objects: GitObjects
    since: datetime
    _pulls: dict[str, tuple[PullRequest, ...] | Unknown] = field(default_factory=dict)
    _pushes: dict[str, tuple[BranchPush, ...] | Unknown] = field(default_factory=dict)

    def read_ahead(self, heads: Iterable[str]) -> None:
        """Ask for the pull requests of several commits, many to a query."""
        new = [one for one in dict.fromkeys(heads) if one not in self._pulls]
        if new:
            self._pulls |= pull_requests(self.objects.github, self.objects.name, new)

    def of(self, attempt: RunAttempt) -> Sequence[CommitFiles] | Unknown:
        """The files of each commit that a run can have checked out, or why they are not known."""
        self.read_ahead([attempt.commit])
        pulls = self._pulls[attempt.commit]
        if isinstance(pulls, Unknown):
            return pulls
        try:
            if not pulls:
                raise _unread("GitHub shows no pull request of its commit")
            return [files for pull in pulls for files in self._of_pull(attempt, pull)]
        except NotKnownError as error:
            return error.unknown

    def _of_pull(self, attempt: RunAttempt, pull: PullRequest) -> Iterator[CommitFiles]:
        """What a run of a pull request can have checked out.

        Raises:
            NotKnownError: something that decides it was not read.
        """
        head, made = attempt.commit, pull.merge
        if made is not None and made.made <= attempt.created and made.parents[1:] == (head,):
            # It is the newest, and was there when the run was created.
            yield self._files(made.commit)
            return
        if pull.moved:
            raise _unread("its pull request was for another branch once")
        tips = self._tips(attempt, pull)
        began = _sure(merge_base(self.objects.github, self.objects.name, tips[-1], head))
        if began == head:
            raise _unread("its pull request was merged before it")
        yield self._files(head)
        # What came before the commit that both have in common is a part of the head.
        later = tips[tips.index(began) + 1 :] if began in tips else tips
        if began not in tips and pull.created < self.since:
            raise _unread("its pull request is older than what was read of its base")
        if len(later) > MOST:
            raise _unread(f"its base moved {len(later)} times in the meantime")
        self.objects.read_ahead([began, *later])
        for tip in later:
            yield merged(self._files(began), self._files(tip), self._files(head))

    def _tips(self, attempt: RunAttempt, pull: PullRequest) -> list[str]:
        """The commits that the base was at while the pull request waited for the run.

        Raises:
            NotKnownError: they are not all known.
        """
        if pull.base not in self._pushes:
            github, name = self.objects.github, self.objects.name
            self._pushes[pull.base] = pushes_to(github, name, pull.base, self.since)
        pushes: tuple[BranchPush, ...] = _sure(self._pushes[pull.base])
        if not pushes:
            raise _unread(f"GitHub shows no push to {pull.base}")
        if pushes[-1].after != pull.tip:
            raise _unread(f"GitHub does not show the newest push to {pull.base}")
        earlier = [one for one in pushes if one.at <= attempt.created]
        opened = [one for one in earlier if one.at <= pull.created]
        during = [one for one in earlier if one.at > pull.created]
        if any(one.kind not in {"push", "pr_merge", "merge_queue_merge"} for one in during):
            raise _unread(f"{pull.base} was rewritten in the meantime")
        first = opened[-1].after if opened else (during or pushes)[0].before
        return [first, *(one.after for one in during)]

    def _files(self, commit: str) -> CommitFiles:
        return _sure(self.objects.files(commit))


def _sure(value: T | Unknown) -> T:
    if isinstance(value, Unknown):
        raise NotKnownError(value)
    return value
