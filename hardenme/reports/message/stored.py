"""The commands that show more of a run: they name the file in which its report is stored."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stored:
    """Where reports are stored.

    Attributes:
        this: the file of this run's report, as a shell takes it; empty if it is not stored.
        earlier: the same of the report that it was compared with.
    """

    this: str = ""
    earlier: str = ""

    @property
    def show(self) -> str:
        """Shows the report."""
        return f"hardenme show {self.this}".rstrip()

    @property
    def diff(self) -> str:
        """Shows all that changed; empty if one of the two is not stored."""
        return f"hardenme diff {self.earlier} {self.this}" if self.earlier and self.this else ""

    def fix(self, step: str) -> str:
        """Shows a step in full."""
        return f"hardenme fix {step} {self.this}".rstrip()


NOT_STORED = Stored()
