"""What is left behind where hardenme itself breaks: a traceback without values and secrets."""

from __future__ import annotations

import platform
import traceback
from collections.abc import Sequence
from pathlib import Path

from hardenme import __version__
from hardenme.ground import clock
from hardenme.ground.errors import OutputError
from hardenme.ground.files import PrivateFile
from hardenme.ground.places import state_folder
from hardenme.model.secret import redact


def record(error: BaseException, arguments: Sequence[str]) -> Path | None:
    """Write the crash file; returns where it is, None if it could not be written.

    It holds the traceback (no local variables), the arguments and the versions, all redacted.
    """
    now = clock.now()
    # `platform.platform()` starts `uname` with all variables of this process, tokens too.
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    text = "\n".join(
        (
            f"hardenme {__version__}, Python {platform.python_version()}, {system}",
            f"arguments: {list(arguments[1:])}",
            "".join(traceback.format_exception(error)),
        )
    )
    folder = state_folder()
    path = folder / f"crash-{now:%Y%m%dT%H%M%SZ}.txt"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        PrivateFile(path).write(redact(text))
    except (OSError, OutputError):
        return None
    return path
