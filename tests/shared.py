"""What several processes of a run of the tests need, and the first that needs it makes for all."""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
LONGEST = 600.0
"""Seconds after which somebody who makes it no more is waited for."""


@dataclass(slots=True)
class Shared:
    """A folder of one run of the tests.

    Attributes:
        folder: None where the run is one process.
    """

    folder: Path | None = None

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What is made, by whoever comes first; the others read it."""
        if self.folder is None:
            return make()
        file = self.folder / f"{name}.pickle"
        try:
            self._claim(name).touch(exist_ok=False)
        except FileExistsError:
            end = time.monotonic() + LONGEST
            while not file.exists() and self._claim(name).exists() and time.monotonic() < end:
                time.sleep(0.05)
            if not file.exists():
                return make()
            found: T = pickle.loads(file.read_bytes())  # noqa: S301 (of this run, in its folder)
            return found
        try:
            made = make()
            written = file.with_suffix(".new")
            written.write_bytes(pickle.dumps(made))
            written.replace(file)
        except BaseException:
            # The next one tries it itself, and fails as this one did.
            self._claim(name).unlink()
            raise
        return made

    def _claim(self, name: str) -> Path:
        assert self.folder is not None
        return self.folder / f"{name}.making"


SHARED = Shared()
"""That of this run."""
