"""What every command that shows a run prints of a world, from the check to the incident."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from tests.cli.command import Command

OF_A_RUN = (
    "show",
    "show --full",
    "show --unknown",
    "show --practices",
    "show --by repository",
    "show --by person",
    "show --by right",
    "show -f markdown",
    "show -f html",
    "show -f commands",
    "show --redact",
    "fix",
    "fix --lines",
    "fix -f markdown",
    "people",
    "runbook -f markdown",
    "runbook -f table",
    "attest",
    "diff last",
)
"""Commands about the run that was kept last; each has `--demo`."""
BAD_NIGHT = (
    "incident open night --from recent",
    "incident status",
    "incident status --full",
    "incident note called",
    "incident attest 1 --how page",
    "incident status",
)
"""An attack, from the frozen run to the first step that is done."""
ASKING = ("recent", "recent --full", "rehearse", "rehearse --full")
"""Commands that look anew; they take the same targets."""


@dataclass(slots=True)
class Screens:
    """One world's screens.

    Attributes:
        command: the console script, with a home of its own.
        targets: what is checked, as they are typed; none for the demo's accounts.
        columns: how wide the terminal is.
        printed: what each command printed, to both streams, by how it was typed.
    """

    command: Command
    targets: tuple[str, ...] = ()
    columns: int = 80
    printed: dict[str, str] = field(default_factory=dict[str, str])

    def type(self, line: str) -> str:
        """Type a command, and read what it prints."""
        if self.command.now is not None:
            # A kept run has its time in whole seconds.
            self.command.now += timedelta(minutes=1)
        ran = self.command(*shlex.split(line), COLUMNS=str(self.columns))
        text = self.printed[line] = ran.out + ran.err
        return text

    def all(self, asking: Iterable[str] = ASKING) -> Iterator[tuple[str, str]]:
        """Go through all of them, from the first check to an incident."""
        demo = "" if self.targets else " --demo"
        targets = shlex.join(self.targets)
        first = (f"check {targets}", f"report {targets}") if targets else ("demo", "report --demo")
        recent, *others = (f"{one} {targets}{demo}".rstrip() for one in asking)
        of_a_run = (f"{one}{demo}" for one in OF_A_RUN)
        bad_night = (f"{one}{demo}" for one in BAD_NIGHT)
        for line in ("", *first, first[0], *of_a_run, recent, *bad_night, *others, "doctor"):
            yield line, self.type(line)
