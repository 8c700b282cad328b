"""Names that a registry tells, as parts of a path."""

from __future__ import annotations

from hardenme.facts.npm.names import addressable
from hardenme.model.unknown import Reason, Unknown


def scope_of(package: str) -> str:
    """The scope of a package, without the `@`; empty for none that can be asked about."""
    scope, slash, _ = package.partition("/")
    name = scope.removeprefix("@")
    return name if slash and scope.startswith("@") and addressable(name) else ""


def no_name(what: str) -> Unknown:
    """The unknown that stands for an answer about something whose name cannot be asked for."""
    return Unknown(Reason.MALFORMED, f"a name of {what} that npm would give", "no such name")
