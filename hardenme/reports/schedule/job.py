"""What is to run, and when: the same for every form of a timer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

Every = Literal["week", "day"]
PACES = (5, 10, 15, 20, 30, 60)
"""Minutes between two cycles of a watch: each divides an hour, as a crontab needs it."""
HOUR = 60
SHORTEST_LIMIT = 10
"""Minutes after which a cycle is stopped, at the least: the first one reads everything."""
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
    """A run of `hardenme report`, or a cycle of `hardenme watch`, by a timer.

    Attributes:
        program: the absolute path of the console script.
        targets: as `Target.parse` takes them, so without blanks and quotes.
        version: of hardenme.
        home: the user's home; absolute.
        github: whether a GitHub token is of use.
        npm: whether an npm token is of use.
        pace: minutes between two cycles of a watch; 0 for a report.
        releases: packages are watched, which shows each alert once with an option alone.
    """

    program: str
    targets: tuple[str, ...]
    moment: Moment
    version: str
    home: str
    github: bool
    npm: bool
    pace: int = 0
    releases: bool = False

    @property
    def command(self) -> str:
        """Which command runs."""
        return "watch" if self.pace else "report"

    @property
    def words(self) -> tuple[str, ...]:
        """The command and its options, without what each kind of timer adds."""
        if not self.pace:
            return ("report", "--quiet", "--interval", self.interval)
        once = ("--once", "--interval", self.interval) if self.releases else ()
        return ("watch", "--quiet", *once)

    @property
    def subject(self) -> str:
        """What it shows, before its targets."""
        return "Changes, each once, in" if self.pace else "What changed about"

    @property
    def often(self) -> str:
        """How often it runs, in words."""
        if self.pace:
            return f"every {self.pace} minutes"
        return "once a week" if self.moment.every == "week" else "once a day"

    @property
    def offset(self) -> int:
        """The minute of an hour at which the first cycle of a watch begins."""
        return self.moment.minute % self.pace

    @property
    def limit(self) -> int:
        """Minutes after which a cycle of a watch is stopped."""
        return max(self.pace, SHORTEST_LIMIT)

    @property
    def key(self) -> str:
        """Distinguishes this job's files from those of other targets: 8 hex digits."""
        return hashlib.sha256(" ".join(self.targets).encode()).hexdigest()[:8]

    @property
    def name(self) -> str:
        """What its files are called."""
        return f"hardenme-{self.command}-{self.key}"

    @property
    def interval(self) -> str:
        """How often, as `--interval` takes it."""
        if self.pace:
            return f"{self.pace}m"
        return "7d" if self.moment.every == "week" else "1d"

    @property
    def anywhere(self) -> tuple[str, ...]:
        """The options of a run that does not look at the machine it is on."""
        return ("--no-local",) if "me" in self.targets and not self.pace else ()
