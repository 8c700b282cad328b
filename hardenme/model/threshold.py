"""A threshold: a number that a check holds a fact against, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

OWN = "hardenme's own"
"""The source of a number that no published standard gives."""


class Stricter(StrEnum):
    """Which of two values of a threshold lets less pass."""

    LESS = "the lower"
    MORE = "the higher"
    NEITHER = "neither: it decides several checks, in different ways"


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A number that a check holds a fact against.

    Attributes:
        name: as files spell it; with `_` for `-` it is the field of `Limits`.
        unit: what is counted.
        what: what fails beyond it, or what it bounds.
        usual: the value, where a profile has no other.
        of_profile: the profiles that have another.
        source: the standard or the page that gives the number, by its own name.
        reason: why this number, in one sentence.
        stricter: which of two values lets less pass.
        bounds: the least and the greatest value that a file may set.
    """

    name: str
    unit: str
    what: str
    usual: int
    of_profile: Mapping[str, int] = field(default_factory=dict)
    source: str = OWN
    reason: str
    stricter: Stricter = Stricter.LESS
    bounds: tuple[int, int]

    @property
    def attribute(self) -> str:
        """The field of `Limits`."""
        return self.name.replace("-", "_")

    def of(self, profile: str) -> int:
        """The value in a profile."""
        return self.of_profile.get(profile, self.usual)

    def tightens(self, value: int, held: int) -> bool:
        """Whether a value lets less pass than the one that is held."""
        return value != held and (
            (self.stricter is Stricter.LESS and value < held)
            or (self.stricter is Stricter.MORE and value > held)
        )
