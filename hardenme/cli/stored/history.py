"""The stored reports that a run follows on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from hardenme.engine.run_config import RunConfig
from hardenme.ground.places import state_folder
from hardenme.model.report import Identity, Report
from hardenme.reports.reading import load
from hardenme.store.history import History, other_series
from hardenme.store.series import Series

NONE_STORED = (
    "there is no stored report of these targets and this account; `hardenme report` stores one"
)


@dataclass(frozen=True, slots=True)
class Previous:
    """What a run compares with.

    Attributes:
        report: the last one; None if there is none.
        history: where this run's report belongs.
        narrowed: the report is of other options, which select other checks or repositories.
    """

    report: Report | None
    history: History
    narrowed: bool = False


def series_of(config: RunConfig, hosts: Sequence[str]) -> Series:
    """Which reports follow on each other: a watch has its own."""
    kind = () if config.accounts else ("watch",)
    targets = tuple(target.text for target in config.targets)
    return Series(targets, (*kind, *hosts), config.scope)


def previous(config: RunConfig, hosts: Sequence[str], identities: Sequence[Identity]) -> Previous:
    """The last report of the same targets, hosts and accounts.

    A run with the same options is preferred. Without one, the last with other options is better
    than none: what both of them looked at is compared.
    """
    series, state = series_of(config, hosts), state_folder()
    history = History(state, series, read)
    found = Previous(history.last(identities), history)
    if found.report is None:
        for folder in other_series(state, series):
            other = History(state, series, read, folder=folder)
            report = other.last(identities)
            history.problems += other.problems
            if report is not None:
                return replace(found, report=report, narrowed=True)
    return found


def read(file: BinaryIO) -> Report:
    """The report of a file.

    Raises:
        OtherVersionError: another version of hardenme reads it.
        ContentError: it holds no whole report.
    """
    return load(file)
