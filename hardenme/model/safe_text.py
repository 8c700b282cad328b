"""Finds out of many texts at once that they can be shown as they are."""

from __future__ import annotations

import json
from typing import Any

from hardenme.model.secret import redact


def is_safe_text(value: Any, longest: int) -> bool:
    """Whether no text in a value of JSON holds a secret or hides anything, or is too long.

    To look for secrets takes its time with each text, and nearly always there is nothing. Where
    this says no, each text has to be looked at by itself.

    Args:
        value: plain values, such as objects and lists of texts.
        longest: characters that a text may have.
    """
    text = json.dumps(value)
    # JSON puts a backslash before all that is not a plain letter, but for one character, `DEL`.
    if "\\" in text or not text.isprintable():
        return False
    return max(map(len, text.split('"'))) <= longest and redact(text) == text
