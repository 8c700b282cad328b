"""Texts of a user, or of a record: as they are written down, and as they are shown."""

from __future__ import annotations

from hardenme.ground.errors import UsageError
from hardenme.model.secret import redact
from hardenme.model.text import LONGEST, visible

LONGEST_BY = 100
LONGEST_EVIDENCE = 500


def shown(text: str, *, longest: int = LONGEST) -> str:
    """A text as it is shown: without secrets, and then in visible characters.

    Secrets go first: cutting or escaping could leave a part of one that is no longer recognised.
    """
    return visible(redact(text), longest=longest)


def clean(option: str, text: str, longest: int) -> str:
    """A text fit to store: visible characters, no secret.

    Raises:
        UsageError: it holds a token, or is too long.
    """
    if redact(text) != text:
        raise UsageError(f"{option} holds what looks like a token or a password; leave it out")
    if len(text) > longest:
        raise UsageError(f"{option} takes {longest} characters at most")
    return visible(text.strip(), longest=longest)
