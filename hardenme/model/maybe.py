"""Yes, no, and not known: how several answers are put together where some may be missing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hardenme.model.unknown import Unknown

# What is returned is a bool or an `Unknown`; a fact's field takes either, so that it is not typed.


def first_unknown(values: Iterable[Any]) -> Any:
    """The first that is unknown; None if all are known."""
    return next((value for value in values if isinstance(value, Unknown)), None)


def any_of(values: Iterable[Any]) -> Any:
    """Yes where one is; else unknown if one is unknown; else no."""
    seen = list(values)
    return True if True in seen else first_unknown(seen) or False


def all_of(values: Iterable[Any]) -> Any:
    """No where one is; else unknown if one is unknown; else yes."""
    seen = list(values)
    return False if False in seen else first_unknown(seen) or True


def negate(value: Any) -> Any:
    """The opposite of what is known."""
    return value if isinstance(value, Unknown) else not value


def when(condition: Any, value: Any, other: Any) -> Any:
    """A value under a condition; unknown if that is and makes a difference."""
    if isinstance(condition, Unknown):
        return other if value == other else condition
    return value if condition else other
