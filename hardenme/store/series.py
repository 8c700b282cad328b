"""Which reports follow on each other: those of the same targets, hosts and selection."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

SLUG = 40
"""Characters of the part of a folder's name that people read."""


@dataclass(frozen=True, slots=True)
class Series:
    """What reports have in common that follow on each other.

    Attributes:
        targets: as the user names them.
        hosts: the addresses that are asked.
        selection: all that changes what is looked at, as text.
    """

    targets: tuple[str, ...]
    hosts: tuple[str, ...]
    selection: str = ""

    @property
    def place(self) -> str:
        """The beginning of the folder's name, the same for every selection."""
        targets = folded(self.targets)
        slug = re.sub(r"[^a-z0-9]+", "-", " ".join(targets).lower()).strip("-")[:SLUG].strip("-")
        return f"{slug or 'report'}-{digest(targets, self.hosts)}"

    @property
    def folder(self) -> str:
        """The name of the folder in which they lie."""
        return f"{self.place}-{digest(self.selection)}"


def folded(targets: Iterable[str]) -> list[str]:
    """Targets in an order, and as GitHub takes them: its names have no case."""
    return sorted(one.lower() if one.startswith("github:") else one for one in targets)


def digest(*parts: object) -> str:
    """Eight hex digits that identify it."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:8]
