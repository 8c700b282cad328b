"""Reports in a state folder, as `hardenme report` stores them."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hardenme.cli.stored.history import read
from hardenme.model.finding import Finding
from hardenme.model.report import Identity, Report
from hardenme.reports import pieces
from hardenme.store.history import Draft, History
from hardenme.store.series import Series
from tests.reports.sample import report_of

FIRST = datetime(2026, 1, 5, 6, tzinfo=UTC)
WEEK = timedelta(days=7)
HOST, REGISTRY = "https://api.github.example.test", "https://registry.example.test"
SERIES = Series(("github:acme",), (HOST, REGISTRY), "all")
KILLED = 99
"""The exit code of a child that was killed at a write."""


def login(name: str, *, host: str = HOST) -> Identity:
    return Identity("github", host, name, "classic", "HARDENME_GITHUB_TOKEN")


def report(week: int = 0, *findings: Finding, who: str = "ada", **more: Any) -> Report:
    """A report of the series, made in that week."""
    fixed = {"targets": SERIES.targets, "identities": (login(who),), "started": FIRST + week * WEEK}
    return replace(report_of(findings), **{**fixed, **more})


def history(state: Path, series: Series = SERIES) -> History:
    return History(state, series, read)


def put(state: Path, one: Report, *, keep: int = 60) -> Draft:
    """Store a report, as a run does."""
    place = history(state)
    place.last(one.identities)
    draft = place.draft(one, pieces(one, "json"))
    draft.keep(keep)
    return draft


def weeks(reports: Iterable[Report]) -> list[int]:
    """Which weeks reports are of."""
    return [(one.started - FIRST) // WEEK for one in reports]


def files(state: Path) -> list[Path]:
    """The stored reports, in their order."""
    return sorted((state / "history" / SERIES.folder).glob("2*.json"))


def child(work: Callable[[], object]) -> int:
    """Do it in a fork of this process, and tell how that ended; 1 for an exception."""
    with warnings.catch_warnings():
        # A worker of the test runner has a second thread; the child goes on without it.
        warnings.simplefilter("ignore", DeprecationWarning)
        number = os.fork()
    if number == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])


CHANGING = frozenset({"open", "os.mkdir", "os.rename", "os.remove", "os.chmod", "tempfile.mkstemp"})


def dying(at: int) -> Callable[[], None]:
    """Have this process die just before its so manieth step that changes a file."""
    count = 0
    fsync = os.fsync

    def step() -> None:
        nonlocal count
        count += 1
        if count == at:
            os._exit(KILLED)

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        reading = event == "open" and arguments[2] is not None and not arguments[2] & os.O_CREAT
        if event in CHANGING and not reading:
            step()

    def synced(handle: int) -> None:
        step()
        fsync(handle)
        step()

    os.fsync = synced
    sys.addaudithook(watch)
    return step


@contextmanager
def nobody() -> Iterator[None]:
    """While it lasts, this process has no more rights than others, and owns nothing."""
    if os.getuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
