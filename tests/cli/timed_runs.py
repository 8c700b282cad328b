"""Runs for a timer, from a report that is made here to the exit code, with a real state folder."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.run_config import run_config
from hardenme.cli.terminal.console import Console
from hardenme.cli.timer.options import reporting
from hardenme.ground.files import PrivateFile
from hardenme.model.finding import Finding
from hardenme.model.report import Report
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Passed
from tests.reports.sample import finding, no_provenance, old_key, unprotected
from tests.store.stored import HOST, REGISTRY, report

FIXED: Mapping[str, Any] = {"targets": ("github:acme",), "workers": 4, "format": "table"}
HIGH = unprotected("web")
MEDIUM = old_key(7, "laptop")


def standing_in(console: Console, typed: Collection[str] = ()) -> Any:
    """What a command's options need of the command line: who speaks, and what was typed.

    Args:
        typed: the keys of the options that were.
    """
    source = {True: SimpleNamespace(name="COMMANDLINE"), False: SimpleNamespace(name="DEFAULT")}
    return SimpleNamespace(
        obj=console, meta={}, get_parameter_source=lambda key: source[key in typed]
    )


def unknown(of: Finding, reason: Reason = Reason.NOT_PERMITTED) -> Finding:
    """The same finding, where it could not be decided."""
    return finding(of.code, of.subject, Unknown(reason, "the right to read it"), within=of.within)


def passed(of: Finding) -> Finding:
    """The same finding, where all is well."""
    return finding(of.code, of.subject, Passed("all is well", {"a": 1}), within=of.within)


@dataclass(frozen=True, slots=True)
class Told:
    """What a run came to."""

    code: int
    out: str
    err: str


@dataclass(slots=True)
class Timer:
    """Runs what a timer would.

    Attributes:
        state: the state folder.
        environ: of the console.
    """

    state: Path
    environ: dict[str, str] = field(default_factory=lambda: {"COLUMNS": "80"})

    def run(self, made: Report, options: Mapping[str, Any] | None = None, **asked: Any) -> Told:
        """Take a report to its end."""
        console = Console(io.StringIO(), io.StringIO(), self.environ)
        chosen = {**FIXED, **(options or {})}
        given = OptionValues({**chosen, **asked}, standing_in(console, {*(options or {}), *asked}))
        timed = reporting(given, run_config(OptionValues(chosen)))
        file = timed.options.delivery.file
        place = PrivateFile(file) if file else None
        code = timed.store_and_show(made, (HOST, REGISTRY), place)
        assert isinstance(console.out, io.StringIO)
        assert isinstance(console.err, io.StringIO)
        return Told(int(code), console.out.getvalue(), console.err.getvalue())

    def week(self, number: int, *findings: Finding, **asked: Any) -> Told:
        """The run of a week, which finds this beside what is well."""
        return self.run(report(number, *findings, WELL), **asked)

    def reports(self) -> list[Path]:
        """What is stored, in its order."""
        return sorted((self.state / "history").glob("*/2*.json"))


WELL = passed(no_provenance("web"))
