"""From a run, new or kept, to the script and the table of a move."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self, TextIO

from hardenme.cli.audit.run import audited, prepare
from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.run_config import run_config
from hardenme.cli.output.delivery import STOPPED, Delivery
from hardenme.cli.output.forms import style_of
from hardenme.cli.stored.runs import Kept, latest, of_targets
from hardenme.cli.terminal.console import Console
from hardenme.config.table.result import OUTPUT
from hardenme.config.table.selection import LOCAL
from hardenme.engine.run_config import RunConfig
from hardenme.engine.target import Target
from hardenme.ground.errors import NoRunError, OutputError, UsageError
from hardenme.ground.exit_code import Exit
from hardenme.ground.files import PrivateFile
from hardenme.ground.names import FULL_NAME
from hardenme.model.report import Report
from hardenme.model.subject import Subject
from hardenme.reports.move.rows import Goal, MoveRows, PublisherClaims, new_row, rows_of
from hardenme.reports.move.screen import MoveShown, shown
from hardenme.reports.move.script import script
from hardenme.reports.move.table import MoveTable

KINDS = frozenset({"npm-package", "npm-scope"})
"""Targets that can be moved."""
SCRIPT, TABLE = ".sh", ".txt"
"""How the two files end."""
NO_GOAL = (
    "say where to: --to staged, where a person approves each release, or --to trusted, where the"
    " workflow publishes by itself"
)

UNSEEN = (
    "there is no package to move: the run saw none of {}. `hardenme people{}` lists what it saw"
)


@dataclass(frozen=True, slots=True)
class Moving:
    """What is moved, and where its files go.

    Attributes:
        targets: packages and scopes.
        claims: what the user named for all packages.
        file: the script.
        invented: the accounts are those of the demo.
    """

    given: OptionValues
    config: RunConfig
    targets: tuple[Target, ...]
    goal: Goal
    claims: PublisherClaims
    file: Path
    invented: bool = False

    @classmethod
    def of(
        cls, given: OptionValues, *, goal: str, repository: str, workflow: str, environment: str
    ) -> Self:
        """Read the options.

        Raises:
            UsageError: one is not of its form.
        """
        if goal not in set(Goal):
            raise UsageError(f"--to takes staged or trusted; not {goal!r}" if goal else NO_GOAL)
        if repository and not FULL_NAME.fullmatch(repository):
            raise UsageError(f"--repo takes OWNER/REPO; not {repository!r}")
        if workflow and ("/" in workflow or not workflow.endswith((".yml", ".yaml"))):
            raise UsageError(f"--workflow takes a file name like release.yml; not {workflow!r}")
        if environment != "-" and environment.startswith("-"):
            raise UsageError(f"--env takes a name, or - for none; not {environment!r}")
        file = Path(given[OUTPUT])
        if file.suffix != SCRIPT:
            raise UsageError(
                f"--output takes the name of a script, like move.sh; not {str(file)!r}"
            )
        config = run_config(given.but({LOCAL: False}))
        if wrong := [one.text for one in config.targets if one.kind not in KINDS]:
            raise UsageError(f"move takes npm:@SCOPE or npm:PACKAGE; not {wrong[0]!r}")
        claims = PublisherClaims(repository, workflow, environment)
        return cls(given, config, config.targets, Goal(goal), claims, file)

    def kept(self) -> Kept | None:
        """The newest kept run that saw all that is moved; None for none."""
        own = of_targets([one.text for one in self.targets], last=True)
        if own is not None and self._covers(own.report):
            return own
        try:
            last = latest()
        except NoRunError:
            return None
        return last if self._covers(last.report) else None

    def of_new(self, stdin: TextIO) -> int:
        """Write it from a new run."""
        self._free()
        run = prepare(self.given, self.config, Delivery("table"), stdin)
        with audited(run) as report:
            code = self.write(report)
            return STOPPED.get(report.partial, code)

    def _covers(self, report: Report) -> bool:
        """Whether a run saw each package that is named, and the packages of each scope.

        A run of `me` saw the packages that the account can change, and no other can be moved.
        """
        seen = {place.subject for place in report.inventory}
        return all(
            one.text in report.targets or ("me" in report.targets and any(_under(one, seen)))
            if one.kind == "npm-scope"
            else any(_under(one, seen))
            for one in self.targets
        )

    def _packages(self, report: Report) -> set[Subject]:
        """The packages of the report that are moved."""
        seen = {place.subject for place in report.inventory}
        return {subject for one in self.targets for subject in _under(one, seen)}

    def write(self, report: Report) -> int:
        """Write both files, and say what comes next."""
        packages = self._packages(report)
        found = rows_of(report, packages, self.goal, self.claims)
        known = {one.name for one in packages}
        new = tuple(
            new_row(one.name, self.goal, self.claims)
            for one in self.targets
            if one.kind == "npm-package" and one.name not in known
        )
        found = replace(found, rows=(*found.rows, *new))
        if not found.rows:
            raise UsageError(
                UNSEEN.format(" ".join(one.text for one in self.targets), " --demo" * self.invented)
            )
        self._put(found, report)
        told = MoveShown(
            report,
            found,
            tuple(row.package for row in new),
            _in_shell(self.file),
            _in_shell(self._table),
            invented=self.invented,
        )
        console: Console = self.given.console
        console.print(shown(told, style_of(console)))
        return Exit.CLEAN if all(row.complete for row in found.rows) else Exit.UNKNOWN

    def _put(self, found: MoveRows, report: Report) -> None:
        self._free()
        table = MoveTable(found, self.goal, report.started, _in_shell(self.file))
        PrivateFile(self._table).write(table.text())
        PrivateFile(self.file).write(script())

    @property
    def _table(self) -> Path:
        return self.file.with_suffix(TABLE)

    def _free(self) -> None:
        """See to it that no table is written over: it may hold answers.

        Raises:
            OutputError: there is one.
        """
        if self._table.exists():
            raise OutputError(
                f"{self._table} is there, and may hold your answers: name another script by"
                " --output, or delete it"
            )


def _under(target: Target, seen: Iterable[Subject]) -> Iterator[Subject]:
    """The packages among these that a target names."""
    for subject in seen:
        if (subject.provider, subject.kind) == ("npm", "package") and (
            subject.name == target.name
            if target.kind == "npm-package"
            else subject.name.startswith(f"@{target.name}/")
        ):
            yield subject


def _in_shell(path: Path) -> str:
    """A path as a word of a command; one that begins with a dash would be an option."""
    text = str(path)
    return shlex.quote(f"./{text}" if text.startswith("-") else text)
