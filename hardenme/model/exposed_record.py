"""What a document of `hardenme exposed` comes to for an incident: what ran where, and its reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hardenme.model.exposure import ExposureGrade


@dataclass(frozen=True, slots=True)
class ExposedRow:
    """A run, or a file or folder of a machine. All of its texts are untrusted.

    Attributes:
        where: the repository or the machine.
        text: which run, or which version in which file.
        page: its address; empty if it has none.
        reach: what could be read there.
    """

    grade: ExposureGrade
    where: str
    text: str
    page: str = ""
    reach: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExposedRecord:
    """A document.

    Attributes:
        asked: the versions and actions.
        start: of the window.
        end: of the window.
        rows: every one, those of what was not read as a whole included.
    """

    asked: tuple[str, ...]
    start: datetime
    end: datetime
    rows: tuple[ExposedRow, ...] = ()
