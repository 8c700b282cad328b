"""Whether a list is complete, so that a sentence about all of its members can be true."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Completeness:
    """What may be missing from a list.

    "Not in what was read" is not "no one": a sentence about everyone is made by `claim` alone.

    Attributes:
        gaps: what was not read, each with what it takes.
        left_out: what the user left out, like archived repositories; it asks for nothing.
    """

    gaps: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.gaps and not self.left_out

    def claim(self, universal: str, limited: str) -> str:
        """The sentence about everyone where the list is complete, else the one that says less.

        Args:
            universal: the claim about all that exist.
            limited: the claim about those that were seen.
        """
        return universal if self.complete else limited
