"""Where hardenme keeps files, by the platform's conventions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import platformdirs

NAME = "hardenme"


NOWHERE = Path("/dev/null") / NAME
"""A path that cannot exist, for a user without a home folder, so that nothing is stored."""


def home() -> Path | None:
    """The user's home; None if there is none, as in a bare cron job.

    A relative one would be another in each working directory, and so a project's.
    """
    try:
        found = Path.home()
    except RuntimeError:
        return None
    return found if found.is_absolute() else None


def cache_folder() -> Path:
    """Answers that were kept from before."""
    return _folder(platformdirs.user_cache_dir)


def state_folder() -> Path:
    """Locks and crash files."""
    return _folder(platformdirs.user_state_dir)


def config_folder() -> Path:
    """The folder of the user's own configuration file."""
    return _folder(platformdirs.user_config_dir)


def _folder(of: Callable[..., str]) -> Path:
    try:
        folder = Path(of(NAME, appauthor=False))
    except RuntimeError:
        return NOWHERE
    # Some versions leave `~/.cache` as it is, which would make a folder called `~` right here.
    return folder if folder.is_absolute() else NOWHERE
