"""Names that a registry tells, as parts of a path."""

from __future__ import annotations

from urllib.parse import quote

from hardenme.model.unknown import Reason, Unknown

LONGEST = 214
"""Characters of a name, by npm's own rule."""


def addressable(name: object) -> bool:
    """Whether a name can stand in a path as one part of it.

    One that climbs up the path would lead to another question; npm gives none like that.
    """
    if not isinstance(name, str) or name in {"", ".", ".."} or len(name) > LONGEST:
        return False
    # Half a surrogate pair is no character: no address can take it.
    return not any("\ud800" <= letter <= "\udfff" for letter in name)


def segment(name: str) -> str:
    """The name as one part of a path."""
    return quote(name, safe="")


def scope_of(package: str) -> str:
    """The scope of a package, without the `@`; empty for none that can be asked about."""
    scope, slash, _ = package.partition("/")
    name = scope.removeprefix("@")
    return name if slash and scope.startswith("@") and addressable(name) else ""


def no_name(what: str) -> Unknown:
    """The unknown that stands for an answer about something whose name cannot be asked for."""
    return Unknown(Reason.MALFORMED, f"a name of {what} that npm would give", "no such name")
