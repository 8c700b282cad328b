"""What is to run, and when: the same for every form of a timer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

Every = Literal["week", "day"]
DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
"""The days of a week as cron and launchd number them, from 0."""
FIRST_HOUR, HOURS = 1, 5
"""Runs begin in these hours, when few people wait for their machine."""
SECONDS = {"week": 7 * 86400, "day": 86400}


@dataclass(frozen=True, slots=True)
class Moment:
    """When a run begins.

    Attributes:
        every: whether once a week or once a day.
        day: of the week, 0 for Sunday.
        hour: of the day, by the clock of where it runs.
        minute: never a round one: at those, everyone's timers run.
    """

    every: Every
    day: int
    hour: int
    minute: int

    @classmethod
    def of(cls, text: str, every: Every) -> Moment:
        """The moment for a text: always the same for one, spread over the hours for many."""
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
        seed, day = divmod(seed, len(DAYS))
        seed, hour = divmod(seed, HOURS)
        # Five minutes after the hour, half an hour, …: those in between are left.
        minute = (seed % 12) * 5 + 1 + (seed // 12) % 4
        return cls(every, day, hour + FIRST_HOUR, minute)


@dataclass(frozen=True, slots=True)
class ScheduledRun:
    """A run of `hardenme report` by a timer.

    Attributes:
        program: the absolute path of the console script.
        targets: as `Target.parse` takes them, so without blanks and quotes.
        version: of hardenme.
        home: the user's home; absolute.
        github: whether a GitHub token is of use.
        npm: whether an npm token is of use.
    """

    program: str
    targets: tuple[str, ...]
    moment: Moment
    version: str
    home: str
    github: bool
    npm: bool

    @property
    def key(self) -> str:
        """Distinguishes this job's files from those of other targets: 8 hex digits."""
        return hashlib.sha256(" ".join(self.targets).encode()).hexdigest()[:8]

    @property
    def name(self) -> str:
        """What its files are called."""
        return f"hardenme-report-{self.key}"

    @property
    def interval(self) -> str:
        """How often, as `hardenme report --interval` takes it."""
        return "7d" if self.moment.every == "week" else "1d"

    @property
    def anywhere(self) -> tuple[str, ...]:
        """The options of a run that does not look at the machine it is on."""
        return ("--no-local",) if "me" in self.targets else ()
