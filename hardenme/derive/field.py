"""Reads a field that may not be known, to hand it on as it is."""

from typing import Any

from hardenme.model.known import Known


def field(fact: Known, name: str) -> Any:
    """The field's value; where it is not known the `Unknown` itself, without raising."""
    return object.__getattribute__(fact, name)
