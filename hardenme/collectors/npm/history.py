"""Reads all releases of a package out of its full packument."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime, timedelta
from typing import Any

from hardenme.collectors.declared import read
from hardenme.collectors.npm.asking import place
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.reading import Item, all_known
from hardenme.facts.npm.history import PastRelease, ReleaseHistory
from hardenme.model.subject import Subject

NO_VERSIONS = frozenset({"created", "modified", "unpublished"})
"""Keys of `time` other than versions."""
SKEW = timedelta(days=1)
"""By how much clocks may differ."""


def published(item: Item, version: str, now: datetime) -> Any:
    """When a version was published; unknown if that is after the packument was read."""
    then: Any = item.item("time").moment(version)
    return item.odd("time") if isinstance(then, datetime) and then > now + SKEW else then


def history(npm: Npm, scope: Subject, item: Item, now: datetime) -> ReleaseHistory:
    """The releases of a packument that was read at that time."""
    times = {
        name: published(item, name, now)
        for name in item.item("time").data
        if name not in NO_VERSIONS
    }
    return ReleaseHistory(
        **place(npm, scope),
        **read(ReleaseHistory, item),
        releases=_releases(item, times),
        removed=_removed(item, times),
    )


def _removed(item: Item, times: dict[str, Any]) -> Any:
    if not times:
        return item.absent("time")
    shown = item.item("versions").data
    found = {name: then for name, then in times.items() if name not in shown}
    return all_known(found.values()) or found


def _releases(item: Item, times: dict[str, Any]) -> Any:
    """Oldest first. Where one of them has no time there is no order that could be relied on."""
    versions = item.data.get("versions")
    if not isinstance(versions, dict) or not versions:
        return item.odd("versions") if "versions" in item else item.absent("versions")
    if not times:
        return item.absent("time")
    shared = _Shared()
    found = []
    for name in versions:
        version = item.item("versions").item(name)
        if not version.data:
            return item.odd("versions")
        if name not in times or all_known([times[name]]):
            return item.absent("time") if name not in times else times[name]
        found.append(_release(name, version, times[name], shared))
    return tuple(sorted(found, key=lambda one: (one.published_at, one.version)))


def _release(name: str, version: Item, then: Any, shared: _Shared) -> PastRelease:
    told = {key: shared.value(value) for key, value in read(PastRelease, version).items()}
    return PastRelease(version=name, published_at=then, **told)


class _Shared:
    """Keeps one copy of values that many releases of a package share.

    A package with a thousand releases says most things a thousand times.
    """

    def __init__(self) -> None:
        self._first_seen: dict[Hashable, Any] = {}

    def value(self, value: Any) -> Any:
        """The same value, as it was seen first."""
        if isinstance(value, dict):
            return self._first_seen.setdefault(("dict", *sorted(value.items())), value)
        return self._first_seen.setdefault((type(value), value), value)
