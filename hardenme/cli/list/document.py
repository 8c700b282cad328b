"""Checks as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hardenme.model.check import Check
from hardenme.reports.printed import PrintedDocument, as_json
from hardenme.rights.described import DescribedCheck, described


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecksDocument(PrintedDocument):
    """Checks.

    Attributes:
        checks: in the order of their codes.
    """

    checks: tuple[DescribedCheck, ...]


def document(checks: Iterable[Check]) -> str:
    """The checks as JSON."""
    return as_json(ChecksDocument(checks=tuple(map(described, checks))))
