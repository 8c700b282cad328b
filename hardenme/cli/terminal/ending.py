"""Ends a command: an error, an interrupt or a signal becomes a line and an exit code."""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType

from hardenme.cli.terminal.console import Console
from hardenme.ground.errors import HardenmeError
from hardenme.ground.exit_code import Exit
from hardenme.model.stop import Terminated


def exit_code_of(console: Console, work: Callable[[], int]) -> int:
    """Do the work of a command, and return its exit code; SIGTERM ends it as Ctrl-C does.

    Every `HardenmeError` is caught here, and nowhere else to be printed: its text is one line.
    """
    previous = signal.signal(signal.SIGTERM, _terminate)
    try:
        return work()
    except HardenmeError as error:
        return say_error(console, error)
    except KeyboardInterrupt as stop:
        # The frame around this could not distinguish the two.
        terminated = isinstance(stop, Terminated)
        console.say("terminated" if terminated else "interrupted")
        return Exit.TERMINATED if terminated else Exit.INTERRUPTED
    finally:
        signal.signal(signal.SIGTERM, previous)


def say_error(console: Console, error: HardenmeError) -> Exit:
    """Print an error's lines, if what it means was not printed before; returns its exit code."""
    for line in (str(error), *error.more):
        if line:
            console.say(line)
    return error.exit_code


def _terminate(_number: int, _frame: FrameType | None) -> None:
    raise Terminated
