"""Reads a field that may not be known, to hand it on as it is."""

from hardenme.model.known import field

__all__ = ["field"]
