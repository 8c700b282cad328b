"""What SARIF and code scanning call the words of hardenme."""

from __future__ import annotations

from typing import Any

from hardenme.model.severity import Severity
from hardenme.reports.plain import flowing, plain

LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
"""SARIF 2.1.0 §3.27.10."""
SCORES = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.0",
}
"""`security-severity` as code scanning reads it: above 9.0 is critical, 7.0 to 8.9 high, 4.0 to 6.9
medium, 0.1 to 3.9 low. Anything else means no security severity, which fits info. Source:
docs.github.com, "SARIF support for code scanning", reportingDescriptor object."""
FIX = "Fix"


def message(text: str, *, longest: int | None = None) -> dict[str, Any]:
    """A message of plain text on one line, in which nothing is a link.

    SARIF reads `[text](address)` as a link in plain text, too (§3.11.6): a space breaks it.
    """
    shown = plain(flowing(text)).replace("](", "] (")
    if longest is not None and len(shown) > longest:
        shown = f"{shown[: longest - 1]}…"
    return {"text": shown}


def sentence(text: str) -> str:
    """The text, ending as a sentence does."""
    stripped = text.rstrip()
    return stripped if stripped.endswith((".", "!", "?", ":")) else f"{stripped}."
