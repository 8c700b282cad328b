"""How much GitHub's code scanning takes of a SARIF file.

Source: docs.github.com, "SARIF support for code scanning" and "SARIF results exceed one or more
limits", read on 2026-11-25. A file beyond a maximum is rejected as a whole. Of the results of a run
25,000 are accepted, and 5,000 are kept: the limit here is the lower one, so that none is lost.
"""

from __future__ import annotations

import sys
import zlib
from dataclasses import dataclass

TAGS = 20
"""Tags of a rule."""
DESCRIPTION = 1024
"""Characters of a rule's short or full description."""


@dataclass(frozen=True, slots=True)
class SarifLimits:
    """What is begun anew once it is reached.

    Attributes:
        results: results of a run.
        runs: runs of a file.
        weight: bytes of a file after gzip, from which no result is added.
    """

    results: int = 5_000
    runs: int = 20
    weight: int = 9_000_000


GITHUB = SarifLimits()
"""What code scanning takes. It refuses files of more than 10 MB; the rest is room for what a run
ends with, and for what the compression holds back."""
ONE_FILE = SarifLimits(runs=sys.maxsize, weight=sys.maxsize)
"""Runs as code scanning takes them, all in one file."""


class Scale:
    """Weighs a file while it is written: its bytes after gzip.

    It compresses in the fastest way, so that anyone who compresses it better gets fewer bytes.
    """

    def __init__(self) -> None:
        self._gzip = zlib.compressobj(level=1, wbits=31)
        self.weight = 0

    def put(self, text: str) -> str:
        """One more piece; returns it."""
        self.weight += len(self._gzip.compress(text.encode()))
        return text
