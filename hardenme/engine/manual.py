"""Which checks may come to a question that only a person can answer."""

from __future__ import annotations

from types import CodeType

from hardenme.model.check import Check
from hardenme.model.verdict import Manual


def asks(check: Check) -> bool:
    """Whether a check may come to a question for a person.

    It puts one itself, or a fact that it takes has one in place of what was not shown.
    """
    taken = (getattr(item.kind, "asked_by", "") for item in check.parameters)
    return _names(check.function.__code__, Manual.__name__) or check.code in taken


def _names(code: CodeType, name: str) -> bool:
    inner = (part for part in code.co_consts if isinstance(part, CodeType))
    return name in code.co_names or any(_names(part, name) for part in inner)
