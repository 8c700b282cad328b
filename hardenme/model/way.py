"""What a way to publish starts from."""

from __future__ import annotations

from enum import StrEnum


class Way(StrEnum):
    """The kind of thing that a path starts from."""

    PERSON = "person"
    TEAM = "team"
    TOKEN = "token"  # noqa: S105 (a word)
    PUBLISHER = "trusted publisher"
    SECRET = "secret"  # noqa: S105 (a word)
