"""Answers that a person noted on the page and saved as a file: `attest` proposes them again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from hardenme.codec.text import parsed
from hardenme.codec.typed import Codec
from hardenme.codec.version import versioned
from hardenme.ground.errors import ContentError, UsageError
from hardenme.model.statement import Word, key_of
from hardenme.model.text import visible

VERSION = 1
LARGEST = 4 * 1024 * 1024
"""Bytes of a file of answers."""
Noted = Mapping[tuple[str, str], Word]
"""The answers, by check and subject."""


class NotedWord(StrEnum):
    """What can be noted."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class NotedAnswer:
    """One answer."""

    code: str
    subject: str
    answer: NotedWord


@dataclass(frozen=True, slots=True)
class _NotedAnswers:
    answers: tuple[NotedAnswer, ...]


def noted(path: str) -> Noted:
    """The answers of a file.

    Raises:
        UsageError: it cannot be read, or is not one that the page saved.
    """
    name = visible(path)
    try:
        with Path(path).open("rb") as file:
            text = file.read(LARGEST + 1)
        found = _read(text)
    except ContentError as error:
        raise UsageError(f"{name} does not hold answers that the page saved: {error}") from None
    except (OSError, ValueError) as error:
        # A file's name may hold what no file's name can.
        why = getattr(error, "strerror", None) or "no file has such a name"
        raise UsageError(f"{name} cannot be read: {why}") from None
    return {key_of(one.code, one.subject): Word(one.answer) for one in found}


def _read(text: bytes) -> tuple[NotedAnswer, ...]:
    if len(text) > LARGEST:
        raise ContentError("it is too large")
    return Codec().read(_NotedAnswers, versioned(parsed(text), VERSION)).answers
