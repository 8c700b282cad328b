"""Reads the caches that runs of a repository left for later runs.

Source: https://docs.github.com/en/rest/actions/cache. A cache names its branch, and not the run
that wrote it. One that was deleted or evicted leaves no trace.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hardenme.collectors.github.asking import why_not_whole
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.reading import Item, all_known
from hardenme.facts.github.endpoints import CACHES
from hardenme.facts.github.environments import ACTIONS
from hardenme.model.exposure import RunCache
from hardenme.model.unknown import Unknown


def caches_since(github: GitHub, name: str, since: datetime) -> tuple[RunCache, ...] | Unknown:
    """The caches that were written from a time on, or why they are not known.

    Args:
        name: of the repository, with its owner.
    """
    listing = github.pages(CACHES.at(name), counted=CACHES.counted)
    missing = why_not_whole(listing, ACTIONS, github.kind)
    if missing is not None:
        return missing
    found: list[RunCache] = []
    for data in listing.items:
        item = Item(data, CACHES.source)
        key: Any = item.text("key")
        ref: Any = item.text("ref")
        created: Any = item.moment("created_at")
        accessed: Any = item.moment("last_accessed_at")
        missing = all_known((key, ref, created, accessed))
        if missing is not None:
            return missing
        if not ref.startswith("refs/"):
            return item.odd("ref")
        if created >= since:
            found.append(RunCache(key, ref, created, max(created, accessed)))
    return tuple(found)
