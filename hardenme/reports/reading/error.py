"""What is not a report that this version can read."""

from __future__ import annotations


class ReportError(ValueError):
    """A text that is not a report, or none that this version reads; it says why."""


class OtherVersionError(ReportError):
    """A report that another version of hardenme reads."""
