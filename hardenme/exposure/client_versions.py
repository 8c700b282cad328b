"""Which versions of a client keep to which format of its lock file.

A client passes over a lock file in a format that it does not know, and resolves anew. So a lock
file decides only where each version of the client that may run is known to keep to it.

Sources: https://github.com/npm/cli/issues/1924, https://github.com/npm/cli/pull/4363 (`npm ci`);
https://github.com/pnpm/pnpm/issues/10908; https://github.com/oven-sh/bun/issues/17436 and
https://github.com/oven-sh/bun/pull/36458; what npm 6 to 11, pnpm 5 to 10, yarn 1 to 4 and bun 1.1
to 1.4 installed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import IntEnum

from hardenme.facts.npm.semver import Version
from hardenme.locks.ranges import VersionRange, spans


class Keeping(IntEnum):
    """How a client keeps to its lock file; the less, the lower."""

    NOT = 0
    """It may resolve anew."""
    UNSURE = 1
    """Some of the versions that it may be keep to it, and others may resolve anew."""
    FITTING = 2
    """It installs what the file lists, as far as that fits `package.json`."""
    EXACT = 3
    """It installs what the file lists, or nothing."""


def from_version(*numbers: int) -> Version:
    """The lowest version that begins with these numbers."""
    major, minor, patch = (*numbers, 0, 0, 0)[:3]
    return Version((major, minor), patch, stable=False)


ANY: VersionRange = (from_version(0), None)
"""A client of which the version is not known."""
YARN_1: VersionRange = (from_version(1), from_version(2))
NEW_NODE: VersionRange = (from_version(18), None)
"""What the newest Node.js, and the newest with long-term support, were in all runs that GitHub
still shows: https://nodejs.org/en/about/previous-releases."""
NEW_BUN: VersionRange = (from_version(1, 3), None)
"""The same of bun: https://bun.com/blog/bun-v1.3."""
ROWS = (
    # client, frozen, formats, from, below, how it keeps to them
    ("npm", True, "2 3", (7,), (8, 4, 1), Keeping.FITTING),
    ("npm", True, "1 2 3", (8, 4, 1), None, Keeping.EXACT),
    ("npm", False, "2 3", (7,), None, Keeping.FITTING),
    ("pnpm", True, "5 6 9", (0,), None, Keeping.EXACT),
    ("pnpm", False, "5", (5,), (8,), Keeping.FITTING),
    ("pnpm", False, "6", (8,), (9,), Keeping.FITTING),
    ("pnpm", False, "9", (9,), None, Keeping.FITTING),
    ("yarn", True, "1", (1,), (2,), Keeping.FITTING),
    ("yarn", True, "1 4 5 6 7 8 9 10", (2,), None, Keeping.EXACT),
    ("yarn", False, "1", (1,), (2,), Keeping.FITTING),
    ("yarn", False, "4", (2,), (3,), Keeping.FITTING),
    ("yarn", False, "6", (3, 2), (4,), Keeping.FITTING),
    ("yarn", False, "8", (4,), (4, 6), Keeping.FITTING),
    ("bun", True, "0 1 2", (1, 2), None, Keeping.EXACT),
    ("bun", False, "0 1", (1, 2), None, Keeping.FITTING),
    ("bun", False, "2", (1, 4), None, Keeping.FITTING),
)
"""By client, whether the lock file is to be frozen, and its format: from which version on and below
which it keeps to that. `npm ci` is to freeze it. What is not here may resolve anew."""
NPM_OF_NODE = (((15,), (7,)), ((18,), (8, 6)))
"""From which Node.js on it brings which npm: https://nodejs.org/en/about/previous-releases."""
CODE_NAMES = {"gallium": "16", "hydrogen": "18", "iron": "20", "jod": "22", "krypton": "24"}
"""The names of lines of Node.js with long-term support."""
NEWEST = frozenset({"lts/*", "lts", "latest", "current", "node", "stable"})
"""Words for the newest version."""
OF_IMAGE = re.compile(
    r"(?:.*/)?node(?::(?:(?P<version>\d+(?:\.\d+){0,2})(?:-[\w.-]+)?"
    r"|(?P<name>[a-z]+)(?:-(?:slim|[a-z]+(?:\d[\d.]*)?(?:-slim)?))?|(?P<odd>[\w.-]+)))?"
)
"""An official image of Node.js, with the version or the first name of its tag."""
MOVING = frozenset({"alpine", "bookworm", "bullseye", "current", "latest", "lts", "slim", "trixie"})
"""First names of tags that lead to the newest version, in all runs that GitHub still shows."""


def kept(client: str, form: str, versions: Iterable[VersionRange], *, frozen: bool) -> Keeping:
    """How a client keeps to a lock file, in whichever of the versions it has.

    Args:
        form: the version of the file's format.
        versions: one span for each that it may have; none if that is not known.
        frozen: the command has it keep to the file.
    """
    rows = [
        (from_version(*first), None if below is None else from_version(*below), keeping)
        for name, is_frozen, forms, first, below, keeping in ROWS
        if name == client and is_frozen is frozen and form in forms.split()
    ]
    return min((_covered(one, rows) for one in versions or (ANY,)), default=Keeping.NOT)


def _covered(
    span: VersionRange, rows: Sequence[tuple[Version, Version | None, Keeping]]
) -> Keeping:
    """The least that the rows say of a span, of which they may leave a part out."""
    at, end = span
    found, met = Keeping.EXACT, False
    for first, below, keeping in sorted(rows, key=lambda row: row[0]):
        if (below is not None and below <= at) or (end is not None and end <= first):
            continue
        if at < first:
            return Keeping.UNSURE
        found, met = min(found, keeping), True
        if below is None or (end is not None and end <= below):
            return found
        at = below
    return Keeping.UNSURE if met else Keeping.NOT


def node_versions(spec: str) -> list[VersionRange]:
    """The versions of Node.js that a wanted one can lead to; any if it is not understood."""
    text = spec.strip().lower().removeprefix("v")
    if text in NEWEST:
        return [NEW_NODE]
    text = CODE_NAMES.get(text.removeprefix("lts/"), text)
    return (spans(text) if text else None) or [ANY]


def image_versions(image: str) -> list[VersionRange]:
    """The versions of Node.js that an image has; any if it has none, or names none."""
    named = OF_IMAGE.fullmatch(image)
    if named is None or named["odd"]:
        return [ANY]
    if named["version"]:
        return node_versions(named["version"])
    name = named["name"] or "latest"
    return node_versions("latest" if name in MOVING else CODE_NAMES.get(name, ""))


def npm_of(node: VersionRange) -> VersionRange:
    """The versions of npm that come with versions of Node.js."""
    first, below = from_version(0), None
    for of_node, of_npm in NPM_OF_NODE:
        if node[0] >= from_version(*of_node):
            first = from_version(*of_npm)
        elif node[1] is not None and node[1] <= from_version(*of_node) and below is None:
            below = from_version(*of_npm)
    return first, below


def bun_versions(spec: str) -> list[VersionRange]:
    """The versions of bun that a wanted one can lead to; any if it is not understood."""
    text = spec.strip().lower().removeprefix("bun-").removeprefix("v")
    return [NEW_BUN] if text in {"latest", "canary"} else (spans(text) if text else None) or [ANY]
