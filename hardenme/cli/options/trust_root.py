"""Another trust root than Sigstore's public one, from a file that the user names."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Self

LONGEST = 1_000_000
"""Bytes; the public trust root has a hundredth of that."""


@dataclass(frozen=True, slots=True)
class TrustRoot:
    """What provenance is verified by in place of the public trust root.

    Attributes:
        path: the file, as it was named.
        text: what it holds.
    """

    path: str
    text: str

    @classmethod
    def read(cls, path: str) -> Self:
        """Read the file.

        Raises:
            ValueError: it cannot be read, or holds no JSON object.
        """
        try:
            with Path(path).expanduser().open("rb") as file:
                data = file.read(LONGEST + 1)
        except (OSError, RuntimeError):
            raise ValueError(f"--sigstore-trust-root names no file: {path}") from None
        try:
            text = data.decode() if len(data) <= LONGEST else ""
            if isinstance(json.loads(text), dict):
                return cls(path, text)
        except ValueError:
            pass
        raise ValueError(f"--sigstore-trust-root takes a trusted_root.json; {path} is none")
