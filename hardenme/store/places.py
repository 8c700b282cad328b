"""Where hardenme keeps files, by the platform's conventions."""

from __future__ import annotations

from pathlib import Path

import platformdirs

NAME = "hardenme"


NOWHERE = Path("/dev/null") / NAME
"""A folder that cannot be: stands in where a user has no home, so that nothing is kept."""


def home() -> Path | None:
    """The user's home; None where there is none, as in a bare cron job."""
    try:
        return Path.home()
    except RuntimeError:
        return None


def cache_folder() -> Path:
    """Answers that were kept from before."""
    return _absolute(platformdirs.user_cache_dir(NAME, appauthor=False))


def state_folder() -> Path:
    """Locks and crash files."""
    return _absolute(platformdirs.user_state_dir(NAME, appauthor=False))


def _absolute(folder: str) -> Path:
    # Without a home, `~/.cache` stays as it is and would make a folder called `~` right here.
    return Path(folder) if Path(folder).is_absolute() else NOWHERE
