"""What an interrupted search left, and how the next one resumes it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from hardenme import __version__
from hardenme.cli.audit.run import PreparedRun
from hardenme.cli.exposed.question import ExposureQuestion
from hardenme.collectors.github.noting import NotingGitHub
from hardenme.ground import clock
from hardenme.ground.lock import lock
from hardenme.ground.places import state_folder
from hardenme.model.exposure import LookedAtRun, RepositoryExposure, RunAttempt
from hardenme.reports.plain import counted
from hardenme.store.exposure_journal import ExposureJournal
from hardenme.store.journal_head import JournalRun


@dataclass(frozen=True, slots=True)
class KeptRuns:
    """The runs of one repository that a search looked at.

    Attributes:
        find: an attempt that the interrupted search was done with.
        keep: keeps one for a later search.
    """

    find: Callable[[RunAttempt], LookedAtRun | None]
    keep: Callable[[LookedAtRun], None]


NONE_KEPT = KeptRuns(lambda _attempt: None, lambda _one: None)


@dataclass(slots=True)
class ResumableSearch:
    """A search that is under way, and what it keeps for a later one.

    Attributes:
        question: what is asked; a resumed search has the end of the window of the first one.
        whole: whether there is nothing left to ask.
    """

    question: ExposureQuestion
    whole: bool = False
    _journal: ExposureJournal | None = None

    @property
    def done(self) -> Mapping[str, RepositoryExposure]:
        """The repositories that the interrupted search was done with, by name."""
        return {} if self._journal is None else self._journal.done

    @property
    def kept(self) -> str:
        """How many repositories and runs a later search finds done; empty for none."""
        if self._journal is None:
            return ""
        found = [(self._journal.kept, "repository"), (self._journal.kept_runs, "run")]
        return " and ".join(counted(number, what) for number, what in found if number)

    def runs_of(self, name: str, github: NotingGitHub) -> KeptRuns:
        """The runs of a repository that were looked at; what an answer is lost for is not kept."""
        journal = self._journal
        if journal is None:
            return NONE_KEPT

        def find(attempt: RunAttempt) -> LookedAtRun | None:
            return journal.runs.get((name, attempt))

        def keep(one: LookedAtRun) -> None:
            if not github.lost:
                journal.put_run(one)

        return KeptRuns(find, keep)

    def put(self, one: RepositoryExposure, *, final: bool) -> None:
        """Keep a repository; `final` is whether asking again would show no more."""
        if self._journal is not None and final:
            self._journal.put(one)


@contextmanager
def resumable_search(question: ExposureQuestion, run: PreparedRun) -> Iterator[ResumableSearch]:
    """While it lasts, no one else searches for the same, and what is done is kept.

    Raises:
        LockedError: someone else does.
        StoredError: there is no search to resume, and that was asked for.
    """
    settings = _settings(question)
    name = hashlib.sha256(" ".join([*run.hosts, settings]).encode()).hexdigest()[:16]
    path = state_folder() / f"exposed-{name}.journal"
    bound = JournalRun(__version__, run.hosts, settings, tuple(run.tokens.secrets()))
    with lock(state_folder(), path.name):
        if run.resume:
            journal = ExposureJournal.resume(path, bound, clock.now())
            if question.still_bad:
                question = replace(question, end=journal.begun)
        else:
            try:
                journal = ExposureJournal.start(path, bound, question.asked)
            except OSError:
                # Where nothing can be kept, a search cannot be resumed, and is good all the same.
                yield ResumableSearch(question)
                return
        search = ResumableSearch(question, _journal=journal)
        try:
            yield search
        finally:
            keep = not search.whole and search.kept != ""
            journal.close(keep=keep)
            if keep:
                run.console.say(
                    f"{search.kept} done; within a day, the same command with --resume"
                    " continues there"
                )


def _settings(question: ExposureQuestion) -> str:
    """All that changes what is asked or judged; the end of a window, if one was given."""
    return json.dumps(
        {
            "things": sorted(map(str, question.things)),
            "start": question.start.isoformat(),
            "end": "" if question.still_bad else question.end.isoformat(),
            "targets": sorted(question.targets),
        }
    )
