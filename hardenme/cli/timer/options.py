"""The options of a run for a timer: what is kept, how often it runs, who is told that it did."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hardenme.cli.options.panels import TIMER
from hardenme.cli.terminal.console import Console

if TYPE_CHECKING:
    from hardenme.cli.options.audit import CheckOptions
    from hardenme.cli.timer.news import Wishes
    from hardenme.cli.timer.run import Reporting

HEARTBEAT = "HARDENME_HEARTBEAT"
"""The variable that holds the address of the heartbeat, which is a secret."""
Digest = Annotated[
    bool,
    typer.Option(
        "--digest",
        help="List every failed check, even if nothing changed: for example once a week, with a"
        " daily --quiet.",
        rich_help_panel=TIMER,
    ),
]
Keep = Annotated[
    int,
    typer.Option(
        "--keep",
        metavar="N",
        min=1,
        max=10000,
        help="How many reports are kept; the oldest go.",
        rich_help_panel=TIMER,
    ),
]
Interval = Annotated[
    str,
    typer.Option(
        "--interval",
        metavar="TIME",
        help="How often the timer runs: 5m, 12h, 7d, 1w. If left out, it is taken from"
        " earlier runs, and a week until then. After three of these without a complete run, doctor"
        " and the next run warn.",
        rich_help_panel=TIMER,
    ),
]
Heartbeat = Annotated[
    str,
    typer.Option(
        "--heartbeat",
        metavar="URL|FILE",
        help="Ask for this page, or write the time into this file, after a complete run and no"
        f" other; {HEARTBEAT} holds it as well.",
        rich_help_panel=TIMER,
    ),
]
Once = Annotated[
    bool,
    typer.Option(
        "--once",
        help="Show each alert once, and again only when it changes. What was shown is kept. The"
        " options below count with it.",
        rich_help_panel=TIMER,
    ),
]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a command line says of a run for a timer.

    Attributes:
        output_format: how what changed is shown.
        output: the file of the result; empty, or `-`, for standard output.
        quiet: nothing is printed where nothing changed.
        lines: with that, one line for each change.
        digest: list every failed check, even where nothing changed.
        keep: how many reports are kept.
        interval: how often it runs.
        heartbeat: the page or file that is the sign of life.
        notify_file: the file of those who are sent a message.
        evidence: messages hold what was seen.
        issue: the repository for whose issue the text is printed.
        standing: the format of the standing list; empty for the one of what changed.
    """

    output_format: str
    output: str
    quiet: bool
    digest: bool
    keep: int
    interval: str
    heartbeat: str
    notify_file: str
    evidence: bool
    issue: str = ""
    standing: str = ""
    lines: bool = False

    def hand(self, console: Console, options: CheckOptions) -> Reporting:
        """What takes the run's report.

        Raises:
            UsageError: an option is not of its form.
        """
        from hardenme.cli.timer.run import Reporting  # noqa: PLC0415 (start-up)

        return Reporting(console, options, self.wishes(console, options))

    def wishes(self, console: Console, options: CheckOptions) -> Wishes:
        """The same, checked before anything is asked.

        Raises:
            UsageError: one is not of its form.
        """
        from hardenme.cli.options.audit import UsageError  # noqa: PLC0415
        from hardenme.cli.options.durations import seconds  # noqa: PLC0415 (start-up)
        from hardenme.cli.output.delivery import Delivery  # noqa: PLC0415
        from hardenme.cli.timer.heartbeat import sign  # noqa: PLC0415
        from hardenme.cli.timer.news import FORMS, Wishes  # noqa: PLC0415
        from hardenme.cli.timer.notifications import addresses, repository  # noqa: PLC0415
        from hardenme.ground.names import FULL_NAME  # noqa: PLC0415

        if self.output_format not in FORMS:
            raise UsageError(
                f"--format takes one of: {', '.join(FORMS)}; not {self.output_format!r}"
            )
        if self.issue and not FULL_NAME.fullmatch(self.issue):
            raise UsageError(f"--issue takes OWNER/REPO; not {self.issue!r}")
        file = None if self.output in {"", "-"} else Path(self.output)
        return Wishes(
            delivery=Delivery(self.output_format, file, self.quiet, lines=self.lines),
            digest=self.digest,
            keep=self.keep,
            interval=seconds("--interval", self.interval),
            heartbeat=sign(self.heartbeat or console.environ.get(HEARTBEAT, ""), options.ca_file),
            addresses=addresses(console, self.notify_file),
            evidence=self.evidence,
            issue=repository(self.issue),
            standing=self.standing,
        )
