"""`hardenme recent --once`: each change is shown and sent once, run after run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Self

from hardenme import __version__
from hardenme.cli.options.given import OptionValues
from hardenme.cli.recent.window import WINDOW
from hardenme.cli.timer.cycles import CycleEnding
from hardenme.config.table.access import GITHUB_URL, NPM_REGISTRY
from hardenme.config.table.result import QUIET
from hardenme.drift.watch import NewChanges, blind_cycle, new_changes, refused_cycle
from hardenme.engine.run_config import RunConfig
from hardenme.ground import clock
from hardenme.ground.errors import (
    HardenmeError,
    LockedError,
    OutputError,
    StoredError,
    UsageError,
)
from hardenme.ground.exit_code import Exit
from hardenme.ground.lock import lock
from hardenme.ground.places import state_folder
from hardenme.model.recent import Recent
from hardenme.model.report import Report
from hardenme.model.watch import WatchCycle, WatchMemory
from hardenme.reports.recent import RecentView
from hardenme.reports.watch import CycleShown
from hardenme.store.series import Series
from hardenme.store.watch_memory import WatchMemoryFile


@dataclass(slots=True)
class RecentOnce:
    """What runs before have shown, and who is sent what they have not.

    Attributes:
        config: of the run.
        series: by what the file is named: the targets, the window and the depth.
        ending: who is sent what is new.
        quiet: print nothing if nothing is new.
        memory: what the runs before came to; None if there were none.
    """

    config: RunConfig
    series: str
    ending: CycleEnding
    quiet: bool = False
    memory: WatchMemory | None = None

    @classmethod
    def of(cls, given: OptionValues, config: RunConfig) -> Self:
        """What the options ask for.

        Raises:
            UsageError: one is not of its form.
        """
        chosen = config.chosen
        series = Series(
            tuple(target.text for target in config.targets),
            ("recent", given[GITHUB_URL], given[NPM_REGISTRY]),
            f"{chosen.include} {chosen.exclude} {config.selection.depth} {given[WINDOW]}",
        )
        return cls(config, f"recent-{series.folder}", CycleEnding.of(given), given[QUIET])

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the file for one run; one that fails counts as a run that could not look.

        Raises:
            LockedError: another run of the same targets is under way.
            StoredError: what the runs before kept cannot be used.
        """
        with lock(state_folder(), f"watch {self.series}"):
            try:
                self.memory = self._file.load()
            except StoredError as error:
                refused = refused_cycle(clock.now(), str(error))
                self.ending.send_refusal(self._shown(refused), self._file)
                raise
            try:
                yield
            except (LockedError, UsageError, OutputError):
                raise
            except HardenmeError as error:
                now = clock.now().replace(microsecond=0)
                blind = blind_cycle(self.memory, now, str(error))
                self.ending.send_and_keep(self._shown(blind), self._file)
                raise

    def new(self, found: Recent, report: Report) -> NewChanges:
        """What no run before has shown."""
        depth = self.config.selection.depth
        return new_changes(self.memory, found, report.inventory, depth)

    def prints(self, cycle: WatchCycle) -> bool:
        """Whether there is something to print."""
        return not self.quiet or self._shown(cycle).news

    def end(self, view: RecentView, cycle: WatchCycle) -> Exit:
        """Send and keep what a run came to, and give the sign that it could look."""
        shown = replace(self._shown(cycle), hosts=view.hosts, said=view.sentence)
        return self.ending.send_and_keep(shown, self._file) or self.ending.beat(shown)

    @property
    def _file(self) -> WatchMemoryFile:
        return WatchMemoryFile(state_folder(), self.series)

    def _shown(self, cycle: WatchCycle) -> CycleShown:
        targets = tuple(target.text for target in self.config.targets)
        return CycleShown(cycle, targets, (), __version__, "recent")
