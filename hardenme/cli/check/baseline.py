"""`hardenme check --baseline`: prints the changes since an earlier report before the checklist."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hardenme.cli.options.given import OptionValues
from hardenme.cli.output.delivery import Delivery, deliver
from hardenme.cli.output.delivery import show as deliver_only
from hardenme.cli.stored.history import NONE_STORED, previous
from hardenme.cli.stored.reports import STDIN, stored
from hardenme.cli.terminal.console import Console
from hardenme.config.table.result import BASELINE
from hardenme.config.table.selection import MEMBER, PLAN
from hardenme.drift import compare
from hardenme.drift.result import drift_code
from hardenme.engine.run_config import RunConfig
from hardenme.ground.errors import UsageError
from hardenme.ground.exit_code import Exit
from hardenme.ground.files import PrivateFile
from hardenme.model.report import Report
from hardenme.reports.drift import ABOVE, headline, render
from hardenme.reports.pseudonyms import shared

LAST = "last"
"""The last report that `hardenme report` stored."""
COUNTED = frozenset({Exit.CLEAN, Exit.FINDINGS, Exit.UNKNOWN})
"""Exit codes about the current state, which one about the changes replaces."""
OTHERS = "the last stored report is of other options: what both runs looked at is compared"


@dataclass(frozen=True, slots=True)
class Baseline:
    """Holds the report of a run against an earlier one, and shows both.

    Attributes:
        console: where it is printed.
        delivery: where the report goes, and how.
        before: the earlier report; None for the last one that was stored.
    """

    console: Console
    config: RunConfig
    delivery: Delivery
    before: Report | None

    @classmethod
    def of(cls, given: OptionValues, config: RunConfig, delivery: Delivery) -> Baseline:
        """The baseline that the user named. A file is read before anyone is asked.

        Raises:
            UsageError: it cannot be read, or does not go together with another option.
        """
        source = given[BASELINE]
        if given[MEMBER] or given[PLAN]:
            option = "--member" if given[MEMBER] else "--plan"
            raise UsageError(f"--baseline compares whole runs: leave out {option}")
        if source == STDIN:
            raise UsageError(f"--baseline takes a file, or {LAST}")
        before = None if source == LAST else stored(source, None)
        return cls(given.console, config, delivery, before)

    def show(self, report: Report, hosts: tuple[str, str], place: PrivateFile | None) -> int:
        """Show the changes, then the current state; returns the exit code about the changes.

        A report that cannot be compared is shown all the same.
        """
        before, delivery = self.before or self._last(report, hosts), self.delivery
        if before is None:
            self.console.say(NONE_STORED)
            deliver_only(self.console, report, delivery, place)
            return Exit.USAGE
        if delivery.names is not None:
            report = shared(report, delivery.names)
            before = before if before.redacted else shared(before, delivery.names)
            delivery = replace(delivery, names=None)
        drift = compare(before, report)
        if drift.incomparable:
            self.console.say(headline(drift))
            deliver_only(self.console, report, delivery, place)
            return Exit.USAGE
        form = ABOVE.get(delivery.output_format)
        if form is None:
            self.console.say(f"since the baseline: {headline(drift)}")
        else:
            on_screen = place is None
            text = render(
                drift,
                form,
                width=self.console.width,
                color=self.console.color and on_screen,
                quiet=delivery.quiet,
                ascii_only=self.console.ascii_only and on_screen,
            )
            delivery = replace(delivery, above=text)
        code = deliver(self.console, report, delivery, place)
        if code not in COUNTED:
            return code
        changed = drift_code(drift, report)
        unfinished = report.halted is not None or bool(report.partial)
        return code if changed is Exit.CLEAN and unfinished else changed

    def _last(self, report: Report, hosts: tuple[str, str]) -> Report | None:
        found = previous(self.config, hosts, report.identities)
        for problem in found.history.problems:
            self.console.say(problem)
        if found.report is not None and found.narrowed:
            self.console.say(OTHERS)
        return found.report
