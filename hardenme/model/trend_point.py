"""One report in a row of reports, in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hardenme.model.severity import Severity


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One report.

    Attributes:
        at: when it was made.
        failed: how many failures there were, by severity; accepted ones do not count.
        unknown: how many checks could not be decided.
        whole: whether the run went to its end.
    """

    at: datetime
    failed: Mapping[Severity, int]
    unknown: int
    whole: bool
