"""What earlier runs knew, and a later one could not read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hardenme.model.finding import Finding
from hardenme.model.inventory import Place


@dataclass(frozen=True, slots=True)
class LastKnown:
    """Goes from report to report, until it is known again: no change in between is missed.

    Attributes:
        findings: the last known outcomes of checks that this run could not decide.
        places: the last known items of lists that this run could not read to the end.
    """

    findings: Sequence[Finding] = ()
    places: Sequence[Place] = ()
