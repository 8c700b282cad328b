"""Ends a command: an error, an interrupt or a signal becomes a line and an exit code."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable
from types import FrameType

from hardenme.cli.terminal.console import Console
from hardenme.ground.errors import HardenmeError, UsageError
from hardenme.ground.exit_code import Exit
from hardenme.model.stop import Terminated

COMMAND = re.compile(r"(?:`|[:;,] |\bRun |\bin )hardenme [a-z]")
"""How a line names a command of ours."""


def exit_code_of(console: Console, work: Callable[[], int], path: str = "") -> int:
    """Do the work of a command, and return its exit code; SIGTERM ends it as Ctrl-C does.

    Every `HardenmeError` is caught here, and nowhere else to be printed: its text is one line.

    Args:
        path: the command as it was typed, like `hardenme auth login`. What it refuses names the
            next command: the help of this one, where the refusal names none itself.
    """
    previous = signal.signal(signal.SIGTERM, _terminate)
    try:
        return work()
    except HardenmeError as error:
        code = say_error(console, error)
        refused = isinstance(error, UsageError) and bool(path)
        if refused and not any(map(COMMAND.search, (str(error), *error.more))):
            console.say(f"`{path} --help` shows how")
        return code
    except KeyboardInterrupt as stop:
        # The frame around this could not distinguish the two.
        terminated = isinstance(stop, Terminated)
        console.say("terminated" if terminated else "interrupted")
        return Exit.TERMINATED if terminated else Exit.INTERRUPTED
    finally:
        signal.signal(signal.SIGTERM, previous)


def say_error(console: Console, error: HardenmeError) -> Exit:
    """Print an error's lines; returns its exit code."""
    for line in (str(error), *error.more):
        console.say(line)
    return error.exit_code


def _terminate(_number: int, _frame: FrameType | None) -> None:
    raise Terminated
