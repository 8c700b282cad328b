"""The targets of a watch by their provider, and cycles that are repeated in the foreground."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Sequence

from hardenme.cli.options.durations import seconds
from hardenme.cli.options.given import OptionValues
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.ending import say_error
from hardenme.config.table.selection import TARGET
from hardenme.ground.errors import HardenmeError, UsageError
from hardenme.ground.exit_code import Exit

GITHUB = "github:"
LONGEST = 24 * 3600
"""Seconds between two cycles in the foreground, at most."""
WORST = (Exit.FINDINGS, Exit.USAGE, Exit.NO_CREDENTIAL, Exit.UNKNOWN)
"""Exit codes by what weighs most, where several targets are watched at once."""


def split_targets(given: OptionValues) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The targets on GitHub, and all others."""
    targets = tuple(given[TARGET])
    github = tuple(one for one in targets if one.startswith(GITHUB))
    return github, tuple(one for one in targets if one not in github)


def repeated(
    console: Console, cycles: Sequence[Callable[[], int]], every: str, *, stdin: bool
) -> int:
    """Run the cycles once, or again and again until Ctrl-C; returns the exit code.

    Args:
        console: where an error of one cycle is printed, so that the next one still comes.
        cycles: each looks once and returns its exit code.
        every: how far apart they are; empty for once.
        stdin: a token is read from standard input, which there is once.

    Raises:
        UsageError: the time is not of its form.
    """
    length = seconds("--every", every, LONGEST, "a day")
    if not length:
        return worst([one() for one in cycles])
    if stdin:
        raise UsageError("--every reads the token in each cycle, and --token-stdin holds it once")
    pause = threading.Event()
    while True:
        begun = time.monotonic()
        for one in cycles:
            try:
                one()
            except UsageError:
                raise
            except HardenmeError as error:
                say_error(console, error)
        # A cycle leaves objects that hold each other, connections among them. They are looked for
        # seldom in a run that ends: here they would be held for hours.
        gc.collect()
        pause.wait(max(0.0, length - (time.monotonic() - begun)))


def worst(codes: Sequence[int]) -> int:
    """The exit code that weighs most."""
    weighty = [code for code in WORST if code in codes]
    return weighty[0] if weighty else max(codes, default=Exit.CLEAN)
