"""The console script's entry.

It imports at first only what the interpreter has loaded already or is compiled into it. So little
time passes before Ctrl-C ends the program without a traceback.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # typeshed has none
import gc
import os
import sys

SELDOM = (20_000, 20, 50)
"""After how many new objects, and how many times that, is looked for what no one holds any more."""
STOPPED = frozenset({130, 143})
"""Exit codes of a run that was interrupted or terminated."""


def main() -> None:
    """Run the command line and exit with its code."""
    raises = _end_at_interrupt()
    # Nearly all that a run makes goes by itself: to look for the rest takes a tenth of its time.
    gc.set_threshold(*SELDOM)
    _leave_folder()
    # Imported here, so that `python -m` has left the working directory before.
    from hardenme.cli.main import run  # noqa: PLC0415
    from hardenme.cli.terminal.guards import guard  # noqa: PLC0415
    from hardenme.credentials.memory import forbid_core_dumps  # noqa: PLC0415

    forbid_core_dumps()
    guard()
    if raises:
        _signal.signal(_signal.SIGINT, _signal.default_int_handler)
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


def _end_at_interrupt() -> bool:
    """Have Ctrl-C end the process while it loads: there is nothing to clean up, and no traceback.

    An interrupt that the parent had ignored stays so. Returns whether it would raise otherwise.
    """
    raises = _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler
    if raises:
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    return raises


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
    import contextlib  # noqa: PLC0415 (the module's docstring)

    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, OSError, ValueError):
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    # `python -m` puts the working directory first, and a hostile one may hold a `requests.py`.
    if not sys.flags.safe_path:
        del sys.path[0]
    main()
