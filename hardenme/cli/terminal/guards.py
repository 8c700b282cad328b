"""What Python and its libraries print by themselves, made to go the way of all other output.

A warning, an uncaught exception in a thread or a finalizer, and a library's log record without a
handler would go to standard error unchanged. Here each becomes one redacted line, with a crash file
if it is a fault.
"""

from __future__ import annotations

import sys
import threading
import warnings
from types import TracebackType

from hardenme.cli.terminal.console import Console


def guard() -> None:
    """See to it that nothing is printed past the console, for the rest of this process."""
    warnings.showwarning = _warned
    sys.excepthook = _uncaught
    threading.excepthook = _lost_in_thread
    sys.unraisablehook = _not_raised


def quiet_libraries() -> None:
    """Let a library's log record that no one listens to go nowhere, in place of standard error."""
    import logging  # noqa: PLC0415 (start-up is a feature)

    logging.lastResort = logging.NullHandler()
    logging.raiseExceptions = False
    root = logging.getLogger()
    if not root.handlers:
        # The first `logging.warning` of a library would set one up that writes there as it is.
        root.addHandler(logging.NullHandler())


def _warned(message: Warning | str, category: type[Warning], *_: object, **__: object) -> None:
    Console.here().say(f"{category.__name__}: {message}")


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    del kind, trace
    _tell(error)


def _lost_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None:
        _tell(args.exc_value)


def _not_raised(args: sys.UnraisableHookArgs) -> None:
    if args.exc_value is not None:
        _tell(args.exc_value)


def _tell(error: BaseException) -> None:
    from hardenme.cli.terminal.crash import record  # noqa: PLC0415 (start-up is a feature)

    where = record(error, sys.argv)
    hint = f"; what happened stands in {where}" if where else ""
    Console.here().say(
        f"this is a fault of hardenme: {type(error).__name__}{hint};"
        " please report it with that file"
    )
