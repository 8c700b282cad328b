"""Versions as npm orders them (Semantic Versioning 2.0.0)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

NUMBER = r"(?:0|[1-9]\d{0,15})"
VERSION = re.compile(
    rf"({NUMBER})\.({NUMBER})\.({NUMBER})"
    r"(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?",
    re.ASCII,
)
LONGEST = 256


class Version(NamedTuple):
    """A version that can be compared with others.

    Attributes:
        line: the first two numbers; versions that share them differ by a patch.
        patch: the third number.
        stable: it is not a prerelease; prereleases sort before it.
        prerelease: the parts of the rest: numbers come before words.
    """

    line: tuple[int, int]
    patch: int
    stable: bool
    prerelease: tuple[tuple[bool, int, str], ...] = ()


@lru_cache(maxsize=16_384)
def version(text: str) -> Version | None:
    """The version that a text is; None if npm would take it for none."""
    found = VERSION.fullmatch(text) if len(text) <= LONGEST else None
    if found is None:
        return None
    major, minor, patch, rest = found.groups()
    parts = rest.split(".") if rest else []
    return Version((int(major), int(minor)), int(patch), not rest, tuple(map(_part, parts)))


def _part(text: str) -> tuple[bool, int, str]:
    return (False, int(text), "") if text.isdecimal() else (True, 0, text)
