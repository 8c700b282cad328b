"""The blast radius of each credential and account, over all packages that were looked at."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from hardenme.derive.publishing.tokens import ANY
from hardenme.model.publishing import BlastRadius, PackagePaths, PublishPath, State
from hardenme.model.way import Way


@dataclass(slots=True)
class _Found:
    """What was found about one credential so far."""

    path: PublishPath
    packages: dict[str, int | None] = field(default_factory=dict)
    unsure: bool = False


def reaches(
    packages: Iterable[PackagePaths], bounded: Collection[str] = ()
) -> tuple[BlastRadius, ...]:
    """What each can release, the widest first.

    A secret counts by its name alone, since no one is shown what it holds.

    Args:
        packages: with their paths.
        bounded: the keys of paths, like `token/3f9c`, that surely reach no other packages.
    """
    found: dict[tuple[Way, str], _Found] = {}
    for package in packages:
        for path in package.paths:
            if path.key == ANY or path.state is State.CLOSED:
                continue
            one = found.setdefault(_credential(path), _Found(path))
            if path.state is State.UNKNOWN:
                one.unsure = True
            if path.state is State.OPEN or path.way is Way.SECRET:
                one.packages[package.package] = package.weekly
    made = (_reach(one, one.path.key in bounded) for one in found.values() if one.packages)
    return tuple(sorted(made, key=_width))


def _credential(path: PublishPath) -> tuple[Way, str]:
    """What makes two paths one credential; npm gives a publisher another id in each package."""
    return path.way, path.name if path.way is Way.PUBLISHER else path.key


def _reach(found: _Found, bounded: bool) -> BlastRadius:  # noqa: FBT001 (what `at_least` is the opposite of)
    weekly = [count for count in found.packages.values() if count is not None]
    return BlastRadius(
        found.path.way,
        found.path.name,
        tuple(sorted(found.packages)),
        sum(weekly),
        at_least=found.unsure or not bounded or len(weekly) < len(found.packages),
    )


def _width(reach: BlastRadius) -> tuple[int, int, str, str]:
    return -len(reach.packages), -reach.weekly, reach.way.value, reach.name
