"""Which tags are releases, and names that releases may get: invented from those that there are.

A ruleset has to keep the releases that come, and those of long ago, as well as the newest. So
patterns are compared with tags of every major version and of its trials, for each package whose
tags are seen, never against an example.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

VERSION = re.compile(
    r"(?P<lead>[^\d]*(?:\d+[^\d.]+)*)(?P<major>\d+)(?P<rest>(?:\.\d+)+(?:[-+.].*)?)"
)
"""A version with its prefix, like `v` or `web@`."""
NUMBERED = re.compile(r"(?P<lead>[^\d]*)(?P<major>\d+)(?P<rest>.*)")
"""A tag that only has a number, like `v4` or `2026-01-02`."""
LONGEST = 250
"""Characters of a name that is still read for a version; git's own bound is about the same."""
RELEASED = (".0.0", ".2.3", ".14.0-rc.1")
"""How invented versions go on after the major one; the last is a trial."""
FIRST = range(10)
"""Major versions that are invented whatever there is."""
AHEAD = 2
"""How many major versions after the newest."""
YEAR = 1000
"""From here on a major version is a year, and there are none of long ago."""


@dataclass(frozen=True, slots=True)
class Releases:
    """The release tags of a repository.

    Attributes:
        seen: those among the newest tags; all of these where none is a version.
        invented: further ones.
        leads: the prefixes before the number of a version, like `v`; none if there is no version.
    """

    seen: tuple[str, ...]
    invented: tuple[str, ...]
    leads: tuple[str, ...]


def releases(newest: tuple[str, ...]) -> Releases:
    """The release tags among the newest ones, and invented ones of their kind.

    A tag like `v4`, which is moved to each release of that number, is not a version: it has no dot.
    """
    versions = _read(newest, VERSION)
    found = versions or _read(newest, NUMBERED)
    leads = dict.fromkeys(match["lead"] for match in found)
    invented = [name for lead in leads for name in _of(lead, found, dotted=bool(versions))]
    seen = tuple(match.string for match in versions) or newest
    return Releases(
        seen,
        tuple(name for name in dict.fromkeys(invented) if name not in seen),
        tuple(leads) if versions else (),
    )


def _read(names: Iterable[str], pattern: re.Pattern[str]) -> list[re.Match[str]]:
    matches = (pattern.fullmatch(name) for name in names if len(name) <= LONGEST)
    return [match for match in matches if match is not None]


def _of(lead: str, found: list[re.Match[str]], *, dotted: bool) -> Iterator[str]:
    """Names that begin like that, of each major version."""
    same = [match for match in found if match["lead"] == lead]
    ends = RELEASED if dotted else tuple(dict.fromkeys(match["rest"] for match in same))
    for major in _majors({int(match["major"]) for match in same}):
        yield from (f"{lead}{major}{end}" for end in ends)


def _majors(seen: set[int]) -> list[int]:
    """The major versions of which there may be releases, now or later."""
    newest = max(seen)
    near = set(range(max(newest - AHEAD, 0), newest + AHEAD + 1))
    return sorted(seen | near | (set(FIRST) if newest < YEAR else set()))
