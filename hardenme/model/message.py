"""A message that goes to people: in words that are safe to show where it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Form(StrEnum):
    """How the receiving end reads a text."""

    TEXT = "text"
    """Each character is literal."""
    MARKDOWN = "markdown"
    """Some dialect of Markdown: names are written as code spans."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent.

    Attributes:
        title: one line, the same for all forms; without secrets and hidden characters.
        lines: the text, line by line, in each form. No name in it becomes a link, a mention or
            markup, and it holds no secret. The most important line comes first, so that a target
            that accepts little gets the beginning.
        urgent: whether someone should look at once.
    """

    title: str
    lines: Mapping[Form, tuple[str, ...]]
    urgent: bool
