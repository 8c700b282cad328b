"""Who can publish a package: the paths by which it can be published, and how to close them.

All names in here come from a registry or from GitHub, and are untrusted text.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hardenme.model.acceptance import ReleaseWay
from hardenme.model.verdict import Fix
from hardenme.model.way import Way


class State(StrEnum):
    """Whether a release can be published by a path today."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Hop:
    """One station of a path, for a drawing.

    Attributes:
        kind: a word like `person`, `token`, `repository`, `workflow`, `environment`, `approval`.
        name: what is written on it.
    """

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class PublishPath:
    """One path by which a release can be published.

    Attributes:
        key: names the path within its package, stable over runs, like `token/3f9c`.
        way: what it starts from.
        name: whose it is, or what it is called.
        state: whether it is open.
        reason: why, in one sentence.
        intended: it is the path to keep: a person at the keyboard with 2FA, or a trusted publisher
            whose releases such a person approves.
        hops: the stations from its start to the package, for a drawing; the package left out.
        needed: what it takes to know, where the state is unknown.
    """

    key: str
    way: Way
    name: str
    state: State
    reason: str
    intended: bool = False
    hops: tuple[Hop, ...] = ()
    needed: str = ""


@dataclass(frozen=True, slots=True)
class ClosingStep:
    """Something to do that closes paths.

    Attributes:
        key: the same for a step that closes paths of several packages, like the end of a token.
        fix: what to do.
        closes: the keys of the paths that it closes.
        presence: npm asks for 2FA, so that a batch of them is spaced.
    """

    key: str
    fix: Fix
    closes: tuple[str, ...]
    presence: bool = False


@dataclass(frozen=True, slots=True)
class PackagePaths:
    """The paths of one package.

    Attributes:
        package: its name.
        weekly: downloads in the last week; None if they are not known.
        paths: all, those that matter most first: open, unknown, closed, then the intended one.
        steps: the smallest set that closes every open path but the intended one, in the order in
            which they are safe to take.
        unread: what was not read, one sentence each.
        releases: whether npm will accept the next release, by each way to release it.
    """

    package: str
    weekly: int | None
    paths: tuple[PublishPath, ...]
    steps: tuple[ClosingStep, ...] = ()
    unread: tuple[str, ...] = ()
    releases: tuple[ReleaseWay, ...] = ()

    def count(self, state: State) -> int:
        """How many paths are in a state, the intended one left out."""
        return sum(path.state is state and not path.intended for path in self.paths)


@dataclass(frozen=True, slots=True)
class BlastRadius:
    """The blast radius of one credential or account.

    Attributes:
        way: what it is.
        name: what it is called.
        packages: those that it can release, sorted.
        weekly: their downloads in the last week, as far as these are known.
        at_least: there may be more, of packages or of downloads, than is known.
    """

    way: Way
    name: str
    packages: tuple[str, ...]
    weekly: int
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Publishing:
    """Who can publish what, over all packages of a run.

    Attributes:
        packages: by name.
        reaches: the widest first.
    """

    packages: tuple[PackagePaths, ...]
    reaches: tuple[BlastRadius, ...] = ()
