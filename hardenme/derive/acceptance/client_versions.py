"""What the written versions of npm and Node mean: a range, from the lowest to the highest.

Sources: npm's changelog and `engines`, and the versions of npm that Node's releases bundle.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hardenme.facts.github.release_job import BUNDLED

Number = tuple[int, int, int]
MOST: Number = (999, 999, 999)
OIDC: Number = (11, 5, 1)
"""The first npm of which the documentation says that it uses trusted publishing."""
STAGE: Number = (11, 15, 0)
"""The first npm with `npm stage`."""
BROKEN: Number = (12, 0, 0)
"""This one cannot publish with provenance: a module of it is missing."""
NODE_LEAST: Number = (22, 14, 0)
"""The lowest Node that npm's documentation of trusted publishing names."""
LATEST: Number = (12, 0, 1)
"""What `npm@latest` is at least."""
VERSION = re.compile(r"(?P<sign>[\^~]|>=)?v?(?P<numbers>\d+(?:\.(?:\d+|x|\*)){0,2})")
BUNDLES: tuple[tuple[Number, Number, Number], ...] = (
    ((0, 0, 0), (18, 0, 0), (9, 0, 0)),
    ((18, 0, 0), (20, 0, 0), (10, 9, 9)),
    ((20, 0, 0), (22, 0, 0), (10, 9, 9)),
    ((22, 0, 0), (23, 0, 0), (10, 9, 9)),
    ((23, 0, 0), (24, 0, 0), (11, 4, 0)),
    ((24, 0, 0), (24, 5, 0), (11, 4, 2)),
)
"""Releases of Node, from and below, with the highest npm that they bundle."""
BUNDLE_OIDC: Number = (24, 5, 0)
"""Node's releases 24 bundle an npm with trusted publishing from here on."""
LATE_24: Number = (24, 21, 0)
LATE: Number = (11, 19, 0)
"""A late release 24 of Node, and the npm that it bundles at least."""
ENGINES: tuple[tuple[Number, tuple[tuple[Number, Number], ...]], ...] = (
    ((12, 0, 0), (((22, 22, 2), (23, 0, 0)), ((24, 15, 0), (25, 0, 0)), ((26, 0, 0), MOST))),
    ((11, 0, 0), (((20, 17, 0), (21, 0, 0)), ((22, 9, 0), MOST))),
    ((10, 0, 0), (((18, 17, 0), (19, 0, 0)), ((20, 5, 0), MOST))),
)
"""The releases of Node on which a major version of npm can be installed."""
NEWEST_MINOR = {18: 20, 20: 20, 22: 23, 24: 21}
"""Of a major version of Node the minor that is at least its newest one."""


@dataclass(frozen=True, slots=True)
class VersionRange:
    """The versions that a written one can mean.

    Attributes:
        low: the lowest.
        high: the highest.
    """

    low: Number
    high: Number

    def reaches(self, least: Number) -> bool | None:
        """Whether it is that version or a later one; None if it may be either."""
        if self.low >= least:
            return True
        return False if self.high < least else None

    def within(self, ranges: tuple[tuple[Number, Number], ...]) -> bool | None:
        """Whether a version is in one of the ranges; None if it is in a part of one."""
        if any(low <= self.low and self.high < high for low, high in ranges):
            return True
        apart = all(self.high < low or self.low >= high for low, high in ranges)
        return False if apart else None


def written(text: str) -> VersionRange | None:
    """The versions that a text means; None if it is not understood, or floats."""
    found = VERSION.fullmatch(text.strip())
    if found is None:
        return None
    numbers = [int(part) for part in found["numbers"].split(".") if part.isdecimal()]
    low = _filled(numbers, 0)
    sign = found["sign"] or ""
    if sign == ">=":
        return VersionRange(low, MOST)
    if sign == "^":
        return VersionRange(low, (low[0], 999, 999))
    if sign == "~":
        return VersionRange(low, (low[0], low[1] if len(numbers) > 1 else 999, 999))
    return VersionRange(low, _filled(numbers, 999))


def _filled(numbers: list[int], rest: int) -> Number:
    first, second, third = [*numbers, rest, rest][:3] if len(numbers) < 3 else numbers  # noqa: PLR2004 (parts of a version)
    return first, second, third


def node(text: str) -> VersionRange | None:
    """The releases of Node that `node-version` means: a bare major is its newest one."""
    found = written(text)
    if found is None or found.high[1] != MOST[1] or found.low[1]:
        return found
    newest = NEWEST_MINOR.get(found.low[0])
    return found if newest is None else VersionRange((found.low[0], newest, 0), found.high)


def npm(text: str, on: str) -> VersionRange | None:
    """The versions of npm that publish; None if they are not known.

    Args:
        text: as a step installs it, or `bundled`.
        on: the version of Node, as written.
    """
    if text == BUNDLED:
        return _bundled(node(on))
    if text in {"latest", "next-12"}:
        return VersionRange(LATEST, MOST)
    major = re.fullmatch(r"(?:next-)?(\d+)", text)
    if major:
        number = int(major[1])
        # A bare major is its newest version.
        newest = {10: (10, 9, 0), 11: (11, 21, 0), 12: LATEST}.get(number, (number, 0, 0))
        return VersionRange(newest, (number, 999, 999))
    found = written(text)
    if found is not None and text.startswith(("^", "~", ">=")):
        # npm installs the newest version of a range.
        newest = {11: (11, 21, 0), 12: LATEST}.get(found.high[0], found.low)
        return VersionRange(max(found.low, newest if text[0] == "^" else found.low), found.high)
    return found


def _bundled(on: VersionRange | None) -> VersionRange | None:
    if on is None:
        return None
    for low, above, highest in BUNDLES:
        if low <= on.low and on.high < above:
            return VersionRange((0, 0, 0), highest)
    if on.low >= BUNDLE_OIDC and on.high < (25, 0, 0):
        return VersionRange(LATE if on.low >= LATE_24 else OIDC, (11, 999, 999))
    return None


def installs(version: VersionRange, on: VersionRange | None) -> bool | None:
    """Whether a version of npm can be installed on a Node; None if that is not known."""
    if on is None:
        return None
    for least, ranges in ENGINES:
        if version.low >= least:
            return on.within(ranges)
    return None
