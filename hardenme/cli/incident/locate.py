"""Which incident is meant."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hardenme.cli.terminal.console import Console
from hardenme.ground import clock
from hardenme.ground.errors import OutputError, StoredError, UsageError
from hardenme.ground.places import state_folder
from hardenme.model.incident import COMMAND, DAY
from hardenme.store.incidents import Incident, Incidents, read

OPEN_ONE = f"Open one: {COMMAND} open {{0:{DAY}}}"
TORN = (
    "The last line of the record was not written to its end, and does not count: write down again"
    " what it was about."
)


@dataclass(frozen=True, slots=True)
class IncidentLocator:
    """What the user says of it.

    Attributes:
        name: its name; empty for the one that is open.
        folder: the folder that holds it; empty for the default one.
        demo: it is of the demo.
    """

    name: str = ""
    folder: str = ""
    demo: bool = False

    @property
    def option(self) -> str:
        """What the user gave to name it, as a command takes it again; with a space before it."""
        words = ["--demo"] if self.demo else []
        words += ["--name", self.name] if self.name else []
        words += ["--folder", self.folder] if self.folder else []
        return f" {shlex.join(words)}" if words else ""

    def find(self, console: Console) -> Incident:
        """The incident.

        Raises:
            UsageError: there is none, or more than one.
            UsageError: it cannot be used.
        """
        found = self._moved() if self.folder else self._kept(console)
        if found.torn:
            console.say(TORN)
        return found

    def find_open(self, console: Console) -> Incident:
        """The incident, which is not closed.

        Raises:
            UsageError: there is none, or more than one, or it is closed.
            UsageError: it cannot be used.
        """
        found = self.find(console)
        if found.closed is not None:
            raise UsageError(
                f"the incident {found.name} was closed at {found.closed:%Y-%m-%d %H:%M} UTC:"
                " nothing is added to it"
            )
        return found

    def _moved(self) -> Incident:
        found = read(Path(self.folder).absolute())
        if self.name not in {"", found.name}:
            raise UsageError(f"{self.folder} holds the incident {found.name}, not {self.name}")
        if found.head.demo is not self.demo:
            told = "is" if found.head.demo else "is not"
            raise UsageError(f"{self.folder} {told} an incident of the demo: see --demo")
        return found

    def _others(self, found: Sequence[Incident]) -> str:
        """The incidents that there are, and the command that shows one."""
        if not found:
            return ""
        words = ["hardenme", "incident", "status", "--name", found[0].name, *["--demo"] * self.demo]
        names = ", ".join(one.name for one in found)
        return f"; there is {names}: `{shlex.join(words)}`"

    def _kept(self, console: Console) -> Incident:
        there = Incidents(state_folder(), demo=self.demo).all()
        if self.name:
            named = [one for one in there.incidents if one.name.lower() == self.name.lower()]
            if named:
                return named[0]
            for why in there.unread:
                console.say(why)
            raise UsageError(f"no incident is called {self.name!r}{self._others(there.incidents)}")
        if len(there.open) == 1 and not there.unread:
            return there.open[0]
        for why in there.unread:
            console.say(why)
        if there.open:
            names = ", ".join(one.name for one in there.open)
            raise UsageError(f"say which incident, by --name: {names}")
        if there.unread:
            raise UsageError("no other incident is open")
        closed = ", ".join(one.name for one in there.incidents)
        also = f" Closed, to look at by --name: {closed}." if closed else ""
        demo = " --demo" if self.demo else ""
        # Nothing follows the command: a full stop would be pasted with it.
        raise UsageError(f"no incident is open.{also} {OPEN_ONE.format(clock.now())}{demo}")


@contextmanager
def writing(failed: str) -> Iterator[None]:
    """Begin the text of an error with what was not done, where the record cannot be written."""
    try:
        yield
    except (StoredError, OutputError) as error:
        raise StoredError(f"{failed}: {error}") from None
