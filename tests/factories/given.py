"""What the engine gives to every check, and what stands for something not known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from hardenme.model.fact import Every
from hardenme.model.given import Now, SafeVersions
from hardenme.model.profile import PROFILES
from hardenme.model.unknown import Reason, Unknown
from tests import moment

NOW = Now(moment.NOW)
SOLO, TEAM, STRICT = (PROFILES[name].limits for name in ("solo", "team", "strict"))
NONE_SAFE = SafeVersions(lambda _package, _tag, _version: "")
"""No version is known to be safe to move a tag to."""
MISSING = Unknown(Reason.MALFORMED, "the answer has to hold the key", "no such key")
"""A field that the answer did not hold."""
REFUSED = Unknown(Reason.NOT_PERMITTED, "the role repository admin", "403")
"""A fact that the token may not read."""
LOST = Unknown(Reason.INCOMPLETE, "every page of the list", "1 page of 2")
"""A list of which a page was lost."""


F = TypeVar("F")


def made(
    kind: Callable[..., F], place: Mapping[str, Any] | None = None, /, **given: Any
) -> Callable[..., F]:
    """What makes a fact that is in order, but for the fields that a test names.

    Args:
        kind: the fact, or a part of one.
        place: what it is about and where that belongs.
        given: its fields.
    """

    def factory(**overrides: Any) -> F:
        return kind(**{**(place or {}), **given, **overrides})

    return factory


def ago(days: float) -> datetime:
    """The moment that many days before `NOW`."""
    return NOW.time - timedelta(days=days)


def ahead(days: float) -> datetime:
    """The moment that many days after `NOW`."""
    return NOW.time + timedelta(days=days)


def every(*facts: Any, missing: Unknown | None = None) -> Every[Any]:
    """All facts of a list; `missing` tells why it is not whole."""
    return Every(facts, missing)
