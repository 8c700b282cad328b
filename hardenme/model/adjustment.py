"""The settings that change how a run judges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hardenme.model.severity import Severity


@dataclass(frozen=True, slots=True)
class Adjustment:
    """The severities and thresholds that one file sets, and the profile that it wishes for.

    Attributes:
        origin: the file, in words.
        trusted: whether it counts even where less is found by it. What a folder asks for that no
            one trusts counts where more is found by it, or what is found weighs more.
        severities: what a failure weighs, by the check's code.
        thresholds: the values, by the threshold's name.
        owners: those for the owners that a pattern fits, by the pattern.
        profile: by name; empty for none. What is trusted says it by `RunConfig.profile`.
    """

    origin: str
    trusted: bool = True
    severities: Mapping[str, Severity] = field(default_factory=dict)
    thresholds: Mapping[str, int] = field(default_factory=dict)
    owners: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    profile: str = ""
