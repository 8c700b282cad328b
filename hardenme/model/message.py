"""A message that goes to people: in words that are safe to show where it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Form(StrEnum):
    """How the receiving end reads a text."""

    TEXT = "text"
    """Each character stands for itself."""
    MARKDOWN = "markdown"
    """Markdown of some kind: names stand in code spans."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent.

    Attributes:
        title: one line, the same for all forms; without secrets and hidden characters.
        lines: the text, line by line, in each form. Nothing in a name is a link, a mention or
            markup, and no secret is in it. The most important comes first, so that a sink that
            takes little gets the beginning.
        urgent: whether someone should look at once.
    """

    title: str
    lines: Mapping[Form, tuple[str, ...]]
    urgent: bool
