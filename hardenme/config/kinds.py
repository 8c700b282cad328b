"""The forms that a setting's value can have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import PurePath
from typing import Any

from hardenme.config.names import is_check, is_owner
from hardenme.model.severity import Severity

LONGEST = 1000
"""Characters of a text."""
MOST = 1000
"""Items of a list or a table."""
BIGGEST = 2**53
LONGEST_NAME = 60
"""Characters of a name up to which a similar one is looked for."""
SEVERITY_WORDS = tuple(str(severity) for severity in Severity)


class Kind(StrEnum):
    """A form, by the words that an error names it with."""

    WORD = "a text"
    WORDS = "a list of texts"
    NUMBER = "a whole number"
    SWITCH = "true or false"
    PATH = "an absolute path, or one that begins with ~/"
    FOLDERS = "a list of absolute paths, or such that begin with ~/"
    FILES = "a list of PROVIDER:PATH, each path absolute or beginning with ~/"
    SEVERITIES = "a table of severities by check"
    THRESHOLDS = "a table of whole numbers by threshold"
    OWNERS = "a table of thresholds by owner"
    WAIVERS = "a list of tables, as [[waivers]] begins one"

    def wrong(self, value: Any) -> str:
        """What is wrong with a value; empty if it has this form. The value is never quoted."""
        return _WRONG[self](value)


def _words(value: Any) -> str:
    if not isinstance(value, list) or len(value) > MOST:
        return f"takes {Kind.WORDS}"
    return next((why for item in value if (why := _word(item))), "")


def _number(value: Any) -> str:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return "" if whole and 0 <= value <= BIGGEST else f"takes {Kind.NUMBER}"


def _path(value: Any) -> str:
    return _word(value) or ("" if _fixed(value) else f"takes {Kind.PATH}")


def _folders(value: Any) -> str:
    return _words(value) or ("" if all(map(_fixed, value)) else f"takes {Kind.FOLDERS}")


def _token_files(value: Any) -> str:
    why = _words(value)
    fixed = not why and all(_fixed(item.partition(":")[2]) for item in value)
    return why or ("" if fixed else f"takes {Kind.FILES}")


def _waivers(value: Any) -> str:
    tables = isinstance(value, list) and len(value) <= MOST
    whole = tables and all(isinstance(item, dict) for item in value)
    return "" if whole else f"takes {Kind.WAIVERS}"


def _fixed(path: str) -> bool:
    """Whether it is the same from every working directory, which may be anyone's."""
    return path.startswith("~/") or PurePath(path).is_absolute()


def _word(value: Any) -> str:
    if not isinstance(value, str):
        return "takes text, in quotes"
    if len(value) > LONGEST or not value.isprintable():
        return f"takes text of visible characters, {LONGEST} at most"
    return ""


def _severities(value: Any) -> str:
    if not isinstance(value, Mapping) or len(value) > MOST:
        return f"takes {Kind.SEVERITIES}"
    for check, severity in value.items():
        if not is_check(check):
            return "names something that is not a check's code or slug"
        if severity not in SEVERITY_WORDS:
            return f"takes one of: {', '.join(SEVERITY_WORDS)}"
    return ""


def _thresholds(value: Any) -> str:
    if not isinstance(value, Mapping) or len(value) > MOST:
        return f"takes {Kind.THRESHOLDS}"
    from hardenme.model.thresholds import THRESHOLDS  # noqa: PLC0415 (start-up is a feature)

    for name, number in value.items():
        threshold = THRESHOLDS.get(name)
        if threshold is None:
            return _no_threshold(name)
        low, high = threshold.bounds
        if Kind.NUMBER.wrong(number) or not low <= number <= high:
            return f"takes for {name} a whole number from {low} to {high}"
    return ""


def _owners(value: Any) -> str:
    if not isinstance(value, Mapping) or len(value) > MOST:
        return f"takes {Kind.OWNERS}"
    for pattern, limits in value.items():
        if not is_owner(pattern):
            return "names something that is not an owner or a pattern, like acme, acme-* or @acme"
        if why := _thresholds(limits):
            return f"for {pattern} {why}"
    return ""


def _no_threshold(name: str) -> str:
    if name == "release-days":
        return "has no release-days: the setting since is the age of releases that are judged"
    import difflib  # noqa: PLC0415 (start-up is a feature)

    from hardenme.model.thresholds import THRESHOLDS  # noqa: PLC0415

    near = difflib.get_close_matches(name[:LONGEST_NAME], THRESHOLDS, 1)
    hint = f"; did you mean {near[0]}?" if near else "; `hardenme list --profiles` shows all"
    return f"names something that is not a threshold{hint}"


_WRONG: dict[Kind, Callable[[Any], str]] = {
    Kind.WORD: _word,
    Kind.WORDS: _words,
    Kind.NUMBER: _number,
    Kind.SWITCH: lambda value: "" if isinstance(value, bool) else f"takes {Kind.SWITCH}",
    Kind.PATH: _path,
    Kind.FOLDERS: _folders,
    Kind.FILES: _token_files,
    Kind.SEVERITIES: _severities,
    Kind.THRESHOLDS: _thresholds,
    Kind.OWNERS: _owners,
    Kind.WAIVERS: _waivers,
}
