"""What ends a command from outside."""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType

from hardenme.cli.terminal.console import Console
from hardenme.ground.exit_code import Exit
from hardenme.model.stop import Terminated


def stoppable(console: Console, work: Callable[[], int]) -> int:
    """Do the work; who stops it in its middle is told so, and gets the exit code that says it."""
    previous = signal.signal(signal.SIGTERM, _terminate)
    try:
        return work()
    except KeyboardInterrupt as stop:
        # The frame around this would not tell the two apart.
        terminated = isinstance(stop, Terminated)
        console.say("terminated" if terminated else "interrupted")
        return Exit.TERMINATED if terminated else Exit.INTERRUPTED
    finally:
        signal.signal(signal.SIGTERM, previous)


def _terminate(_number: int, _frame: FrameType | None) -> None:
    raise Terminated
