"""Reads the JSON of lock files strictly: what two readers could take differently is refused."""

from __future__ import annotations

import json
import re
from typing import Any

from hardenme.ground.errors import ContentError

LARGEST = 32 * 1024 * 1024
"""Characters of a lock file that is read."""
CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?:\s|$)", re.MULTILINE)
"""What git leaves in a file that two branches changed."""
SPOKEN = re.compile(r'("(?:[^"\\\n]|\\.)*")|(//|/\*)|,(?=\s*[}\]])')


def checked_text(text: str) -> str:
    """A lock file's text, if it can be one.

    Raises:
        ContentError: it is too large, or holds a conflict of two branches.
    """
    if len(text) > LARGEST:
        raise ContentError(f"it is larger than {LARGEST // 1024 // 1024} MiB")
    if CONFLICT.search(text):
        raise ContentError("it holds a merge conflict")
    return text.removeprefix("\ufeff")


def read_json(text: str, *, trailing_commas: bool = False) -> dict[str, Any]:
    """The object that a file holds.

    Args:
        trailing_commas: a comma behind the last item is taken, as bun writes it.

    Raises:
        ContentError: it is not one, or has a name twice.
    """
    plain = checked_text(text)
    if trailing_commas:
        plain = SPOKEN.sub(_without_comma, plain)
    try:
        data = json.loads(plain, object_pairs_hook=_unique, parse_constant=_refused)
    except ContentError:
        raise
    except (ValueError, RecursionError) as error:
        raise ContentError("it is not valid JSON") from error
    if not isinstance(data, dict):
        raise ContentError("it is not an object")
    return data


def mapping(holder: dict[str, Any], key: str) -> dict[str, Any]:
    """An object within; empty where there is none.

    Raises:
        ContentError: it is something else.
    """
    value = holder.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ContentError(f"`{key}` is not an object")
    return value


def text_at(holder: dict[str, Any], key: str) -> str:
    """A text within; empty where there is none.

    Raises:
        ContentError: it is something else.
    """
    value = holder.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ContentError(f"`{key}` is not a text")
    return value


def texts(holder: dict[str, Any], *keys: str) -> dict[str, str]:
    """The texts of several objects within, by name.

    Raises:
        ContentError: one of them is something else.
    """
    found: dict[str, str] = {}
    for key in keys:
        part = mapping(holder, key)
        found.update((name, text_at(part, name)) for name in part)
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ContentError("it has the same name twice")
    return found


def _refused(constant: str) -> Any:
    raise ContentError(f"it holds {constant}, which is not JSON")


def _without_comma(found: re.Match[str]) -> str:
    if found[2]:
        raise ContentError("it holds a comment")
    return found[1] or ""
