"""The versions of a form that are read. A form is identified by its version first."""

from __future__ import annotations

import re
from typing import Any

from hardenme.codec.shape import demand
from hardenme.ground.errors import ContentError, OtherVersionError

MINOR = re.compile(r"(?P<major>[0-9]{1,9})\.[0-9]{1,9}")


def demand_version(found: object, known: int) -> None:
    """See to it that a form is of the version that is known, a whole number.

    Args:
        found: as given in the object.
        known: what this hardenme writes, and alone reads.

    Raises:
        OtherVersionError: it is of another one.
        ContentError: it has none.
    """
    if type(found) is not int:
        raise ContentError("it does not say the version of its form")
    if found != known:
        raise OtherVersionError(
            f"its form is of version {found!s:.20}, and this hardenme reads version {known}"
        )


def versioned(raw: Any, known: int, key: str = "version") -> dict[str, Any]:
    """The other members of an object with a version.

    Args:
        raw: plain values of JSON.
        known: what this hardenme writes, and alone reads.

    Raises:
        OtherVersionError: it is of another version.
        ContentError: it is not an object, or has no version.
    """
    told = demand(dict, raw)
    demand_version(told.get(key), known)
    return {name: value for name, value in told.items() if name != key}


def demand_major(found: object, known: str, what: str) -> None:
    """The same for `MAJOR.MINOR`, of which a minor version only adds members.

    Raises:
        OtherVersionError: it is of another major version.
        ContentError: it has none.
    """
    match = MINOR.fullmatch(found) if isinstance(found, str) else None
    if match is None:
        raise ContentError(f"its `schema_version` is none of a hardenme {what}")
    major = known.partition(".")[0]
    if match["major"] != major:
        raise OtherVersionError(
            f"it is of version {found}, and this hardenme reads {what}s of version {major}.x"
        )
