"""What an interrupted run left, and how the next one resumes it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hardenme import __version__
from hardenme.cli.audit.tokens import Tokens
from hardenme.engine.results import MemoryResultStore, ResultStore
from hardenme.engine.run_config import RunConfig
from hardenme.ground import clock
from hardenme.ground.places import state_folder
from hardenme.model.finding import Finding
from hardenme.model.inventory import Place
from hardenme.model.subject import Subject
from hardenme.store.journal import Journal
from hardenme.store.journal_head import JournalRun

LISTING = frozenset({"me", "github-owner"})
"""The kinds of target that lead to many repositories."""


class RunSession:
    """A run that is under way, and the store of its findings about repositories.

    Attributes:
        whole: whether the run ended normally, so that there is nothing to resume.
        kept: how many repositories a later run finds done.
        begun: when the run began that this one resumes; None if it resumes none.
    """

    def __init__(self, store: ResultStore) -> None:
        self.whole = False
        self._store = store
        self._unwritten = MemoryResultStore()
        self._not_written = set[Subject]()
        known = frozenset(store.known())
        self.kept = len(known)
        self.begun = store.begun if known and isinstance(store, Journal) else None

    @property
    def resumable(self) -> bool:
        """Whether a later run could resume what this one leaves."""
        return self.kept > 0 and isinstance(self._store, Journal)

    def put(
        self,
        repository: Subject,
        findings: tuple[Finding, ...],
        places: tuple[Place, ...] = (),
        *,
        final: bool,
    ) -> None:
        """Store the findings of a repository, and what was seen in it.

        Where a disk is full, a later run cannot resume from there, and this one is good all the
        same.
        """
        if not self._not_written:
            with suppress(OSError):
                self._store.put(repository, findings, places, final=final)
                self.kept += final
                return
        self._not_written.add(repository)
        self._unwritten.put(repository, findings, places, final=final)

    def get(self, repository: Subject) -> tuple[Finding, ...]:
        """Give the findings back."""
        return self._of(repository).get(repository)

    def places(self, repository: Subject) -> tuple[Place, ...]:
        """Give back what was seen."""
        return self._of(repository).places(repository)

    def known(self) -> Iterable[Subject]:
        """The repositories that an earlier run has done."""
        return self._store.known()

    def _of(self, repository: Subject) -> ResultStore:
        return self._unwritten if repository in self._not_written else self._store


@contextmanager
def resumable_run(
    config: RunConfig, tokens: Tokens, hosts: tuple[str, ...], *, resume: bool
) -> Iterator[RunSession]:
    """While it lasts, findings are kept where a later run finds them, if there may be many.

    Args:
        config: what the run asks.
        tokens: by which credentials.
        hosts: the addresses of GitHub's API and of the registry.
        resume: whether a stopped run of the same is continued.

    Raises:
        StoredError: there is no run to resume, and that was asked for.
    """
    many = any(target.kind in LISTING for target in config.targets) and config.accounts
    if not resume and not many:
        yield RunSession(MemoryResultStore())
        return
    run = JournalRun(__version__, hosts, _settings(config), tuple(tokens.secrets()))
    path, now = _path(config, hosts), clock.now()
    if resume:
        journal = Journal.resume(path, run, now)
    else:
        try:
            journal = Journal.start(path, run, now)
        except OSError:
            # Where nothing can be kept, a run cannot be resumed, and is good all the same.
            yield RunSession(MemoryResultStore())
            return
    session = RunSession(journal)
    try:
        yield session
    finally:
        journal.close(keep=not session.whole and session.resumable)


def _settings(config: RunConfig) -> str:
    """All that changes what is asked or judged."""
    chosen = config.chosen
    return json.dumps(
        {
            "targets": sorted(target.text for target in config.targets),
            "checks": sorted(check.code for check in config.selection.checks),
            "facts": sorted(kind.__qualname__ for kind in config.selection.facts),
            "depth": str(config.selection.depth),
            "profile": config.profile,
            "chosen": [chosen.include, chosen.exclude, chosen.archived],
            "adjusted": [repr(item) for item in config.adjustments],
        }
    )


def _path(config: RunConfig, hosts: tuple[str, ...]) -> Path:
    names = " ".join([*hosts, *sorted(target.text for target in config.targets)])
    return state_folder() / f"run-{hashlib.sha256(names.encode()).hexdigest()[:16]}.journal"
