"""Texts of a user that are written down."""

from __future__ import annotations

from hardenme.model.secret import redact
from hardenme.model.text import visible

LONGEST_BY = 100
LONGEST_EVIDENCE = 500


class TextError(ValueError):
    """A text that must not be written down; the message says why."""


def clean(option: str, text: str, longest: int) -> str:
    """A text as it is written down: visible characters, no secret.

    Raises:
        TextError: it holds a token, or is too long.
    """
    if redact(text) != text:
        raise TextError(f"{option} holds what looks like a token or a password; leave it out")
    if len(text) > longest:
        raise TextError(f"{option} takes {longest} characters at most")
    return visible(text.strip(), longest=longest)
