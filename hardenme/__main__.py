"""The console script's entry."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
from collections.abc import Iterator

SELDOM = (20_000, 20, 50)
"""After how many new objects, and how many times that, is looked for what no one holds any more."""
STOPPED = frozenset({130, 143})
"""Exit codes of a run that was interrupted or terminated."""


def main() -> None:
    """Run the command line and exit with its code."""
    # Nearly all that a run makes goes by itself: to look for the rest takes a tenth of its time.
    gc.set_threshold(*SELDOM)
    _leave_folder()
    with _interrupted_at_once():
        # Imported here, so that `python -m` has left the working directory before.
        from hardenme.cli.main import run  # noqa: PLC0415
        from hardenme.cli.terminal.guards import guard  # noqa: PLC0415
        from hardenme.credentials.memory import forbid_core_dumps  # noqa: PLC0415

        forbid_core_dumps()
        guard()
    try:
        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        # Just before or after what `run` looks after.
        code = 130
    if code in STOPPED:
        _leave(code)
    # All that is left goes with the process, and need not be looked through first.
    gc.freeze()
    sys.exit(code)


@contextlib.contextmanager
def _interrupted_at_once() -> Iterator[None]:
    """Have Ctrl-C end the process while it loads: there is nothing to clean up, and no traceback.

    An interrupt that the parent had ignored stays so.
    """
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _leave_folder() -> None:
    """Look for programs in no folder that depends on the working one, like `.` in PATH."""
    folders = os.environ.get("PATH", "").split(os.pathsep)
    # Not pathlib: under `python -m` the working directory may still hold one.
    fixed = [folder for folder in folders if os.path.isabs(folder)]  # noqa: PTH117
    if fixed != folders:
        # An empty PATH would mean the working directory again.
        os.environ["PATH"] = os.pathsep.join(fixed) or os.defpath


def _leave(code: int) -> None:
    """End now: workers may still wait for answers that no one wants any more."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, OSError, ValueError):
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    # `python -m` puts the working directory first, and a hostile one may hold a `requests.py`.
    if not sys.flags.safe_path:
        del sys.path[0]
    main()
