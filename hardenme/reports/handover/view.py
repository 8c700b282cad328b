"""What is shown about a person whose access ends."""

from __future__ import annotations

from dataclasses import dataclass

from hardenme.model.handover import Handover
from hardenme.reports.header import Header


@dataclass(frozen=True, slots=True)
class HandoverView:
    """What is shown.

    Attributes:
        run: whose run it is and how old; empty for one that was just made.
        version: the version of hardenme.
        header: who, where and when.
        partial: why it is incomplete; empty if it is.
        warnings: what a reader of the run has to know.
        notes: what the run did not look at as a whole, and what was left out of it.
    """

    found: Handover
    run: str
    version: str
    header: Header
    partial: str = ""
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
