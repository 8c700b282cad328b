"""The forms that a setting's value can have."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from hardenme.config.names import is_check
from hardenme.model.severity import Severity

LONGEST = 1000
"""Characters of a text."""
MOST = 1000
"""Items of a list or a table."""
BIGGEST = 2**53
SEVERITY_WORDS = tuple(str(severity) for severity in Severity)


class Kind(StrEnum):
    """A form, by the words that an error names it with."""

    WORD = "a text"
    WORDS = "a list of texts"
    NUMBER = "a whole number"
    SWITCH = "true or false"
    SEVERITIES = "a table of severities by check"
    WAIVERS = "a list of tables, as [[waivers]] begins one"

    def wrong(self, value: Any) -> str:
        """What is wrong with a value; empty where it has this form. The value is never quoted."""
        match self:
            case Kind.WORD:
                return _word(value)
            case Kind.WORDS:
                if not isinstance(value, list) or len(value) > MOST:
                    return f"takes {self}"
                return next((why for item in value if (why := _word(item))), "")
            case Kind.NUMBER:
                whole = isinstance(value, int) and not isinstance(value, bool)
                return "" if whole and 0 <= value <= BIGGEST else f"takes {self}"
            case Kind.SWITCH:
                return "" if isinstance(value, bool) else f"takes {self}"
            case Kind.SEVERITIES:
                return _severities(value)
            case Kind.WAIVERS:
                tables = isinstance(value, list) and len(value) <= MOST
                whole = tables and all(isinstance(item, dict) for item in value)
                return "" if whole else f"takes {self}"


def _word(value: Any) -> str:
    if not isinstance(value, str):
        return "takes text, in quotes"
    if len(value) > LONGEST or not value.isprintable():
        return f"takes text of visible characters, {LONGEST} at most"
    return ""


def _severities(value: Any) -> str:
    if not isinstance(value, Mapping) or len(value) > MOST:
        return f"takes {Kind.SEVERITIES}"
    for check, severity in value.items():
        if not is_check(check):
            return "names something that is no check's code or slug"
        if severity not in SEVERITY_WORDS:
            return f"takes one of: {', '.join(SEVERITY_WORDS)}"
    return ""
