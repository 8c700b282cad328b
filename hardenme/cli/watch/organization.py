"""`hardenme watch github:`: one cycle over organizations and repositories, shown and sent."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlsplit

from hardenme import __version__
from hardenme.cli.audit.run import PreparedRun, audited, prepare
from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.run_config import run_config
from hardenme.cli.output.delivery import TABLE, Delivery
from hardenme.cli.output.forms import form_asked, show_form
from hardenme.cli.output.place import output_file
from hardenme.cli.terminal.console import Console
from hardenme.cli.timer.cycles import CycleEnding
from hardenme.cli.watch.cycle_request import with_turns
from hardenme.cli.watch.pace_options import REQUESTS
from hardenme.config.table.access import GITHUB_URL, NPM_REGISTRY
from hardenme.config.table.result import QUIET
from hardenme.config.table.selection import LOCAL, RATE_BUDGET
from hardenme.derive.recent import Hosts
from hardenme.drift.watch import CycleInput, blind_cycle, cycle, refused_cycle, turns_of
from hardenme.engine.run_config import RunConfig
from hardenme.ground import clock
from hardenme.ground.errors import HardenmeError, LockedError, StoredError, UsageError
from hardenme.ground.exit_code import Exit
from hardenme.ground.lock import lock
from hardenme.ground.places import state_folder
from hardenme.model.pages import web_url
from hardenme.model.watch import WatchCycle, WatchMemory
from hardenme.reports.watch import FORMS, CycleShown, render
from hardenme.store.series import Series
from hardenme.store.watch_memory import WatchMemoryFile

KINDS = frozenset({"github-owner", "github-repo"})
SITES = {"api.github.com": "github.com"}


@dataclass(frozen=True, slots=True)
class OrganizationWatch:
    """A watch of organizations and repositories.

    Attributes:
        console: where it is shown.
        given: the options.
        config: whom it asks about.
        delivery: the form, and where it goes.
        ending: who is sent what a cycle came to.
        brief: a cycle without news is one line.
    """

    console: Console
    given: OptionValues
    config: RunConfig
    delivery: Delivery
    ending: CycleEnding
    brief: bool = False

    @classmethod
    def of(cls, given: OptionValues, *, brief: bool) -> Self:
        """The watch that options ask for.

        Raises:
            UsageError: one is not of its form.
        """
        delivery = replace(form_asked(given, FORMS), quiet=given[QUIET])
        given = given.but({LOCAL: False, RATE_BUDGET: "off"})
        config = run_config(given)
        if given[REQUESTS] < 0:
            raise UsageError("--requests takes a number above 0")
        return cls(given.console, given, config, delivery, CycleEnding.of(given), brief)

    def cycle(self) -> int:
        """Look once; returns the exit code.

        Raises:
            LockedError: another cycle of the same watch is under way.
            StoredError: what the cycles before kept cannot be used.
        """
        file = WatchMemoryFile(state_folder(), self._series.folder)
        with lock(state_folder(), f"watch {self._series.folder}"):
            try:
                memory = file.load()
            except StoredError as error:
                refused = refused_cycle(clock.now(), str(error))
                self.ending.send_refusal(self._shown(refused), file)
                raise
            return self._ended(self._looked(memory), file)

    @property
    def _series(self) -> Series:
        targets = tuple(target.text for target in self.config.targets)
        hosts = (self.given[GITHUB_URL], self.given[NPM_REGISTRY])
        chosen = self.config.chosen
        return Series(targets, ("watch github", *hosts), f"{chosen.include} {chosen.exclude}")

    def _looked(self, memory: WatchMemory | None) -> WatchCycle:
        """Ask, and hold the answers against the cycles before."""
        requests = self.given[REQUESTS]
        config, turn = with_turns(self.config, memory, clock.now(), requests)
        try:
            run = prepare(self.given, config, replace(self.delivery, quiet=True), sys.stdin)
            with audited(run) as report:
                turns = turns_of(memory, turn, report.observed or report.started)
                given = CycleInput(turns, _hosts(run), requests)
                return cycle(memory, report, given)
        except (LockedError, UsageError):
            raise
        except HardenmeError as error:
            return blind_cycle(memory, clock.now().replace(microsecond=0), str(error))

    def _ended(self, found: WatchCycle, file: WatchMemoryFile) -> int:
        """Show, send and keep what a cycle came to.

        It is kept last: what a killed cycle did not send is shown and sent by the next one.
        """
        shown = self._shown(found)
        printed = self._show(shown)
        ended = self.ending.send_and_keep(shown, file)
        if Exit.USAGE in {ended, printed}:
            return Exit.USAGE
        return _code(found, ended or self.ending.beat(shown))

    def _shown(self, found: WatchCycle) -> CycleShown:
        targets = tuple(target.text for target in self.config.targets)
        return CycleShown(found, targets, (_site(self.given[GITHUB_URL]),), __version__)

    def _show(self, shown: CycleShown) -> Exit:
        if not shown.news and self.delivery.file is None:
            if self.delivery.quiet:
                return Exit.CLEAN
            if self.brief and self.delivery.output_format == TABLE:
                self.console.print(f"{shown.header.when}  {shown.sentence}\n")
                return Exit.CLEAN
        with output_file(self.delivery) as place:
            return show_form(
                self.console, replace(self.delivery, quiet=False), place, shown, render
            )


def _hosts(run: PreparedRun) -> Hosts:
    return Hosts(web_url(run.hosts[0]), run.hosts[1])


def _site(url: str) -> str:
    host = ""
    with suppress(ValueError):
        host = urlsplit(url).netloc
    return SITES.get(host, host) or "github.com"


def _code(found: WatchCycle, ended: Exit) -> Exit:
    """What the exit code says: a difference, then what is not known, then what was not sent."""
    if found.alerts:
        return Exit.FINDINGS
    if found.why_blind or found.not_read:
        return Exit.UNKNOWN
    return ended
