"""Published standards, and how far the catalogue checks what they ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Support(StrEnum):
    """How far the catalogue checks a control."""

    COVERED = "covered"
    PARTLY = "partly"
    ATTESTED = "by attestation"
    NOT = "not covered"


@dataclass(frozen=True, slots=True)
class Control:
    """One thing that a standard asks for.

    Attributes:
        key: the standard's own number, like `OSPS-AC-01.01`.
        title: what it asks for, in our words.
        support: how far the checks answer it.
        checks: the codes of those that do, sorted; empty if it is not covered.
        gap: what of it no check sees; empty if all of it is checked.

    Raises:
        ValueError: the support and the checks, or the gap, do not go together.
    """

    key: str
    title: str
    support: Support
    checks: tuple[str, ...] = ()
    gap: str = ""

    def __post_init__(self) -> None:
        if (self.support is Support.NOT) == bool(self.checks):
            raise ValueError(f"{self.key}: a control is covered by checks, or not covered")
        if (self.support is Support.COVERED) == bool(self.gap):
            raise ValueError(f"{self.key}: what is not seen is named, unless all is covered")


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard that was published.

    Attributes:
        name: as `hardenme list --standard` takes it, like `osps`.
        title: its whole name.
        version: which version of it was read.
        page: where it is published.
        read: when it was read.
        controls: what it asks for, in its own order.
    """

    name: str
    title: str
    version: str
    page: str
    read: date
    controls: tuple[Control, ...]

    def of(self, code: str) -> tuple[Control, ...]:
        """The controls that a check supports."""
        return tuple(control for control in self.controls if code in control.checks)
