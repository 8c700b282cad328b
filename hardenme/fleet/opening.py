"""Opens the place of a fleet's results, by its path or address."""

from __future__ import annotations

import re
from pathlib import Path

from hardenme.fleet.storage import FolderStorage, Storage

ADDRESS = re.compile(r"[^/\\]{2,}://")
"""How the address of an object store begins. A path of Windows has one letter before the colon."""


def storage_at(place: str) -> Storage:
    """The object store at an address, else the folder of this path. Nothing is asked yet.

    Raises:
        UsageError: the address is not one, or what opens it is not installed.
    """
    if not ADDRESS.match(place):
        return FolderStorage(Path(place))
    from hardenme.fleet.objects import object_storage  # noqa: PLC0415 (an extra, and start-up)

    return object_storage(place)
