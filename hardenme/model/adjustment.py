"""What settings change of how a run judges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hardenme.model.severity import Severity


@dataclass(frozen=True, slots=True)
class Adjustment:
    """The severities and thresholds that somebody sets.

    Attributes:
        origin: the file that says so, in words.
        severities: what a failure weighs, by the check's code.
        thresholds: the values, by the threshold's name.
    """

    origin: str = ""
    severities: Mapping[str, Severity] = field(default_factory=dict)
    thresholds: Mapping[str, int] = field(default_factory=dict)
