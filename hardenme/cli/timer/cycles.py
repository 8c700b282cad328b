"""One look after it was shown: it is sent and kept, and a heartbeat is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from hardenme.cli.options.given import OptionValues
from hardenme.cli.terminal.console import Console
from hardenme.cli.timer.heartbeat import Page, Touched, sign
from hardenme.cli.timer.notifications import Addresses, addresses, deliver
from hardenme.config.table.access import CA_FILE
from hardenme.config.table.result import HEARTBEAT, HEARTBEAT_VARIABLE, NOTIFY_FILE
from hardenme.ground.errors import HardenmeError, OutputError
from hardenme.ground.exit_code import Exit
from hardenme.ground.places import state_folder
from hardenme.reports.watch import CycleShown, cycle_message
from hardenme.store.watch_memory import WatchMemoryFile


@dataclass(frozen=True, slots=True)
class CycleEnding:
    """Who is sent what a look came to.

    Attributes:
        console: where failures are printed.
        addresses: who is sent a message.
        heartbeat: the sign that a look was possible; None for none.
        ca_file: certificate authorities of notification targets; empty for the usual ones.
    """

    console: Console
    addresses: Addresses
    heartbeat: Page | Touched | None
    ca_file: str

    @classmethod
    def of(cls, given: OptionValues) -> Self:
        """What the options ask for.

        Raises:
            UsageError: one is not of its form.
        """
        beat = given[HEARTBEAT] or given.console.environ.get(HEARTBEAT_VARIABLE, "")
        return cls(
            given.console,
            addresses(given.console, given[NOTIFY_FILE]),
            sign(beat, given[CA_FILE]),
            given[CA_FILE],
        )

    def send_and_keep(self, shown: CycleShown, file: WatchMemoryFile) -> Exit:
        """Send it, then keep it: what a killed run did not send is sent by the next one."""
        sent = deliver(
            self.console,
            self.addresses,
            cycle_message(shown) if self.addresses else None,
            state_folder(),
            self.ca_file,
        ).complete
        try:
            file.keep(shown.cycle.memory)
        except OutputError as error:
            self.console.say(f"the next {shown.noun} shows the same again: {error}")
            return Exit.USAGE
        return Exit.CLEAN if sent else Exit.UNDELIVERED

    def send_refusal(self, shown: CycleShown, file: WatchMemoryFile) -> None:
        """Send once that a file cannot be used; later runs send what did not arrive.

        Args:
            shown: a look that was not possible.
            file: the one that is refused.
        """
        new = bool(self.addresses) and not file.refused
        message = cycle_message(shown) if new else None
        deliver(self.console, self.addresses, message, state_folder(), self.ca_file)
        file.note_refusal()

    def beat(self, shown: CycleShown) -> Exit:
        """Give the sign that a look was possible; none is given of one that was not."""
        if self.heartbeat is None or shown.cycle.why_blind:
            return Exit.CLEAN
        try:
            self.heartbeat.beat()
        except HardenmeError as error:
            self.console.say(
                f"the {shown.noun} could look, and its heartbeat did not arrive: {error}"
            )
            return Exit.UNDELIVERED
        return Exit.CLEAN
