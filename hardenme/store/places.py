"""Where hardenme keeps files, by the platform's conventions."""

from __future__ import annotations

from pathlib import Path

import platformdirs

NAME = "hardenme"


def home() -> Path | None:
    """The user's home; None where there is none, as in a bare cron job."""
    try:
        return Path.home()
    except RuntimeError:
        return None


def cache_folder() -> Path:
    """Answers that were kept from before."""
    return Path(platformdirs.user_cache_dir(NAME, appauthor=False))


def state_folder() -> Path:
    """Locks and crash files."""
    return Path(platformdirs.user_state_dir(NAME, appauthor=False))
